// crawler/thread_resolver.h - names through the machine's own resolver, on threads of its own.
//
// getaddrinfo() blocks, so a few threads ask and post what they learn to the network thread. It
// knows /etc/hosts and the machine's settings, which a resolver library would have to be taught; it
// does not tell how long an answer holds, so answers are kept for a fixed time. Questions for one
// name that wait at the same time are asked once.
//
// Thread rule: network thread only.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/bounded_queue.h"
#include "crawler/event_loop.h"
#include "crawler/resolver.h"

namespace crawlcard::crawler {

struct ThreadResolverOptions {
  // Affects behaviour.
  std::chrono::seconds keep{300};         // an answer
  std::chrono::seconds keep_failure{30};  // that there is none

  // Affects speed: from 1 to limits::kResolverThreadsMax.
  std::size_t threads = 16;
};

// One lookup, on any thread.
using Lookup = std::function<Resolution(const std::string& host)>;

// getaddrinfo().
Resolution SystemLookup(const std::string& host);

class ThreadResolver final : public Resolver {
 public:
  // Borrows `loop`, which must outlive the resolver. Destruction waits for the lookups that run.
  explicit ThreadResolver(EventLoop& loop, const ThreadResolverOptions& options = {},
                          Lookup lookup = SystemLookup);
  ~ThreadResolver() override;
  ThreadResolver(const ThreadResolver&) = delete;
  ThreadResolver& operator=(const ThreadResolver&) = delete;

  // Beyond limits::kLookupsWaitingMax names at once the answer is kNameFailed.
  void Resolve(const std::string& host, Done done) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Kept {
    Resolution resolution;
    Clock::time_point until;
  };

  void Work();
  void OnAnswer(const std::string& host, const Resolution& resolution);
  void Keep(const std::string& host, const Resolution& resolution);

  EventLoop& loop_;
  const ThreadResolverOptions options_;
  const Lookup lookup_;
  std::unordered_map<std::string, std::vector<Done>> waiting_;
  std::unordered_map<std::string, Kept> kept_;
  std::deque<std::string> order_;        // of kept_, oldest first
  std::optional<EventLoop::Hold> hold_;  // while somebody waits
  // Shared with nobody: what threads have posted looks whether the resolver is there.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  BoundedQueue<std::string> questions_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace crawlcard::crawler
