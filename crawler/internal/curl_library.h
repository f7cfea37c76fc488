// crawler/internal/curl_library.h - the functions of libcurl that are used, and of the libssl that
// it brings.
//
// Opened when the first fetcher is made and linked nowhere: libcurl brings thirty libraries with it
// (Kerberos, LDAP, GnuTLS), which commands that fetch nothing would load and relocate at each start
// (docs/decisions/0024-start-up.md). Never closed: connections are shared out of it to the end.
//
// Thread rule: Load() from any thread; immutable afterwards.
#pragma once

#include <curl/curl.h>
#include <openssl/ssl.h>

#include "base/result.h"

namespace crawlcard::crawler {

struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_pause) easy_pause = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_multi_init) multi_init = nullptr;
  decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&::curl_multi_setopt) multi_setopt = nullptr;
  decltype(&::curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&::curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&::curl_multi_socket_action) multi_socket_action = nullptr;
  decltype(&::curl_multi_info_read) multi_info_read = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  decltype(&::SSL_get_version) ssl_get_version = nullptr;
  decltype(&::SSL_get_current_cipher) ssl_get_current_cipher = nullptr;
  decltype(&::SSL_CIPHER_get_name) ssl_cipher_get_name = nullptr;
};

// Opens the library at the first call. Errors: kIo, the same at each call: it is absent, or has not
// all of these functions.
Status LoadCurl();

// Needs a LoadCurl() that went well.
const CurlLibrary& Curl();

}  // namespace crawlcard::crawler
