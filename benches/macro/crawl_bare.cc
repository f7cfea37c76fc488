#include <algorithm>
#include <memory>
#include <vector>

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "benches/macro/crawl_measure.h"

namespace crawlcard::bench {
namespace {

class BareLoop {
 public:
  BareLoop(const CrawlWork& work, long connections) : work_(work), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &BareLoop::OnSocket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &BareLoop::OnTimer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, connections);
  }
  ~BareLoop() {
    for (const auto& one : transfers_) {
      curl_easy_cleanup(one->easy);
      curl_slist_free_all(one->connect_to);
    }
    curl_multi_cleanup(multi_);
    curl_slist_free_all(fields_);
    close(epoll_);
  }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  CrawlCost Run() {
    const double cpu = SecondsOf(CLOCK_THREAD_CPUTIME_ID);
    const double wall = SecondsOf(CLOCK_MONOTONIC);
    for (std::size_t i = 0; i < work_.in_flight && next_ < work_.requests; ++i) {
      transfers_.push_back(Make());
      Start(*transfers_.back());
    }
    while (running_ > 0) Wait();
    cost_.cpu_s = SecondsOf(CLOCK_THREAD_CPUTIME_ID) - cpu;
    cost_.wall_s = SecondsOf(CLOCK_MONOTONIC) - wall;
    return cost_;
  }

 private:
  struct Transfer {
    CURL* easy = nullptr;
    curl_slist* connect_to = nullptr;
    std::size_t bytes = 0;
  };

  static std::size_t OnWrite(char* /*data*/, std::size_t one, std::size_t size, void* user) {
    static_cast<Transfer*>(user)->bytes += one * size;
    return one * size;
  }
  static int OnSocket(CURL* /*easy*/, curl_socket_t fd, int what, void* user, void* known) {
    auto& self = *static_cast<BareLoop*>(user);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(self.epoll_, EPOLL_CTL_DEL, fd, nullptr);
      return 0;
    }
    epoll_event event{};
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    event.data.fd = fd;
    epoll_ctl(self.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
    if (known == nullptr) curl_multi_assign(self.multi_, fd, user);
    return 0;
  }
  static int OnTimer(CURLM* /*multi*/, long delay_ms, void* user) {
    static_cast<BareLoop*>(user)->due_ =
        delay_ms < 0 ? 1e18 : SecondsOf(CLOCK_MONOTONIC) + static_cast<double>(delay_ms) / 1000.0;
    return 0;
  }

  std::unique_ptr<Transfer> Make() {
    auto one = std::make_unique<Transfer>();
    one->easy = curl_easy_init();
    curl_easy_setopt(one->easy, CURLOPT_PRIVATE, one.get());
    curl_easy_setopt(one->easy, CURLOPT_WRITEFUNCTION, &BareLoop::OnWrite);
    curl_easy_setopt(one->easy, CURLOPT_WRITEDATA, one.get());
    curl_easy_setopt(one->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(one->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(one->easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    if (work_.same_fields) {
      fields_ = fields_ != nullptr ? fields_
                                   : curl_slist_append(nullptr, "Accept-Encoding: gzip, br, zstd");
      curl_easy_setopt(one->easy, CURLOPT_HTTPHEADER, fields_);
      curl_easy_setopt(one->easy, CURLOPT_USERAGENT, "bench/1 (+mailto:bench@example.org)");
    }
    if (work_.stream) curl_easy_setopt(one->easy, CURLOPT_BUFFERSIZE, 512L * 1024);
    return one;
  }

  void Start(Transfer& one) {
    const std::size_t host = next_++ % work_.hosts;
    curl_slist_free_all(one.connect_to);
    one.connect_to = curl_slist_append(nullptr, ("::" + AddressOf(work_, host) + ":").c_str());
    one.bytes = 0;
    curl_easy_setopt(one.easy, CURLOPT_CONNECT_TO, one.connect_to);
    curl_easy_setopt(one.easy, CURLOPT_URL, UrlOf(work_, host).c_str());
    curl_multi_add_handle(multi_, one.easy);
    ++running_;
  }

  void Wait() {
    epoll_event events[256];
    const double left = due_ - SecondsOf(CLOCK_MONOTONIC);
    const int wait_ms = left > 10 ? 10'000 : left <= 0 ? 0 : static_cast<int>(left * 1000) + 1;
    const int count = epoll_wait(epoll_, events, 256, wait_ms);
    int running = 0;
    for (int i = 0; i < count; ++i) {
      const int what = ((events[i].events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                       ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                       ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      curl_multi_socket_action(multi_, events[i].data.fd, what, &running);
    }
    if (SecondsOf(CLOCK_MONOTONIC) >= due_) {
      due_ = 1e18;
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    int left_over = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left_over)) {
      if (message->msg == CURLMSG_DONE) End(message->easy_handle, message->data.result);
    }
  }

  void End(CURL* easy, CURLcode code) {
    char* user = nullptr;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    auto& one = *reinterpret_cast<Transfer*>(user);
    curl_multi_remove_handle(multi_, easy);
    --running_;
    if (code == CURLE_OK && status == 200 && one.bytes > 0) ++cost_.good;
    cost_.bytes += one.bytes;
    if (next_ < work_.requests) Start(one);
  }

  const CrawlWork& work_;
  CURLM* const multi_;
  const int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  curl_slist* fields_ = nullptr;
  double due_ = 1e18;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  CrawlCost cost_;
};

}  // namespace

CrawlCost CrawlBare(const CrawlWork& work, long connections) {
  BareLoop loop(work, connections);
  return loop.Run();
}

}  // namespace crawlcard::bench
