// tools/output.h - standard output, or the file of --out, as the place where results go.
//
// Buffered. A reader that went away (closed pipe) is no error for the user: Write() then fails with
// kCancelled so that work stops, and pipe_closed() tells main to end with exit 0.
//
// Thread rule: thread-compatible; OrderedOutput (tools/ordered_output.h) shares one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard::tools {

class Output {
 public:
  // Writes to the open descriptor `fd`, which stays the caller's.
  explicit Output(int fd) : fd_(fd) {}

  // Errors: kIo, kCancelled when nobody reads any more.
  [[nodiscard]] Status Write(std::string_view text);
  [[nodiscard]] Status Flush();

  bool is_terminal() const;
  bool pipe_closed() const { return pipe_closed_; }

 private:
  int fd_;
  std::string buffer_;
  bool pipe_closed_ = false;
};

}  // namespace crawlcard::tools
