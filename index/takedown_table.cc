#include "index/takedown_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "index/internal/store_impl.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

bool IsOfUrl(TakedownScope scope) {
  return scope == TakedownScope::kUrl || scope == TakedownScope::kPrefix;
}

}  // namespace

bool TakedownTable::Before(const Takedown& a, const Takedown& b) {
  return std::tie(a.received, a.id) < std::tie(b.received, b.id);
}

TakedownTable::TakedownTable(std::vector<Takedown> requests) {
  entries_.reserve(requests.size());
  for (Takedown& request : requests) {
    std::string key = IsOfUrl(request.scope) ? AddressOf(request.value) : HostOf(request);
    if (!key.empty()) entries_.push_back({std::move(request), std::move(key)});
  }
  const auto order = [](const Entry& a, const Entry& b) {
    return std::tie(a.request.scope, a.key, a.request.received, a.request.id) <
           std::tie(b.request.scope, b.key, b.request.received, b.request.id);
  };
  const auto same = [&order](const Entry& a, const Entry& b) {
    return !order(a, b) && !order(b, a);
  };
  std::stable_sort(entries_.begin(), entries_.end(), order);
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
  for (std::uint32_t begin = 0; begin < entries_.size();) {
    std::uint32_t end = begin + 1;
    while (end < entries_.size() && entries_[end].key == entries_[begin].key &&
           entries_[end].request.scope == entries_[begin].request.scope) {
      ++end;
    }
    Place({begin, end});
    begin = end;
  }
  LinkPrefixes();
}

void TakedownTable::Place(Span span) {
  const Entry& entry = entries_[span.begin];
  switch (entry.request.scope) {
    case TakedownScope::kHost:
      hosts_[entry.key].whole = span;
      return;
    case TakedownScope::kDomain:
      domains_.emplace(entry.key, span);
      return;
    case TakedownScope::kUrl:
      urls_.emplace(entry.key, span);
      break;
    case TakedownScope::kPrefix:
      prefixes_.push_back({entry.key, span, -1, span.begin});
      break;
  }
  hosts_[HostOf(entry.request)].has_parts = true;
}

// Sorted, what a text is a prefix of follows it at once: the shorter ones are on a stack.
void TakedownTable::LinkPrefixes() {
  std::vector<std::int64_t> open;
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    Prefix& prefix = prefixes_[i];
    while (!open.empty() &&
           !prefix.address.starts_with(prefixes_[static_cast<std::size_t>(open.back())].address)) {
      open.pop_back();
    }
    if (!open.empty()) {
      const Prefix& shorter = prefixes_[static_cast<std::size_t>(open.back())];
      prefix.shorter = open.back();
      if (Before(entries_[shorter.earliest].request, entries_[prefix.earliest].request)) {
        prefix.earliest = shorter.earliest;
      }
    }
    open.push_back(static_cast<std::int64_t>(i));
  }
}

// The last entry that is not behind `address` either is a prefix of it or shares those that are.
const TakedownTable::Prefix* TakedownTable::LongestPrefix(std::string_view address) const {
  const auto behind = std::upper_bound(
      prefixes_.begin(), prefixes_.end(), address,
      [](std::string_view text, const Prefix& prefix) { return text < prefix.address; });
  std::int64_t at = behind - prefixes_.begin() - 1;
  while (at >= 0) {
    const Prefix& prefix = prefixes_[static_cast<std::size_t>(at)];
    if (address.starts_with(prefix.address)) return &prefix;
    at = prefix.shorter;
  }
  return nullptr;
}

template <class OnSpan, class OnPrefix>
void TakedownTable::Visit(std::string_view url, std::string_view host, const OnSpan& on_span,
                          const OnPrefix& on_prefix) const {
  std::string own_host;
  if (host.empty() && !url.empty()) {  // an address too long to have a key comes without its host
    own_host = page::HostOf(url);
    host = own_host;
  }
  if (!domains_.empty()) {
    for (std::string_view rest = host;;) {
      if (const auto found = domains_.find(rest); found != domains_.end()) on_span(found->second);
      const std::size_t dot = rest.find('.');
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
  }
  if (hosts_.empty()) return;
  const auto found = hosts_.find(std::string(host));
  if (found == hosts_.end()) return;
  on_span(found->second.whole);
  if (!found->second.has_parts || url.empty()) return;
  const std::string address = AddressOf(url);
  if (const auto exact = urls_.find(address); exact != urls_.end()) on_span(exact->second);
  if (const Prefix* prefix = LongestPrefix(address)) on_prefix(*prefix);
}

const Takedown* TakedownTable::Find(std::string_view url, std::string_view host,
                                    std::optional<UnixSeconds> as_of) const {
  if (entries_.empty()) return nullptr;
  const Takedown* best = nullptr;
  const auto consider = [&](const Takedown& request) {
    if (as_of && request.received > *as_of) return;
    if (best == nullptr || Before(request, *best)) best = &request;
  };
  // Of one span the first is the earliest: where it came too late, so did the others.
  Visit(
      url, host,
      [&](Span span) {
        if (span.begin != span.end) consider(entries_[span.begin].request);
      },
      [&](const Prefix& prefix) { consider(entries_[prefix.earliest].request); });
  return best;
}

void TakedownTable::FindAll(std::string_view url, std::string_view host,
                            std::vector<const Takedown*>& found_out) const {
  const std::size_t first = found_out.size();
  const auto take = [&](Span span) {
    for (std::uint32_t i = span.begin; i < span.end; ++i) {
      found_out.push_back(&entries_[i].request);
    }
  };
  Visit(url, host, take, [&](const Prefix& longest) {
    const Prefix* prefix = &longest;
    for (;;) {
      take(prefix->span);
      if (prefix->shorter < 0) return;
      prefix = &prefixes_[static_cast<std::size_t>(prefix->shorter)];
    }
  });
  std::sort(found_out.begin() + static_cast<std::ptrdiff_t>(first), found_out.end(),
            [](const Takedown* a, const Takedown* b) { return Before(*a, *b); });
}

Result<std::shared_ptr<const TakedownTable>> LoadTakedowns(const Store& store,
                                                           std::optional<UnixSeconds> known_by) {
  return store.impl().Takedowns(known_by);
}

}  // namespace crawlcard::index
