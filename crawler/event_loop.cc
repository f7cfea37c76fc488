#include "crawler/event_loop.h"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "crawler/internal/asio_loop.h"

namespace crawlcard::crawler {

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::Run() {
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
