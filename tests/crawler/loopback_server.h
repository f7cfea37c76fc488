// A server on 127.0.0.1 whose answers are written by hand, one thread a connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

namespace crawlcard::crawler {

// One connection, seen from the server's script.
class Peer {
 public:
  Peer(int fd, SSL* ssl, const int& stopped) : fd_(fd), ssl_(ssl), stopped_(stopped) {}

  const std::string& request() const { return request_; }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ssl_ != nullptr
                               ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                               : send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void Answer(std::string_view body, std::string_view fields = "") {
    Send("HTTP/1.1 200 OK\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  }
  // Until the client has gone, the test is over or the time has passed. True: time has passed.
  bool Wait(std::chrono::milliseconds time) {
    pollfd fds[2] = {{fd_, POLLRDHUP, 0}, {stopped_, POLLIN, 0}};
    return poll(fds, 2, static_cast<int>(time.count())) == 0;
  }
  void Hang() { Wait(std::chrono::seconds(20)); }
  // One byte after the other.
  void Drip(std::string_view bytes, std::chrono::milliseconds pause) {
    for (const char byte : bytes) {
      if (!Send({&byte, 1}) || !Wait(pause)) return;
    }
  }
  void Close() { open_ = false; }
  // RST instead of FIN.
  void Reset() {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    open_ = false;
  }

  // For the server: the next request, false at the end.
  bool Read(std::size_t bytes) {
    request_.clear();
    char byte = 0;
    while (open_ && request_.size() < bytes && !request_.ends_with("\r\n\r\n")) {
      if (ssl_ == nullptr || SSL_pending(ssl_) == 0) {
        pollfd fds[2] = {{fd_, POLLIN, 0}, {stopped_, POLLIN, 0}};
        poll(fds, 2, -1);
        if (fds[1].revents != 0) return false;
      }
      const ssize_t got = ssl_ != nullptr ? SSL_read(ssl_, &byte, 1) : recv(fd_, &byte, 1, 0);
      if (got <= 0) return false;
      request_ += byte;
    }
    return open_;
  }

 private:
  const int fd_;
  SSL* const ssl_;
  const int& stopped_;
  std::string request_;
  bool open_ = true;
};

class LoopbackServer {
 public:
  using Script = std::function<void(Peer&)>;

  // `script` is called for each request; with `bytes`, for that many bytes of one. With `tls`,
  // connections start with a handshake.
  explicit LoopbackServer(Script script, SSL_CTX* tls = nullptr, int backlog = 128,
                          std::size_t bytes = SIZE_MAX)
      : script_(std::move(script)), tls_(tls), bytes_(bytes) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, backlog);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    if (pipe(stop_pipe_) == 0 && script_) acceptor_ = std::thread([this] { Accept(); });
  }
  ~LoopbackServer() {
    close(stop_pipe_[1]);
    stop_pipe_[1] = -1;
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
    close(stop_pipe_[0]);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string Url(std::string_view path, std::string_view host = "127.0.0.1") const {
    return "http://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
  }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  void Accept() {
    for (;;) {
      pollfd fds[2] = {{listener_, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}};
      poll(fds, 2, -1);
      if (fds[1].revents != 0) return;
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      threads_.emplace_back([this, fd] { Serve(fd); });
    }
  }
  void Serve(int fd) {
    sigset_t pipe;  // SSL_write() to a client that has gone
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    {
      const std::lock_guard lock(mutex_);
      ++connections_;
    }
    SSL* ssl = nullptr;
    bool good = true;
    if (tls_ != nullptr) {
      ssl = SSL_new(tls_);
      SSL_set_fd(ssl, fd);
      good = SSL_accept(ssl) == 1;
    }
    Peer peer(fd, ssl, stop_pipe_[0]);
    while (good && peer.Read(bytes_)) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(peer.request());
      }
      script_(peer);
    }
    if (ssl != nullptr) {
      SSL_shutdown(ssl);
      SSL_free(ssl);
    }
    close(fd);
  }

  const Script script_;
  SSL_CTX* const tls_;
  const std::size_t bytes_;
  int listener_ = -1;
  int stop_pipe_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::thread acceptor_;
  std::vector<std::thread> threads_;  // the acceptor's until it has ended
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  int connections_ = 0;
};

}  // namespace crawlcard::crawler
