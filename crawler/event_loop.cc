#include "crawler/event_loop.h"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <signal.h>
#include <time.h>

#include "crawler/internal/asio_loop.h"

namespace crawlcard::crawler {
namespace {

// OpenSSL writes to sockets whose other end may be gone, and libcurl leaves the signal of that to
// its caller (CURLOPT_NOSIGNAL). Held back for this thread alone, and taken away unread.
class PipeSignalBlocked {
 public:
  PipeSignalBlocked() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalBlocked() {
    if (sigismember(&before_, SIGPIPE) == 1) return;
    const timespec now{};
    while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalBlocked(const PipeSignalBlocked&) = delete;
  PipeSignalBlocked& operator=(const PipeSignalBlocked&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::Run() {
  const PipeSignalBlocked blocked;
  impl_->context.restart();
  impl_->context.run();
}

void EventLoop::Stop() {
  impl_->context.stop();
}

void EventLoop::Post(std::function<void()> function) {
  boost::asio::post(impl_->context, std::move(function));
}

void EventLoop::After(std::chrono::nanoseconds delay, std::function<void()> function) {
  auto timer = std::make_unique<boost::asio::steady_timer>(impl_->context, delay);
  boost::asio::steady_timer& waiting = *timer;
  waiting.async_wait([timer = std::move(timer),
                      function = std::move(function)](const boost::system::error_code& error) {
    if (!error) function();
  });
}

EventLoop::Hold::Hold(EventLoop& loop) : loop_(loop) {
  loop_.impl().context.get_executor().on_work_started();
}

EventLoop::Hold::~Hold() {
  loop_.impl().context.get_executor().on_work_finished();
}

}  // namespace crawlcard::crawler
