// crawler/snapshot/kept_part.h - the copy of a segment that --keep leaves, and how a half one goes
// on.
//
//   PATH        the whole file, once it is there
//   PATH.part   what came so far; locked by the process that writes it
//   PATH.head   the validator (ETag or Last-Modified) of PATH.part, one line
//
// Opening cuts PATH.part behind its last whole record, since a crash may have left anything behind
// what was synced; the bytes before it are read from disk, the rest is asked for with If-Range.
//
// Thread rule: thread-compatible; the worker that reads the segment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/file_system.h"
#include "base/result.h"

namespace crawlcard::crawler {

class KeptPart {
 public:
  // Errors: kLocked when another process has it, kIo.
  [[nodiscard]] static Result<std::unique_ptr<KeptPart>> Open(FileSystem& files,
                                                              const std::string& path);

  // Bytes that are there already, to be had from Read(); 0 when nothing can be used.
  std::uint64_t bytes() const { return bytes_; }
  const std::string& validator() const { return validator_; }

  // The next of those bytes; 0 behind the last one. Errors: kIo.
  [[nodiscard]] Result<std::size_t> Read(char* to, std::size_t bytes);

  // Appends what came from the network. The validator is written before the first byte.
  // Errors: kIo.
  [[nodiscard]] Status Append(std::string_view bytes, std::string_view validator);

  // Gives the whole file its name. Errors: kIo.
  [[nodiscard]] Status Finish();

  // Forgets what there is: the file on the server is another one now. Errors: kIo.
  [[nodiscard]] Status Discard();

 private:
  KeptPart(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
  [[nodiscard]] Status FindWholeRecords();

  FileSystem& files_;
  std::string path_;
  std::unique_ptr<OutputFile> part_;
  std::unique_ptr<ByteSource> source_;  // of the bytes that are there
  std::uint64_t bytes_ = 0;
  std::string validator_;
};

}  // namespace crawlcard::crawler
