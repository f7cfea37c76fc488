// crawler/internal/curl_error.h - from libcurl's codes to FetchError.
#pragma once

#include <cstdint>

#include <curl/curl.h>

#include "crawler/error_class.h"

namespace crawlcard::crawler {

// How far a transfer had come when it ended.
enum class FetchStage : std::uint8_t { kConnecting, kSecuring, kAsking, kHead, kBody };

// What libcurl's `code` means at `stage`. CURLE_WRITE_ERROR is the callbacks' own doing, so they
// know better. kTimeout stands for both deadlines of a running transfer: the caller tells a slow
// one by its clock.
FetchError ClassifyCurl(CURLcode code, FetchStage stage);

}  // namespace crawlcard::crawler
