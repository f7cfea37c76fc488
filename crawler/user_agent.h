// crawler/user_agent.h - who asks, with a way to reach them: no crawl starts without one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard::crawler {

class UserAgent {
 public:
  // "PRODUCT/VERSION (+CONTACT)". `contact` is an http(s) URL or a mail address; a mail address
  // gets "mailto:" before it. `product` is the token that robots.txt groups are looked up by.
  // Errors: kInvalidArgument.
  [[nodiscard]] static Result<UserAgent> Make(std::string_view product, std::string_view version,
                                              std::string_view contact);

  const std::string& text() const { return text_; }
  const std::string& product() const { return product_; }

 private:
  std::string text_;
  std::string product_;
};

}  // namespace crawlcard::crawler
