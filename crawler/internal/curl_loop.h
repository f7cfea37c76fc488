// crawler/internal/curl_loop.h - libcurl multi handles on the network thread's io_context.
//
// The sockets of all handles stand in one epoll set of ours, and Asio watches that set: a wake-up
// costs two system calls more than a loop without Asio, however many sockets are ready, where one
// stream_descriptor a socket would cost one more for each event. curl is never called from inside
// one of its callbacks; all work happens in Drive().
//
// Thread rule: network thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "base/result.h"

namespace crawlcard::crawler {

class CurlLoop {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  class Owner {
   public:
    virtual ~Owner() = default;
    // Does what has been asked for since the last round: outside of curl's callbacks. True where
    // more has come meanwhile.
    virtual bool OnRound() = 0;
    // `easy` has ended and is out of its handle.
    virtual void OnEnded(CURL* easy, CURLcode code) = 0;
  };

  // Borrows both. Errors: kIo.
  [[nodiscard]] static Result<std::unique_ptr<CurlLoop>> Make(boost::asio::io_context& context,
                                                              Owner& owner, std::size_t shards,
                                                              std::size_t connections);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // Both from OnRound() and OnEnded() alone.
  [[nodiscard]] bool Add(CURL* easy, std::size_t shard);
  void Remove(CURL* easy, std::size_t shard);

  // What every transfer's CURLOPT_CLOSESOCKETFUNCTION has to call.
  int CloseSocket(curl_socket_t fd);

  // Sees to it that a round comes soon; costs nothing inside of one.
  void Kick();

  std::size_t shards() const { return shards_.size(); }

 private:
  struct Shard {
    CurlLoop* loop = nullptr;
    std::uint32_t index = 0;
    CURLM* multi = nullptr;
    TimePoint due = TimePoint::max();  // when curl wants to be called without an event
    bool touched = false;              // may have messages
  };

  // What the epoll set knows of a socket.
  struct Watched {
    std::uint32_t events = 0;  // 0: it does not
    std::uint32_t shard = 0;
    bool wanted = false;  // by libcurl
  };

  CurlLoop(boost::asio::io_context& context, Owner& owner, int epoll_fd);

  static int OnSocket(CURL* easy, curl_socket_t fd, int what, void* shard, void* known);
  static int OnTimer(CURLM* multi, long delay_ms, void* shard);

  void Drive();
  void DispatchEvents();
  bool FireTimers(TimePoint now);
  void ReadMessages(Shard& shard);
  void Act(Shard& shard, curl_socket_t fd, int events);
  void Arm();
  void ArmTimer(TimePoint due);

  Owner& owner_;
  boost::asio::io_context& context_;
  boost::asio::posix::stream_descriptor epoll_;
  boost::asio::steady_timer timer_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Watched> watched_;  // by descriptor
  std::size_t running_ = 0;
  bool driving_ = false;
  bool kicked_ = false;
  std::uint64_t waits_ = 0;
  std::uint64_t wait_ = 0;  // the wait for epoll_ that counts; 0: none
  // Shared with nobody: Asio's handlers look whether it is still there.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  TimePoint armed_ = TimePoint::max();
};

}  // namespace crawlcard::crawler
