// crawler/politeness.h - when a host and an address may be asked next.
//
// A host is asked one thing at a time. Its delay runs from the end of one answer to the start of
// the next request, so that the server never sees two requests closer than that, however late
// either travels. An address, which may serve thousands of hosts, has a shorter delay from start to
// start, and hosts queue for its slots. Defaults: docs/decisions/0012-politeness-defaults.md.
//
// Nothing here is stored: after a restart every host counts as asked at the moment of the restart.
//
// Thread rule: thread-compatible. Holds no clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crawler/clock.h"

namespace crawlcard::crawler {

struct PolitenessOptions {
  std::int64_t host_delay_ms = 1000;
  std::int64_t address_delay_ms = 100;
};

class Politeness {
 public:
  // `resumed_at`: hosts and addresses were asked up to this moment by an earlier process; 0: none.
  Politeness(const PolitenessOptions& options, UnixMillis resumed_at)
      : options_(options), resumed_at_(resumed_at) {}

  // When a request to `host` may start, `now` or earlier meaning at once; otherwise ask again then.
  // The delay is the longest of the default, of `delay_ms`, and of what Finish() was told.
  UnixMillis HostReadyAt(std::string_view host, std::int64_t delay_ms, UnixMillis now) const;

  // The same for an address, whoever asks.
  UnixMillis AddressReadyAt(std::string_view address) const;

  // Takes the next free slot of an address, at or after `earliest`: many callers get different
  // times to ask again at. A slot that is not used is lost.
  UnixMillis TakeSlot(std::string_view address, UnixMillis earliest);

  // A request starts; an empty `address` means that it will fail before it gets anywhere. Both
  // times above must be `now` or earlier.
  void Start(std::string_view host, std::string_view address, std::int64_t delay_ms,
             UnixMillis now);

  // Its answer has ended. `delay_ms` as known now; nothing more for `wait_ms`.
  void Finish(std::string_view host, std::int64_t delay_ms, std::int64_t wait_ms, UnixMillis now);

  // Forgets hosts and addresses whose delays are over for good.
  void Sweep(UnixMillis now);
  std::size_t hosts_held() const { return hosts_.size(); }
  std::size_t addresses_held() const { return addresses_.size(); }

 private:
  struct Host {
    bool busy = false;
    UnixMillis last_end = 0;
    UnixMillis not_before = 0;
    std::int64_t delay_ms = 0;
  };
  struct Address {
    UnixMillis last_start = 0;
    UnixMillis next_slot = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <class T>
  using Map = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  PolitenessOptions options_;
  UnixMillis resumed_at_;
  Map<Host> hosts_;
  Map<Address> addresses_;
};

}  // namespace crawlcard::crawler
