// crawler/event_loop.h - the network thread's loop: functions to call now or later.
//
// A thin face of Boost.Asio's io_context, so that headers need no Asio; coroutines take the context
// from internal/asio_loop.h.
//
// Thread rule: Post() and Stop() from any thread, the rest on the thread that calls Run().
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace crawlcard::crawler {

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Runs until nothing is left to wait for, or Stop(). May be called again after that. SIGPIPE is
  // held back from the calling thread meanwhile.
  void Run();
  void Stop();

  // Calls `function` from Run(), not before Post() has returned.
  void Post(std::function<void()> function);
  // The same, not before `delay` has passed. Keeps Run() running until then.
  void After(std::chrono::nanoseconds delay, std::function<void()> function);

  // Keeps Run() running while it lives, for work that other threads will post.
  class Hold {
   public:
    explicit Hold(EventLoop& loop);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    EventLoop& loop_;
  };

  struct Impl;  // internal/asio_loop.h
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::crawler
