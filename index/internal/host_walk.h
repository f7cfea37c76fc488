// index/internal/host_walk.h - every host of an index once, with what it had said and when.
//
// Key ranges side by side; what visitors found comes back in key order, so that nothing depends on
// the number of jobs. Pages are read only where a visitor asks how many there are.
//
// Thread rule: WalkHosts() runs its own threads; a visitor is one range's and thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/internal/host_history.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

// What a host weighs in the index: HTML answered with 200, a capture each time it was seen.
struct HostWeight {
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;  // of their payloads
};
using HostWeights = std::map<std::string, HostWeight, std::less<>>;  // by exact host

// What a visitor may ask while it looks at a group.
class GroupReader {
 public:
  virtual ~GroupReader() = default;
  virtual HostHistory& history() = 0;
  virtual BlobReader& blobs() = 0;
  // Reads the group's pages at the first call. Errors: kIo, kCorrupt.
  [[nodiscard]] virtual Result<const HostWeights*> Weights() = 0;
};

class GroupVisitor {
 public:
  virtual ~GroupVisitor() = default;
  // A group that has rows of `hosts`: all origins of the hosts that differ by "www" alone.
  [[nodiscard]] virtual Status OnGroup(GroupReader& group) = 0;
  // Nothing follows in this range; `good` is false when it could not be read to its end.
  [[nodiscard]] virtual Status OnEnd(bool /*good*/) { return {}; }
};

// `groups`: these alone, or all when empty. `make` is called once a range, in their order; ranges
// are begun in it, too.
[[nodiscard]] Result<std::vector<std::unique_ptr<GroupVisitor>>> WalkHosts(
    const Store::Impl& store, const FileTable& files, const std::vector<std::string>& groups,
    unsigned jobs, const std::function<std::unique_ptr<GroupVisitor>()>& make);

// "https://www.example.org" of the bytes that AppendOriginPrefix() makes.
std::string OriginText(std::string_view prefix);

}  // namespace crawlcard::index
