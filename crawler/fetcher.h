// crawler/fetcher.h - requests in, answers out: the one door to the network.
//
// An interface, so that jobs can be run against a simulated network; curl_fetcher.h is the real
// one. Two uses:
//   whole answers    request.stream = false: the capped body stands in FetchResult::buffer
//   segments         request.stream = true: OnHead() once, OnChunk() for each piece, and back-
//                    pressure by HandlerAnswer::kPause and Resume()
// Coroutines use internal/await_fetch.h. file:// is not fetched here: base/file.h reads files.
//
// Thread rule: network thread only (the thread that runs EventLoop::Run()); other threads go
// through EventLoop::Post().
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "crawler/fetch_request.h"
#include "crawler/fetch_result.h"

namespace crawlcard::crawler {

// Names a request that was started; never used again.
using FetchId = std::uint64_t;

enum class HandlerAnswer : std::uint8_t {
  kTake,   // taken, go on
  kPause,  // OnChunk() only: nothing of this piece was taken; it comes again after Resume()
  kStop,   // no more of it: the transfer ends with FetchError::kStopped
};

class FetchHandler {
 public:
  virtual ~FetchHandler() = default;

  // The final head, before the first byte of a body (not for 1xx). Both kinds of request.
  virtual HandlerAnswer OnHead(std::uint16_t status, std::string_view head);

  // One piece of a streamed body, of at most 512 KiB: transfer coding (chunks) is undone, content
  // coding is not. Dead after return.
  virtual HandlerAnswer OnChunk(std::string_view bytes);

  // Last call, exactly once, never from inside Start(). The handler is destroyed after it.
  virtual void OnDone(FetchResult result) = 0;
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Starts a request. Nothing is called back before Start() has returned.
  virtual FetchId Start(FetchRequest request, std::unique_ptr<FetchHandler> handler) = 0;

  // Goes on with a paused transfer: OnChunk() comes after Resume() has returned. Ids of ended or
  // running transfers are ignored.
  virtual void Resume(FetchId id) = 0;

  // Ends a transfer: OnDone() comes with kCancelled, after Cancel() has returned. Ids of ended
  // transfers are ignored.
  virtual void Cancel(FetchId id) = 0;

  // Takes back the memory of a result that is done with, for the next ones. A crawl that hands its
  // answers to another thread does well to bring them back: memory that goes from thread to thread
  // costs the network thread more than a fetch's own bookkeeping.
  virtual void Recycle(FetchResult result);

  // Requests that have been started and not yet answered.
  virtual std::size_t in_flight() const = 0;
};

}  // namespace crawlcard::crawler
