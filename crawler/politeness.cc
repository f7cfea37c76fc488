#include "crawler/politeness.h"

#include <algorithm>

#include "base/assert.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

// Clocks here are cut to milliseconds: what happened at `now` may have happened this much later.
constexpr std::int64_t kCutMs = 1;

template <class Map>
auto& Entry(Map& map, std::string_view key) {
  const auto found = map.find(key);
  if (found != map.end()) return found->second;
  return map[std::string(key)];
}

}  // namespace

UnixMillis Politeness::HostReadyAt(std::string_view host, std::int64_t delay_ms,
                                   UnixMillis now) const {
  const std::int64_t delay = std::max(options_.host_delay_ms, delay_ms);
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) return resumed_at_ > 0 ? resumed_at_ + delay : 0;
  const Host& known = found->second;
  const std::int64_t longest = std::max(delay, known.delay_ms);
  if (known.busy) return now + longest;
  return std::max(known.last_end + longest, known.not_before);
}

UnixMillis Politeness::AddressReadyAt(std::string_view address) const {
  const auto found = addresses_.find(address);
  const UnixMillis last_start = found == addresses_.end() ? resumed_at_ : found->second.last_start;
  return last_start > 0 ? last_start + options_.address_delay_ms : 0;
}

UnixMillis Politeness::TakeSlot(std::string_view address, UnixMillis earliest) {
  const UnixMillis free = AddressReadyAt(address);
  Address& known = Entry(addresses_, address);
  if (known.last_start == 0) known.last_start = resumed_at_;
  const UnixMillis slot = std::max({earliest, free, known.next_slot});
  known.next_slot = slot + options_.address_delay_ms;
  return slot;
}

void Politeness::Start(std::string_view host, std::string_view address, std::int64_t delay_ms,
                       UnixMillis now) {
  CRAWLCARD_ASSERT(HostReadyAt(host, delay_ms, now) <= now);
  CRAWLCARD_ASSERT(AddressReadyAt(address) <= now);
  Entry(hosts_, host).busy = true;
  if (!address.empty()) Entry(addresses_, address).last_start = now + kCutMs;
}

void Politeness::Finish(std::string_view host, std::int64_t delay_ms, std::int64_t wait_ms,
                        UnixMillis now) {
  Host& known = Entry(hosts_, host);
  CRAWLCARD_ASSERT(known.busy);
  known.busy = false;
  known.last_end = now + kCutMs;
  known.not_before = known.last_end + wait_ms;
  known.delay_ms = std::max(known.delay_ms, delay_ms);
}

void Politeness::Sweep(UnixMillis now) {
  const std::int64_t delay_max = std::max(options_.host_delay_ms, limits::kCrawlDelayMsMax);
  std::erase_if(hosts_, [&](const auto& entry) {
    const Host& host = entry.second;
    return !host.busy && host.last_end + delay_max < now && host.not_before < now;
  });
  std::erase_if(addresses_, [&](const auto& entry) {
    return std::max(entry.second.last_start, entry.second.next_slot) + options_.address_delay_ms <
           now;
  });
}

}  // namespace crawlcard::crawler
