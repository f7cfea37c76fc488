#include "crawler/error_class.h"

#include "crawler/fetch_result.h"

namespace crawlcard::crawler {
namespace {

struct Row {
  FetchError error;
  std::string_view name;
  RetryClass retry;
};

constexpr Row kRows[] = {
    {FetchError::kNone, "none", RetryClass::kNever},
    {FetchError::kBadRequest, "bad-request", RetryClass::kNever},
    {FetchError::kRefusedAddress, "refused-address", RetryClass::kNever},
    {FetchError::kNameNotFound, "name-not-found", RetryClass::kLater},
    {FetchError::kNameFailed, "name-failed", RetryClass::kLater},
    {FetchError::kNameTimeout, "name-timeout", RetryClass::kLater},
    {FetchError::kConnectRefused, "connect-refused", RetryClass::kLater},
    {FetchError::kConnectTimeout, "connect-timeout", RetryClass::kLater},
    {FetchError::kTlsTimeout, "tls-timeout", RetryClass::kLater},
    {FetchError::kTlsFailed, "tls-failed", RetryClass::kLater},
    {FetchError::kTlsUntrusted, "tls-untrusted", RetryClass::kNever},
    {FetchError::kNoAnswer, "no-answer", RetryClass::kSoon},
    {FetchError::kBadHttp, "bad-http", RetryClass::kSoon},
    {FetchError::kHeadTooLarge, "head-too-large", RetryClass::kNever},
    {FetchError::kBodyCut, "body-cut", RetryClass::kSoon},
    {FetchError::kTooSlow, "too-slow", RetryClass::kLater},
    {FetchError::kTimeout, "timeout", RetryClass::kLater},
    {FetchError::kStopped, "stopped", RetryClass::kNever},
    {FetchError::kCancelled, "cancelled", RetryClass::kSoon},
    {FetchError::kResources, "resources", RetryClass::kLater},
    {FetchError::kInternal, "internal", RetryClass::kNever},
};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<std::size_t>(kRows[i].error) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "a row for each error, in the order of the enum");

}  // namespace

std::string_view FetchErrorName(FetchError error) {
  return kRows[static_cast<std::size_t>(error)].name;
}

RetryClass RetryClassOf(FetchError error) {
  return kRows[static_cast<std::size_t>(error)].retry;
}

}  // namespace crawlcard::crawler
