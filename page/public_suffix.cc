#include "page/public_suffix.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include <libpsl.h>

#include "base/assert.h"
#include "base/text.h"
#include "page/internal/public_suffix_list.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

struct PslCloser {
  void operator()(psl_ctx_t* list) const { psl_free(list); }
};
using Psl = std::unique_ptr<psl_ctx_t, PslCloser>;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }  // NOLINT: memory, cannot fail
};

Psl LoadList() {
  // fmemopen() wants a mutable pointer, but "r" never writes.
  char* const text = const_cast<char*>(internal::kPublicSuffixList.data());
  const std::unique_ptr<std::FILE, FileCloser> file(
      fmemopen(text, internal::kPublicSuffixList.size(), "r"));
  CRAWLCARD_ASSERT(file != nullptr);
  Psl list(psl_load_fp(file.get()));
  CRAWLCARD_ASSERT(list != nullptr);
  return list;
}

// The loaded list is never changed, so threads may share it.
const psl_ctx_t* List() {
  static const Psl list = LoadList();
  return list.get();
}

bool IsAddress(std::string_view host) {
  if (host.find(':') != std::string_view::npos) return true;
  return !host.empty() && IsAsciiDigit(host.back()) &&
         std::all_of(host.begin(), host.end(), [](char c) { return IsAsciiDigit(c) || c == '.'; });
}

std::size_t DomainBytes(std::string_view host) {
  std::array<char, limits::kHostBytesMax + 1> name;
  *std::copy(host.begin(), host.end(), name.begin()) = '\0';
  const char* const domain = psl_registrable_domain(List(), name.data());
  if (domain == nullptr) return host.size();
  return host.size() - static_cast<std::size_t>(domain - name.data());
}

// Pages of one host mostly follow each other, so the last answer is kept for each thread. It
// changes no result.
struct LastAnswer {
  std::array<char, 128> host{};
  std::size_t host_bytes = 0;
  std::size_t domain_bytes = 0;
};

}  // namespace

std::string_view RegistrableDomainView(std::string_view host) {
  if (host.empty() || host.size() > limits::kHostBytesMax || IsAddress(host)) return host;
  thread_local LastAnswer last;
  if (host == std::string_view(last.host.data(), last.host_bytes)) {
    return host.substr(host.size() - last.domain_bytes);
  }
  const std::size_t bytes = DomainBytes(host);
  if (host.size() <= last.host.size()) {
    std::copy(host.begin(), host.end(), last.host.begin());
    last.host_bytes = host.size();
    last.domain_bytes = bytes;
  }
  return host.substr(host.size() - bytes);
}

std::string RegistrableDomain(std::string_view host) {
  return std::string(RegistrableDomainView(host));
}

std::string_view PublicSuffixListVersion() {
  return internal::kPublicSuffixListVersion;
}

}  // namespace crawlcard::page
