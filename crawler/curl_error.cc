#include "crawler/internal/curl_error.h"

namespace crawlcard::crawler {
namespace {

FetchError ClassifyTimeout(FetchStage stage) {
  switch (stage) {
    case FetchStage::kConnecting:
      return FetchError::kConnectTimeout;
    case FetchStage::kSecuring:
      return FetchError::kTlsTimeout;
    default:
      return FetchError::kTimeout;
  }
}

}  // namespace

FetchError ClassifyCurl(CURLcode code, FetchStage stage) {
  switch (code) {
    case CURLE_OK:
      return FetchError::kNone;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return FetchError::kNameFailed;
    case CURLE_COULDNT_CONNECT:
      return FetchError::kConnectRefused;
    case CURLE_OPERATION_TIMEDOUT:
      return ClassifyTimeout(stage);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
      return FetchError::kTlsFailed;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return FetchError::kTlsUntrusted;
    case CURLE_GOT_NOTHING:
      return FetchError::kNoAnswer;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return stage == FetchStage::kBody ? FetchError::kBodyCut : FetchError::kNoAnswer;
    case CURLE_PARTIAL_FILE:
      return FetchError::kBodyCut;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:  // what answers is not HTTP (read as HTTP/0.9)
    case CURLE_BAD_CONTENT_ENCODING:
      return FetchError::kBadHttp;
    case CURLE_OUT_OF_MEMORY:
      // libcurl says so of a field line beyond its 100 KiB as well.
      return stage == FetchStage::kHead ? FetchError::kHeadTooLarge : FetchError::kResources;
    default:
      return FetchError::kInternal;
  }
}

}  // namespace crawlcard::crawler
