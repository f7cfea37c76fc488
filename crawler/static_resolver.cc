#include "crawler/static_resolver.h"

#include <algorithm>

#include "base/text.h"
#include "crawler/internal/printable.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

// The next word of `line`, which moves on; empty at the end.
std::string_view NextWord(std::string_view& line) {
  line = TrimAscii(line);
  const auto* const end = std::find_if(line.begin(), line.end(), IsAsciiSpace);
  const std::string_view word = line.substr(0, static_cast<std::size_t>(end - line.begin()));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

void StaticResolver::Add(std::string_view host, const IpAddress& address) {
  std::vector<IpAddress>& addresses = table_[AsciiLowerCopy(host)].addresses;
  if (addresses.size() < limits::kAddressesMax) addresses.push_back(address);
}

Status StaticResolver::AddHosts(std::string_view text) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (++number > limits::kHostsTableLinesMax) {
      return Fail(ErrorCode::kTooLarge, "table of hosts too long: limit {} lines",
                  limits::kHostsTableLinesMax);
    }
    if (line.size() > limits::kHostsTableLineBytesMax) {
      return Fail(ErrorCode::kTooLarge, "line {} of the table of hosts: {} bytes, limit {}", number,
                  line.size(), limits::kHostsTableLineBytesMax);
    }
    line = line.substr(0, line.find('#'));
    const std::string_view first = NextWord(line);
    if (first.empty()) continue;
    const std::optional<IpAddress> address = IpAddress::Parse(first);
    std::string_view name = NextWord(line);
    if (!address || name.empty()) {
      return Fail(ErrorCode::kCorrupt, "line {} of the table of hosts is no 'ADDRESS NAME': '{}'",
                  number, Printable(first, 80));
    }
    for (; !name.empty(); name = NextWord(line)) Add(name, *address);
  }
  return {};
}

void StaticResolver::Resolve(const std::string& host, Done done) {
  const auto found = table_.find(host);
  if (found != table_.end()) {
    done(found->second);
  } else if (next_) {
    next_->Resolve(host, std::move(done));
  } else {
    done(Resolution{.error = FetchError::kNameNotFound, .addresses = {}});
  }
}

}  // namespace crawlcard::crawler
