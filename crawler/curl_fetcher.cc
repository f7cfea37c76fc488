#include "crawler/curl_fetcher.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/assert.h"
#include "crawler/internal/asio_loop.h"
#include "crawler/internal/curl_library.h"
#include "crawler/internal/curl_loop.h"
#include "crawler/internal/curl_transfer.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

using Clock = std::chrono::steady_clock;

// Handles kept for the next requests; each holds about 22 KiB.
constexpr std::size_t kIdleTransfers = 256;
// Results kept for their memory, and the largest that are: 32 MiB in all.
constexpr std::size_t kSpares = 512;
constexpr std::size_t kSpareBytes = 64 * 1024;
constexpr unsigned kSlotBits = 24;
// How late a deadline may be noticed.
constexpr std::chrono::milliseconds kTick{50};

std::string_view ExpiryText(FetchError error) {
  switch (error) {
    case FetchError::kNameTimeout:
      return "no answer from the resolver in time";
    case FetchError::kConnectTimeout:
      return "no connection in time";
    case FetchError::kTlsTimeout:
      return "handshake not over in time";
    case FetchError::kTooSlow:
      return "fewer bytes a second than wanted";
    default:
      return "answer not whole in time";
  }
}

class CurlFetcher final : public Fetcher, private CurlLoop::Owner {
 public:
  CurlFetcher(EventLoop& loop, Resolver& resolver, std::unique_ptr<TransferSettings> settings)
      : resolver_(resolver), settings_(std::move(settings)), timer_(ContextOf(loop)) {}

  ~CurlFetcher() override {
    for (const Slot& slot : slots_) {
      if (slot.transfer && slot.transfer->added) {
        loop_->Remove(slot.transfer->easy(), slot.transfer->shard);
      }
    }
  }

  Status Open(EventLoop& loop) {
    CRAWLCARD_ASSIGN(loop_, CurlLoop::Make(ContextOf(loop), *this, settings_->options.shards,
                                           settings_->options.connections));
    return {};
  }

  FetchId Start(FetchRequest request, std::unique_ptr<FetchHandler> handler) override;
  void Resume(FetchId id) override { Order(OrderKind::kResume, id); }
  void Cancel(FetchId id) override { Order(OrderKind::kCancel, id); }
  void Recycle(FetchResult result) override;
  std::size_t in_flight() const override { return in_flight_; }

 private:
  struct Slot {
    std::unique_ptr<CurlTransfer> transfer;
    std::uint64_t generation = 0;
    bool resolving = false;
    std::string refused;  // why the request never starts
  };
  enum class OrderKind : std::uint8_t { kBegin, kConnect, kNoName, kResume, kCancel, kExpire };
  struct PendingOrder {
    OrderKind kind;
    FetchId id;
    FetchError error;
  };

  bool OnRound() override;
  void OnEnded(CURL* easy, CURLcode code) override;

  void Order(OrderKind kind, FetchId id, FetchError error = FetchError::kNone);
  void Obey(const PendingOrder& order);
  Slot* Find(FetchId id);
  Slot& SlotOf(const CurlTransfer& transfer) {
    return slots_[transfer.id() & ((std::uint64_t{1} << kSlotBits) - 1)];
  }
  void Begin(Slot& slot);
  void OnResolved(FetchId id, const Resolution& resolution);
  void Connect(Slot& slot);
  void Resume(Slot& slot);
  void Drop(Slot& slot, FetchError error, std::string_view message);
  void End(Slot& slot, FetchResult&& result);
  void Expire(Slot& slot, FetchError error);
  void ArmTimer();
  void OnTick();

  Resolver& resolver_;
  std::unique_ptr<TransferSettings> settings_;
  std::unique_ptr<CurlLoop> loop_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::unique_ptr<CurlTransfer>> idle_[2];  // by stream
  std::vector<FetchResult> spares_;
  std::vector<PendingOrder> orders_;
  std::vector<PendingOrder> obeying_;
  std::size_t in_flight_ = 0;

  boost::asio::steady_timer timer_;
  bool timer_armed_ = false;
  // Shared with nobody: handlers that outlive the fetcher look whether it is there.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

FetchId CurlFetcher::Start(FetchRequest request, std::unique_ptr<FetchHandler> handler) {
  std::uint32_t index = 0;
  if (free_slots_.empty()) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    index = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& slot = slots_[index];
  const FetchId id = ++slot.generation << kSlotBits | index;
  auto& idle = idle_[request.stream ? 1 : 0];
  if (idle.empty()) {
    slot.transfer = CurlTransfer::Create(*settings_, *loop_, request.stream);
  } else {
    slot.transfer = std::move(idle.back());
    idle.pop_back();
  }
  CRAWLCARD_ASSERT(slot.transfer != nullptr);  // out of memory
  slot.resolving = false;
  slot.refused.clear();
  FetchResult spare;
  if (!spares_.empty()) {
    spare = std::move(spares_.back());
    spares_.pop_back();
  }
  const Status begun =
      slot.transfer->Begin(std::move(request), std::move(handler), id, std::move(spare));
  if (!begun) slot.refused = begun.error().message();
  ++in_flight_;
  ArmTimer();
  Order(OrderKind::kBegin, id);
  return id;
}

void CurlFetcher::Recycle(FetchResult result) {
  if (spares_.size() < kSpares && result.buffer.capacity() <= kSpareBytes) {
    spares_.push_back(std::move(result));
  }
}

void CurlFetcher::Order(OrderKind kind, FetchId id, FetchError error) {
  orders_.push_back({kind, id, error});
  loop_->Kick();
}

bool CurlFetcher::OnRound() {
  obeying_.swap(orders_);
  for (const PendingOrder& order : obeying_) Obey(order);
  obeying_.clear();
  if (in_flight_ == 0 && timer_armed_) {
    timer_armed_ = false;
    timer_.cancel();
  }
  return !orders_.empty();
}

CurlFetcher::Slot* CurlFetcher::Find(FetchId id) {
  const std::uint64_t index = id & ((std::uint64_t{1} << kSlotBits) - 1);
  if (index >= slots_.size()) return nullptr;
  Slot& slot = slots_[index];
  return slot.transfer && slot.generation == id >> kSlotBits ? &slot : nullptr;
}

void CurlFetcher::Obey(const PendingOrder& order) {
  Slot* const slot = Find(order.id);
  if (slot == nullptr) return;
  switch (order.kind) {
    case OrderKind::kBegin:
      return Begin(*slot);
    case OrderKind::kConnect:
      return Connect(*slot);
    case OrderKind::kNoName:
      return Drop(*slot, order.error, "cannot resolve " + slot->transfer->request().url.host());
    case OrderKind::kResume:
      return Resume(*slot);
    case OrderKind::kCancel:
      return Drop(*slot, FetchError::kCancelled, "cancelled");
    case OrderKind::kExpire:
      return Expire(*slot, order.error);
  }
}

void CurlFetcher::Begin(Slot& slot) {
  CurlTransfer& transfer = *slot.transfer;
  if (!slot.refused.empty()) return Drop(slot, FetchError::kBadRequest, slot.refused);
  const FetchRequest& request = transfer.request();
  if (!settings_->options.proxy.empty()) return Connect(slot);
  const std::optional<IpAddress>& given = request.address ? request.address : request.url.address();
  if (given) {
    transfer.addresses = {*given};
    return Connect(slot);
  }
  const FetchId id = transfer.id();
  slot.resolving = true;
  resolver_.Resolve(request.url.host(),
                    [this, id, alive = std::weak_ptr(alive_)](const Resolution& resolution) {
                      if (!alive.expired()) OnResolved(id, resolution);
                    });
}

void CurlFetcher::OnResolved(FetchId id, const Resolution& resolution) {
  Slot* const slot = Find(id);
  if (slot == nullptr || !slot->resolving) return;
  slot->resolving = false;
  slot->transfer->set_resolved();
  if (resolution.addresses.empty()) {
    const FetchError error = resolution.error;
    return Order(OrderKind::kNoName, id,
                 error == FetchError::kNone ? FetchError::kNameNotFound : error);
  }
  slot->transfer->addresses.assign(resolution.addresses.rbegin(), resolution.addresses.rend());
  Order(OrderKind::kConnect, id);
}

void CurlFetcher::Connect(Slot& slot) {
  CurlTransfer& transfer = *slot.transfer;
  if (transfer.addresses.empty()) {
    transfer.Target(nullptr);
  } else {
    const IpAddress address = transfer.addresses.back();
    transfer.addresses.pop_back();
    transfer.Target(&address);
  }
  const FetchRequest& request = transfer.request();
  transfer.shard = std::hash<std::string_view>{}(request.url.origin()) % loop_->shards();
  if (!loop_->Add(transfer.easy(), transfer.shard)) {
    return Drop(slot, FetchError::kResources, "libcurl takes no more transfers");
  }
  transfer.added = true;
}

void CurlFetcher::Resume(Slot& slot) {
  CurlTransfer& transfer = *slot.transfer;
  if (!transfer.paused || !transfer.added) return;
  transfer.paused = false;
  const CURLcode code = Curl().easy_pause(transfer.easy(), CURLPAUSE_CONT);
  if (code == CURLE_OK) return;
  // What the handler said of the held piece ends the transfer only if it is ended here.
  loop_->Remove(transfer.easy(), transfer.shard);
  transfer.added = false;
  End(slot, transfer.Finish(code));
}

void CurlFetcher::Drop(Slot& slot, FetchError error, std::string_view message) {
  CurlTransfer& transfer = *slot.transfer;
  // Taken out first: what it was connected to can be asked for up to here.
  FetchResult result = transfer.FinishWith(error, message);
  if (transfer.added) loop_->Remove(transfer.easy(), transfer.shard);
  transfer.added = false;
  End(slot, std::move(result));
}

void CurlFetcher::Expire(Slot& slot, FetchError error) {
  CurlTransfer& transfer = *slot.transfer;
  const auto total = transfer.request().deadlines.total;
  const bool time_left = total.count() == 0 || Clock::now() < transfer.started() + total;
  if (error == FetchError::kConnectTimeout && time_left && !transfer.addresses.empty()) {
    loop_->Remove(transfer.easy(), transfer.shard);
    transfer.added = false;
    return Connect(slot);
  }
  Drop(slot, error, ExpiryText(error));
}

void CurlFetcher::OnEnded(CURL* easy, CURLcode code) {
  char* user = nullptr;
  Curl().easy_getinfo(easy, CURLINFO_PRIVATE, &user);
  CurlTransfer& transfer = *reinterpret_cast<CurlTransfer*>(user);
  transfer.added = false;
  Slot& slot = SlotOf(transfer);
  if (!transfer.addresses.empty() && transfer.CouldNotConnect(code)) return Connect(slot);
  End(slot, transfer.Finish(code));
}

void CurlFetcher::End(Slot& slot, FetchResult&& result) {
  const std::unique_ptr<FetchHandler> handler = slot.transfer->TakeHandler();
  auto& idle = idle_[slot.transfer->stream() ? 1 : 0];
  if (idle.size() < kIdleTransfers) idle.push_back(std::move(slot.transfer));
  slot.transfer.reset();
  free_slots_.push_back(static_cast<std::uint32_t>(&slot - slots_.data()));
  --in_flight_;
  handler->OnDone(std::move(result));  // may start another one, which moves the slots
}

void CurlFetcher::ArmTimer() {
  if (timer_armed_) return;
  timer_armed_ = true;
  timer_.expires_after(kTick);
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
    if (error || alive.expired()) return;
    timer_armed_ = false;
    OnTick();
  });
}

// A look at each transfer costs less than a timer for each.
void CurlFetcher::OnTick() {
  const Clock::time_point now = Clock::now();
  for (const Slot& slot : slots_) {
    if (!slot.transfer || !slot.refused.empty()) continue;
    const FetchError error = slot.transfer->Overdue(now);
    if (error != FetchError::kNone) Order(OrderKind::kExpire, slot.transfer->id(), error);
  }
  if (in_flight_ > 0) ArmTimer();
}

}  // namespace

Result<std::unique_ptr<Fetcher>> MakeCurlFetcher(EventLoop& loop, Resolver& resolver,
                                                 const UserAgent& user_agent,
                                                 const CurlFetcherOptions& options,
                                                 Connector* connector) {
  CRAWLCARD_TRY(LoadCurl());
  if (options.shards == 0 || options.shards > limits::kShardsMax) {
    return Fail(ErrorCode::kInvalidArgument, "shards: {}, from 1 to {}", options.shards,
                limits::kShardsMax);
  }
  CRAWLCARD_ASSIGN(auto settings, MakeTransferSettings(options, connector, user_agent.text()));
  auto fetcher = std::make_unique<CurlFetcher>(loop, resolver, std::move(settings));
  CRAWLCARD_TRY(fetcher->Open(loop));
  return fetcher;
}

}  // namespace crawlcard::crawler
