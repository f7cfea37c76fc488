#include "crawler/internal/curl_library.h"

#include <string_view>
#include <type_traits>

#include <dlfcn.h>

namespace crawlcard::crawler {
namespace {

// The ABI of the headers that this was built with, Debian's libcurl4.
constexpr const char* kLibrary = "libcurl.so.4";

struct Loaded {
  CurlLibrary functions;
  Status status;
};

Status FindAll(void* library, CurlLibrary& out) {
  std::string_view missing;
  // A name that libcurl itself has not is looked for in what it links: libssl.
  const auto find = [&](const char* symbol, auto& function) {
    void* const found = ::dlsym(library, symbol);
    if (found == nullptr) missing = symbol;
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
  };
  find("curl_global_init", out.global_init);
  find("curl_easy_init", out.easy_init);
  find("curl_easy_cleanup", out.easy_cleanup);
  find("curl_easy_setopt", out.easy_setopt);
  find("curl_easy_getinfo", out.easy_getinfo);
  find("curl_easy_pause", out.easy_pause);
  find("curl_easy_strerror", out.easy_strerror);
  find("curl_multi_init", out.multi_init);
  find("curl_multi_cleanup", out.multi_cleanup);
  find("curl_multi_setopt", out.multi_setopt);
  find("curl_multi_add_handle", out.multi_add_handle);
  find("curl_multi_remove_handle", out.multi_remove_handle);
  find("curl_multi_socket_action", out.multi_socket_action);
  find("curl_multi_info_read", out.multi_info_read);
  find("curl_slist_append", out.slist_append);
  find("curl_slist_free_all", out.slist_free_all);
  find("SSL_get_version", out.ssl_get_version);
  find("SSL_get_current_cipher", out.ssl_get_current_cipher);
  find("SSL_CIPHER_get_name", out.ssl_cipher_get_name);
  if (missing.empty()) return {};
  return Fail(ErrorCode::kIo, "{} with OpenSSL is needed: this one has no function {}", kLibrary,
              missing);
}

Loaded Load() {
  Loaded loaded;
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const why = ::dlerror();
    loaded.status = Fail(ErrorCode::kIo, "cannot load libcurl: {}; Debian has it in libcurl4",
                         why == nullptr ? "no reason given" : why);
    return loaded;
  }
  loaded.status = FindAll(library, loaded.functions);
  if (loaded.status && loaded.functions.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    loaded.status = Fail(ErrorCode::kIo, "libcurl does not start");
  }
  return loaded;
}

const Loaded& Once() {
  static const Loaded loaded = Load();
  return loaded;
}

}  // namespace

Status LoadCurl() {
  return Once().status;
}

const CurlLibrary& Curl() {
  return Once().functions;
}

}  // namespace crawlcard::crawler
