#include "crawler/internal/curl_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <boost/asio/post.hpp>
#include <sys/epoll.h>
#include <unistd.h>

#include "crawler/internal/curl_library.h"

namespace crawlcard::crawler {
namespace {

constexpr int kEventsMax = 256;
// Rounds before other work of the thread gets its turn.
constexpr int kRounds = 16;

// What epoll hands back: which multi handle, which socket.
std::uint64_t Tag(std::uint32_t shard, curl_socket_t fd) {
  return static_cast<std::uint64_t>(shard) << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

Result<std::unique_ptr<CurlLoop>> CurlLoop::Make(boost::asio::io_context& context, Owner& owner,
                                                 std::size_t shards, std::size_t connections) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) {
    return Fail(ErrorCode::kIo, "cannot create an epoll set: {}", std::strerror(errno));
  }
  std::unique_ptr<CurlLoop> loop(new CurlLoop(context, owner, epoll_fd));
  for (std::size_t i = 0; i < shards; ++i) {
    auto shard = std::make_unique<Shard>();
    shard->loop = loop.get();
    shard->index = static_cast<std::uint32_t>(i);
    shard->multi = Curl().multi_init();
    if (shard->multi == nullptr) return Fail(ErrorCode::kIo, "cannot create a curl multi handle");
    CURLM* const multi = shard->multi;
    Curl().multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &CurlLoop::OnSocket);
    Curl().multi_setopt(multi, CURLMOPT_SOCKETDATA, shard.get());
    Curl().multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &CurlLoop::OnTimer);
    Curl().multi_setopt(multi, CURLMOPT_TIMERDATA, shard.get());
    Curl().multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    Curl().multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
    loop->shards_.push_back(std::move(shard));
  }
  return loop;
}

CurlLoop::CurlLoop(boost::asio::io_context& context, Owner& owner, int epoll_fd)
    : owner_(owner), context_(context), epoll_(context, epoll_fd), timer_(context) {}

CurlLoop::~CurlLoop() {
  // Closes the idle connections, which calls OnSocket().
  for (const auto& shard : shards_) Curl().multi_cleanup(shard->multi);
}

// A connection that is used again leaves the set and enters it with each request. What libcurl no
// longer asks for stays until it speaks or is closed, which spares both calls.
int CurlLoop::OnSocket(CURL* /*easy*/, curl_socket_t fd, int what, void* user, void* /*known*/) {
  Shard& shard = *static_cast<Shard*>(user);
  std::vector<Watched>& all = shard.loop->watched_;
  if (static_cast<std::size_t>(fd) >= all.size()) all.resize(static_cast<std::size_t>(fd) + 256);
  Watched& watched = all[static_cast<std::size_t>(fd)];
  if (what == CURL_POLL_REMOVE) {
    watched.wanted = false;
    return 0;
  }
  epoll_event event{};
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  event.data.u64 = Tag(shard.index, fd);
  watched.wanted = true;
  if (watched.events == event.events && watched.shard == shard.index) return 0;
  const int epoll_fd = shard.loop->epoll_.native_handle();
  const int first = watched.events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (epoll_ctl(epoll_fd, first, fd, &event) != 0) {
    epoll_ctl(epoll_fd, first == EPOLL_CTL_ADD ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
  }
  watched.events = event.events;
  watched.shard = shard.index;
  return 0;
}

int CurlLoop::CloseSocket(curl_socket_t fd) {
  // Closing takes it out of the set.
  if (static_cast<std::size_t>(fd) < watched_.size()) {
    watched_[static_cast<std::size_t>(fd)] = Watched();
  }
  return close(fd);
}

int CurlLoop::OnTimer(CURLM* /*multi*/, long delay_ms, void* user) {
  Shard& shard = *static_cast<Shard*>(user);
  if (delay_ms < 0) {
    shard.due = TimePoint::max();
  } else if (delay_ms == 0) {
    shard.due = TimePoint::min();
  } else {
    shard.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(delay_ms);
  }
  return 0;
}

bool CurlLoop::Add(CURL* easy, std::size_t shard) {
  if (Curl().multi_add_handle(shards_[shard]->multi, easy) != CURLM_OK) return false;
  ++running_;
  return true;
}

void CurlLoop::Remove(CURL* easy, std::size_t shard) {
  Curl().multi_remove_handle(shards_[shard]->multi, easy);
  --running_;
}

void CurlLoop::Kick() {
  if (driving_ || kicked_) return;
  kicked_ = true;
  boost::asio::post(context_, [this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    kicked_ = false;
    Drive();
  });
}

void CurlLoop::Drive() {
  driving_ = true;
  DispatchEvents();
  bool again = true;
  for (int round = 0; again && round < kRounds; ++round) {
    again = owner_.OnRound();
    again = FireTimers(std::chrono::steady_clock::now()) || again;
    for (const auto& shard : shards_) {
      if (!shard->touched) continue;
      ReadMessages(*shard);
      again = true;
    }
  }
  driving_ = false;
  if (again) Kick();
  Arm();
}

void CurlLoop::DispatchEvents() {
  std::array<epoll_event, kEventsMax> events;
  const int count = epoll_wait(epoll_.native_handle(), events.data(), kEventsMax, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto fd = static_cast<curl_socket_t>(event.data.u64 & 0xFFFFFFFF);
    Watched& watched = watched_[static_cast<std::size_t>(fd)];
    if (!watched.wanted) {
      // An idle connection that was closed over there; or one that was closed here, just now.
      if (watched.events != 0) epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
      watched = Watched();
      continue;
    }
    int what = 0;
    if ((event.events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
    if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
    Act(*shards_[event.data.u64 >> 32], fd, what);
  }
}

bool CurlLoop::FireTimers(TimePoint now) {
  bool fired = false;
  for (const auto& shard : shards_) {
    if (shard->due > now) continue;
    shard->due = TimePoint::max();
    Act(*shard, CURL_SOCKET_TIMEOUT, 0);
    fired = true;
  }
  return fired;
}

void CurlLoop::Act(Shard& shard, curl_socket_t fd, int events) {
  int running = 0;
  Curl().multi_socket_action(shard.multi, fd, events, &running);
  shard.touched = true;
}

void CurlLoop::ReadMessages(Shard& shard) {
  shard.touched = false;
  int left = 0;
  while (const CURLMsg* message = Curl().multi_info_read(shard.multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;  // the message dies with the removal
    Curl().multi_remove_handle(shard.multi, easy);
    --running_;
    owner_.OnEnded(easy, code);
  }
}

void CurlLoop::Arm() {
  if (running_ == 0) {
    // Idle connections are nobody's business; Run() may end.
    if (wait_ != 0) epoll_.cancel();
    if (armed_ != TimePoint::max()) timer_.cancel();
    wait_ = 0;
    armed_ = TimePoint::max();
    return;
  }
  if (wait_ == 0) {
    wait_ = ++waits_;
    epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this, wait = wait_,
                       alive = std::weak_ptr(alive_)](const boost::system::error_code& /*error*/) {
                        // One that was cancelled may have been on its way already.
                        if (alive.expired() || wait != wait_) return;
                        wait_ = 0;
                        Drive();
                      });
  }
  TimePoint due = TimePoint::max();
  for (const auto& shard : shards_) due = std::min(due, shard->due);
  // A timer that fires too early finds nothing due: cheaper than setting it back each time.
  if (due < armed_) ArmTimer(due);
}

void CurlLoop::ArmTimer(TimePoint due) {
  armed_ = due;
  timer_.expires_at(due);
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
    if (error || alive.expired()) return;
    armed_ = TimePoint::max();
    Drive();
  });
}

}  // namespace crawlcard::crawler
