// base/replaced_file.h - a file written piece by piece and put in place as a whole.
//
// Until Commit() the file under its name is the old one, or none; what was written goes
// away with the object. Of a process that was killed NAME.PID.tmp stays, unlocked.
//
// Thread rule: thread-compatible.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard {

// True for what exists and is neither a file nor a directory, such as a device or a pipe: a rename
// would put a file in its place, so it is written to as it is. WriteFileAtomically() does so, too.
bool IsSpecialFile(const std::string& path);

class ReplacedFile {
 public:
  // Errors: kIo.
  [[nodiscard]] static Result<std::unique_ptr<ReplacedFile>> Create(std::string path);
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;

  // Errors: kIo.
  [[nodiscard]] Status Write(std::string_view text);

  // Makes it durable and gives it its name. Errors: kIo.
  [[nodiscard]] Status Commit();

 private:
  ReplacedFile(std::string path, std::string temporary, int fd);
  [[nodiscard]] Status Flush();

  const std::string path_;
  const std::string temporary_;  // empty: the path is written to as it is
  int fd_;
  std::string buffer_;
};

// Removes what a ReplacedFile of this path left behind when its process was killed: NAME.PID.tmp
// that nobody writes any more. One that is held, here or on another machine, stays.
// `beside`: endings of what lies beside such a file and goes with it, directories with all they
// hold.
void RemoveAbandoned(const std::string& path, std::span<const std::string_view> beside = {});

}  // namespace crawlcard
