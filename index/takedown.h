// index/takedown.h - one request to take content out: its words, its scope, its line of JSON.
//
// A ledger is a file of such lines that only grows; it is ingested like any other input. What a
// scope covers and why: docs/formats/takedown.md. An address is what a server is asked for:
// host, port where it is not the usual one, path and query; scheme, user and fragment are no part.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "base/time.h"

namespace crawlcard::index {

// Stored as a byte: never renumbered.
enum class TakedownScope : std::uint8_t { kUrl = 1, kPrefix = 2, kHost = 3, kDomain = 4 };
std::string_view TakedownScopeName(TakedownScope scope);  // "url", "prefix", "host", "domain"
std::optional<TakedownScope> TakedownScopeFromName(std::string_view name);

struct Takedown {
  std::string id;
  TakedownScope scope = TakedownScope::kUrl;
  std::string value;  // as requested: a URL, or a host name
  UnixSeconds received = 0;
  std::optional<UnixSeconds> deadline;
  std::string basis;

  bool operator==(const Takedown&) const = default;
};

// Host, port and path of a URL as a request and a capture are compared; empty where it has no host.
std::string AddressOf(std::string_view url);

// The host that a request is about: that of its URL, or its value in lower case.
std::string HostOf(const Takedown& request);

// Whether the request can be kept: an id, a value that its scope can be read from, a date.
// Errors: kInvalidArgument with what is wrong, kTooLarge.
[[nodiscard]] Status CheckTakedown(const Takedown& request);

// Reads lines of ledgers; keeps its memory from line to line. Thread-compatible.
class TakedownReader {
 public:
  TakedownReader();
  ~TakedownReader();

  // One line without its end. Errors: kCorrupt for what is no crawlcard.takedown.v1 object, and
  // those of CheckTakedown() as kCorrupt.
  [[nodiscard]] Result<Takedown> Read(std::string_view line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Writes one crawlcard.takedown.v1 object (docs/schemas/). `file` names the ledger it was read
// from; left out when empty.
void WriteTakedown(const Takedown& request, std::string_view file, JsonWriter& json);

}  // namespace crawlcard::index
