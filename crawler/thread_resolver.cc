#include "crawler/thread_resolver.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

std::optional<IpAddress> AddressOf(const addrinfo& info) {
  if (info.ai_family == AF_INET && info.ai_addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, info.ai_addr, sizeof v4);
    return IpAddress::V4(ntohl(v4.sin_addr.s_addr));
  }
  if (info.ai_family == AF_INET6 && info.ai_addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, info.ai_addr, sizeof v6);
    IpAddress::Bytes bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return IpAddress::V6(bytes);
  }
  return std::nullopt;
}

}  // namespace

Resolution SystemLookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  Resolution resolution;
  for (const addrinfo* at = code == 0 ? list : nullptr; at != nullptr; at = at->ai_next) {
    const std::optional<IpAddress> address = AddressOf(*at);
    if (address && resolution.addresses.size() < limits::kAddressesMax) {
      resolution.addresses.push_back(*address);
    }
  }
  if (code == 0) freeaddrinfo(list);
  if (resolution.addresses.empty()) {
    const bool gone = code == 0 || code == EAI_NONAME || code == EAI_NODATA;
    resolution.error = gone ? FetchError::kNameNotFound : FetchError::kNameFailed;
  }
  return resolution;
}

ThreadResolver::ThreadResolver(EventLoop& loop, const ThreadResolverOptions& options, Lookup lookup)
    : loop_(loop),
      options_(options),
      lookup_(std::move(lookup)),
      questions_(limits::kLookupsWaitingMax, SIZE_MAX) {
  const std::size_t threads =
      std::clamp(options.threads, std::size_t{1}, limits::kResolverThreadsMax);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

ThreadResolver::~ThreadResolver() {
  stopping_ = true;
  questions_.Close();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadResolver::Work() {
  while (std::optional<std::string> host = questions_.Pop()) {
    if (stopping_) return;
    Resolution resolution = lookup_(*host);
    loop_.Post([this, alive = std::weak_ptr(alive_), host = std::move(*host),
                resolution = std::move(resolution)] {
      if (!alive.expired()) OnAnswer(host, resolution);
    });
  }
}

void ThreadResolver::Resolve(const std::string& host, Done done) {
  const auto kept = kept_.find(host);
  if (kept != kept_.end() && Clock::now() < kept->second.until) {
    return done(kept->second.resolution);
  }
  const auto waiting = waiting_.find(host);
  if (waiting != waiting_.end()) return waiting->second.push_back(std::move(done));
  if (waiting_.size() >= limits::kLookupsWaitingMax) {
    return done({.error = FetchError::kNameFailed, .addresses = {}});
  }
  waiting_[host].push_back(std::move(done));
  if (!hold_) hold_.emplace(loop_);
  // Never waits: the queue has room for every name in waiting_.
  questions_.Push(host, 0);
}

void ThreadResolver::OnAnswer(const std::string& host, const Resolution& resolution) {
  Keep(host, resolution);
  const auto waiting = waiting_.find(host);
  if (waiting == waiting_.end()) return;
  const std::vector<Done> dones = std::move(waiting->second);
  waiting_.erase(waiting);
  if (waiting_.empty()) hold_.reset();
  for (const Done& done : dones) done(resolution);
}

void ThreadResolver::Keep(const std::string& host, const Resolution& resolution) {
  const bool found = resolution.error == FetchError::kNone;
  const Clock::time_point until = Clock::now() + (found ? options_.keep : options_.keep_failure);
  if (kept_.insert_or_assign(host, Kept{resolution, until}).second) order_.push_back(host);
  if (order_.size() <= limits::kResolverCacheNamesMax) return;
  kept_.erase(order_.front());
  order_.pop_front();
}

}  // namespace crawlcard::crawler
