#include "crawler/user_agent.h"

#include <algorithm>

#include "base/text.h"
#include "crawler/internal/printable.h"
#include "crawler/limits.h"
#include "crawler/target_url.h"

namespace crawlcard::crawler {
namespace {

bool IsTokenChar(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == '.';
}

// Enough of RFC 5322 to catch a slip: one @, a dot behind it, nothing that ends the comment.
bool IsMailAddress(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos) return false;
  const auto plain = [](char c) {
    return c > 0x20 && c < 0x7F && c != '(' && c != ')' && c != ',';
  };
  if (!std::all_of(text.begin(), text.end(), plain)) return false;
  const std::string_view domain = text.substr(at + 1);
  const std::size_t dot = domain.find('.');
  return domain.find('@') == std::string_view::npos && dot != std::string_view::npos && dot > 0 &&
         !domain.ends_with('.');
}

bool IsContactUrl(std::string_view text) {
  return TargetUrl::Parse(text).has_value() && AsciiPrefix(text) == text.size() &&
         text.find_first_of("()") == std::string_view::npos;
}

}  // namespace

Result<UserAgent> UserAgent::Make(std::string_view product, std::string_view version,
                                  std::string_view contact) {
  for (const std::string_view token : {product, version}) {
    if (token.empty() || !std::all_of(token.begin(), token.end(), IsTokenChar)) {
      return Fail(ErrorCode::kInvalidArgument, "no product token for a user agent: '{}'",
                  Printable(token, 80));
    }
  }
  std::string_view mail = contact;
  if (StartsWithIgnoreCase(mail, "mailto:")) mail.remove_prefix(7);
  const bool is_mail = IsMailAddress(mail);
  if (!is_mail && !IsContactUrl(contact)) {
    return Fail(ErrorCode::kInvalidArgument,
                "contact is neither a mail address nor an http(s) URL: '{}'",
                Printable(contact, 80));
  }
  UserAgent agent;
  agent.product_ = product;
  agent.text_ = fmt::format("{}/{} (+{}{})", product, version, is_mail ? "mailto:" : "",
                            is_mail ? mail : contact);
  if (agent.text_.size() > limits::kUserAgentBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, "user agent too long: {} bytes, limit {}",
                agent.text_.size(), limits::kUserAgentBytesMax);
  }
  return agent;
}

}  // namespace crawlcard::crawler
