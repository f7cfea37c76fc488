// index/takedown_table.h - which requests cover a URL: asked for each row, so it must cost nothing
// where there is none.
//
// Hosts, domains and URLs are hashed; prefixes are sorted, each knowing the next shorter one. A
// million requests take some 400 MB. A URL of a host without requests costs one look for each
// label of its host.
//
// Thread rule: immutable after Build().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/attributes.h"
#include "base/time.h"
#include "index/store.h"
#include "index/takedown.h"

namespace crawlcard::index {

class TakedownTable {
 public:
  TakedownTable() = default;
  // The same request in several ledgers counts once.
  explicit TakedownTable(std::vector<Takedown> requests);
  TakedownTable(const TakedownTable&) = delete;
  TakedownTable& operator=(const TakedownTable&) = delete;

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  // The earliest request (by date of receipt, then id) that covers the URL, or null. `host` is that
  // of the URL (page::HostOf). Requests received after `as_of` do not count; without it all do. An
  // empty URL asks about the host as a whole: requests for parts of it do not count.
  const Takedown* Find(std::string_view url, std::string_view host,
                       std::optional<UnixSeconds> as_of) const CRAWLCARD_LIFETIME_BOUND;

  // Appends every request that covers the URL, in the same order.
  void FindAll(std::string_view url, std::string_view host,
               std::vector<const Takedown*>& found_out) const;

  // The requests, by scope, what they cover, date and id.
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (const Entry& entry : entries_) visit(entry.request);
  }

 private:
  struct Entry {
    Takedown request;
    std::string key;  // host or address
  };
  // Entries of one scope and key.
  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Prefix {
    std::string_view address;
    Span span;
    std::int64_t shorter = -1;   // the longest other prefix of this one
    std::uint32_t earliest = 0;  // entry: of this and all shorter ones
  };
  struct HostSpan {
    Span whole;  // requests for the host
    bool has_parts = false;
  };

  static bool Before(const Takedown& a, const Takedown& b);
  void Place(Span span);
  void LinkPrefixes();
  const Prefix* LongestPrefix(std::string_view address) const;
  // Calls `visit` with the spans that cover the URL; prefixes as the longest one.
  template <class OnSpan, class OnPrefix>
  void Visit(std::string_view url, std::string_view host, const OnSpan& on_span,
             const OnPrefix& on_prefix) const;

  std::vector<Entry> entries_;
  // Keys are views of entries_.
  std::unordered_map<std::string_view, Span> urls_;
  std::unordered_map<std::string_view, Span> domains_;
  std::unordered_map<std::string, HostSpan> hosts_;
  std::vector<Prefix> prefixes_;  // by address
};

// Every request of the sealed ledgers of an index; with `known_by` those received by then. A store
// that is open for reading reads them once.
[[nodiscard]] Result<std::shared_ptr<const TakedownTable>> LoadTakedowns(
    const Store& store, std::optional<UnixSeconds> known_by = std::nullopt);

}  // namespace crawlcard::index
