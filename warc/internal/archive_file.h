// warc/internal/archive_file.h - the file that a Writer is filling: NAME.open, then NAME.
//
// Knows names, appends, undoing of half appends, syncing and sealing; nothing about records.
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"
#include "base/time.h"
#include "warc/writer.h"

namespace crawlcard::warc {

class ArchiveFile {
 public:
  // Borrows both.
  ArchiveFile(FileSystem& files, const WriterOptions& options) : files_(files), options_(options) {}

  bool is_open() const { return file_ != nullptr; }
  const std::string& name() const { return name_; }  // base name once sealed
  std::uint64_t size() const { return whole_bytes_; }

  // Starts the next file; its name tells `date`. Errors: kIo.
  [[nodiscard]] Status Create(UnixSeconds date);

  // Appends whole members. After an error they are not in the file, or every later call fails.
  // Errors: kIo.
  [[nodiscard]] Status Append(std::string_view members);

  // Errors: kIo.
  [[nodiscard]] Status Sync();

  // Gives the path of the sealed file; a file without a record is removed instead. Errors: kIo.
  [[nodiscard]] Result<std::optional<std::string>> Seal();

 private:
  std::string PathOf(std::string_view suffix) const;
  // Fails when an earlier failure left the file in a state that nobody knows.
  Status Usable() const;

  FileSystem& files_;
  const WriterOptions& options_;
  std::unique_ptr<OutputFile> file_;
  std::string name_;
  std::uint64_t serial_ = 0;
  std::uint64_t whole_bytes_ = 0;  // every append so far ended here
  std::uint64_t unsynced_bytes_ = 0;
  bool broken_ = false;
};

}  // namespace crawlcard::warc
