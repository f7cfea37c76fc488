// crawler/static_resolver.h - names from a table: for tests, and for hosts given by the operator.
//
// Thread rule: network thread only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "crawler/resolver.h"

namespace crawlcard::crawler {

class StaticResolver final : public Resolver {
 public:
  // Names that the table does not hold go to `next`, or do not exist where there is none.
  explicit StaticResolver(std::unique_ptr<Resolver> next = nullptr) : next_(std::move(next)) {}

  // Adds an address behind those that `host` has; dropped beyond limits::kAddressesMax.
  void Add(std::string_view host, const IpAddress& address);

  // Lines "ADDRESS NAME [NAME...]" with "#" comments, as in /etc/hosts.
  // Errors: kCorrupt with the line; kTooLarge beyond limits::kHostsTableLinesMax and
  // limits::kHostsTableLineBytesMax.
  [[nodiscard]] Status AddHosts(std::string_view text);

  void Resolve(const std::string& host, Done done) override;

 private:
  std::unique_ptr<Resolver> next_;
  std::unordered_map<std::string, Resolution> table_;
};

}  // namespace crawlcard::crawler
