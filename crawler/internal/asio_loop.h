// crawler/internal/asio_loop.h - the io_context behind an EventLoop.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "crawler/event_loop.h"

namespace crawlcard::crawler {

struct EventLoop::Impl {
  boost::asio::io_context context{1};  // one thread runs it, others post
};

inline boost::asio::io_context& ContextOf(EventLoop& loop) {
  return loop.impl().context;
}

}  // namespace crawlcard::crawler
