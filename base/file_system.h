// base/file_system.h - what a program does to the files it writes, behind a seam.
//
// Rooms that write archives take a FileSystem, so that tests can fail the n-th operation; the
// command hands them DiskFileSystem(). Files grow at their end only, and one process owns a file at
// a time: the owner holds an advisory lock (flock(2)) that ends with the process, whatever ends it.
//
// Thread rule: DiskFileSystem() is thread-safe; an OutputFile is thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace crawlcard {

class OutputFile {
 public:
  virtual ~OutputFile() = default;  // closes, and gives the lock back

  // Appends all of `bytes`, with no buffer of its own: after a return they survive the process.
  // After an error some of them may have been written. Errors: kIo.
  [[nodiscard]] virtual Status Append(std::string_view bytes) = 0;

  // Cuts the file to its first `bytes`. Errors: kIo.
  [[nodiscard]] virtual Status Truncate(std::uint64_t bytes) = 0;

  // Makes what was written survive the machine. Errors: kIo.
  [[nodiscard]] virtual Status Sync() = 0;

  virtual std::uint64_t size() const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Makes a new empty file and locks it. Errors: kConflict when the name is taken, kIo.
  [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> Create(const std::string& path) = 0;

  // Opens a file to go on at its end and locks it. Errors: kNotFound, kLocked when another process
  // (or another OutputFile) owns it, kIo.
  [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> Reopen(const std::string& path) = 0;

  // Opens a file for reading. Errors: kNotFound, kIo.
  [[nodiscard]] virtual Result<std::unique_ptr<ByteSource>> Read(const std::string& path) = 0;

  // Gives a file or a directory another name, which is not taken, in the same directory; then makes
  // the change survive the machine. Errors: kConflict, kIo.
  [[nodiscard]] virtual Status RenameDurably(const std::string& from, const std::string& to) = 0;

  // Errors: kNotFound, kIo.
  [[nodiscard]] virtual Status Remove(const std::string& path) = 0;

  [[nodiscard]] virtual bool Exists(const std::string& path) = 0;

  // Makes a directory and those above it, where they do not exist. Errors: kIo.
  [[nodiscard]] virtual Status MakeDirectories(const std::string& path) = 0;

  // Names of the regular files in a directory, sorted. Errors: kNotFound, kIo.
  [[nodiscard]] virtual Result<std::vector<std::string>> List(const std::string& directory) = 0;
};

// The disk of this machine. One for all: it has no state.
FileSystem& DiskFileSystem();

}  // namespace crawlcard
