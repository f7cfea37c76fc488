// base/result.h - Result<T>: a value or an Error that says what the caller should do next.
//
// An Error carries a code, a message (lower case, no full stop, with value and limit) and the place
// in the input: file and offset. Each floor adds its context once with At(); nobody logs and
// returns. Thread rule: values, thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <tl/expected.hpp>

namespace crawlcard {

// Chosen for what the caller does next.
enum class ErrorCode {
  kInvalidArgument,  // the request is wrong: tell the user (exit 2)
  kNotFound,         // the thing asked for does not exist
  kTruncated,        // input ends inside a unit: what came before it is good
  kCorrupt,          // input is damaged here: skip the unit, count it, go on
  kTooLarge,         // a limit was met: skip the unit, count it, go on
  kUnsupported,      // a format or version that this build does not read
  kIo,               // the environment failed: stop, the job can be started again
  kLocked,           // the index is held by another writer (exit 4)
  kSchema,           // the index was written by another schema or fact code (exit 4)
  kConflict,         // input contradicts what the index holds (another file under a known name)
  kCancelled,        // stopped on request, work is left (exit 75 or 130)
  kInternal,         // a bug in this program (exit 70)
};

// The name of `code` as used in logs and counts, such as "truncated".
std::string_view ErrorCodeName(ErrorCode code);

// One pointer: what a Status or a Result carries along and clears on each return is no larger. An
// error that was moved from reads as kInternal without a message.
class Error {
 public:
  Error(ErrorCode code, std::string message);
  Error(const Error& other);
  Error(Error&& other) noexcept = default;
  Error& operator=(const Error& other);
  Error& operator=(Error&& other) noexcept = default;
  ~Error() = default;

  ErrorCode code() const { return body().code; }
  const std::string& message() const { return body().message; }
  const std::string& file() const { return body().file; }
  std::optional<std::uint64_t> offset() const { return body().offset; }

  // Adds the place, where it is not known yet: the innermost place wins.
  Error& At(std::uint64_t offset) &;
  Error&& At(std::uint64_t offset) &&;
  Error& At(std::string_view file) &;
  Error&& At(std::string_view file) &&;

  // "FILE: offset N: message", leaving out what is not known.
  std::string ToString() const;

 private:
  struct Body {
    ErrorCode code = ErrorCode::kInternal;
    std::string message;
    std::string file;
    std::optional<std::uint64_t> offset;
  };
  // Not inlined: errors are rare, and functions that return a Status are many.
  struct DeleteBody {
    void operator()(Body* body) const noexcept;
  };
  const Body& body() const;
  Body& own_body();

  std::unique_ptr<Body, DeleteBody> body_;
};

template <class T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

template <class... Args>
[[nodiscard]] tl::unexpected<Error> Fail(ErrorCode code, fmt::format_string<Args...> format,
                                         Args&&... args) {
  return tl::unexpected<Error>(Error(code, fmt::format(format, std::forward<Args>(args)...)));
}

// Drops a result on purpose; `why` is for the reader.
template <class T>
void Ignore(const Result<T>& /*result*/, const char* /*why*/) {}

}  // namespace crawlcard

#define CRAWLCARD_CONCAT_INNER(a, b) a##b
#define CRAWLCARD_CONCAT(a, b) CRAWLCARD_CONCAT_INNER(a, b)

// Returns the error of a Status or Result expression, if it holds one.
#define CRAWLCARD_TRY(...)                                                        \
  do {                                                                            \
    if (auto try_result = (__VA_ARGS__); !try_result) [[unlikely]] {              \
      return ::tl::unexpected<::crawlcard::Error>(std::move(try_result).error()); \
    }                                                                             \
  } while (false)

// CRAWLCARD_ASSIGN(const Head head, ParseHead(bytes)): declares and fills, or returns the error.
#define CRAWLCARD_ASSIGN(declaration, ...) \
  CRAWLCARD_ASSIGN_INNER(CRAWLCARD_CONCAT(assign_result_, __LINE__), declaration, __VA_ARGS__)
#define CRAWLCARD_ASSIGN_INNER(result, declaration, ...)                    \
  auto result = (__VA_ARGS__);                                              \
  if (!result) [[unlikely]]                                                 \
    return ::tl::unexpected<::crawlcard::Error>(std::move(result).error()); \
  declaration = std::move(*result)
