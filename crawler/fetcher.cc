#include "crawler/fetcher.h"

namespace crawlcard::crawler {

HandlerAnswer FetchHandler::OnHead(std::uint16_t /*status*/, std::string_view /*head*/) {
  return HandlerAnswer::kTake;
}

HandlerAnswer FetchHandler::OnChunk(std::string_view /*bytes*/) {
  return HandlerAnswer::kTake;
}

void Fetcher::Recycle(FetchResult /*result*/) {}

}  // namespace crawlcard::crawler
