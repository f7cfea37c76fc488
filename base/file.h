// base/file.h - files and pipes as byte sources.
//
// A file is read into a buffer, never mapped: a file that shrinks under a mapping
// kills the process, and the compressed bytes are the small side of the copy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/digest.h"
#include "base/result.h"

namespace crawlcard {

// Bytes that somebody else is still bringing, such as a transfer under way.
class ByteFeed {
 public:
  virtual ~ByteFeed() = default;

  // Waits for the next bytes and writes at most `bytes` of them; 0 is the end. Errors: kIo and
  // whatever the one who brings them says.
  [[nodiscard]] virtual Result<std::size_t> Read(char* to, std::size_t bytes) = 0;
};

class FileSource final : public ByteSource {
 public:
  // Reads what `feed` brings, front to back, as if it came from a pipe called `name`.
  [[nodiscard]] static std::unique_ptr<FileSource> Over(std::unique_ptr<ByteFeed> feed,
                                                        std::string name);

  // Opens `path` for reading; "-" is standard input. Refuses directories.
  // Errors: kNotFound, kIo.
  [[nodiscard]] static Result<std::unique_ptr<FileSource>> Open(const std::string& path);

  // Another source over the same open file, at `offset`. Only for regular files (see size()).
  // Errors: kIo.
  [[nodiscard]] Result<std::unique_ptr<FileSource>> At(std::uint64_t offset) const;

  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  Result<std::string_view> Peek(std::size_t want) override;
  void Consume(std::size_t bytes) override;
  std::uint64_t position() const override { return position_; }

  // Size in bytes at open, when the input is a regular file.
  std::optional<std::uint64_t> size() const { return size_; }

  // From now on every byte read is hashed. Call before the first Peek().
  void HashContents() { hash_contents_ = true; }

  // Reads to the end, then gives size and XXH3-128 of the whole input. Needs HashContents().
  // Errors: kIo.
  struct Contents {
    std::uint64_t bytes = 0;
    Xxh3Digest digest{};
  };
  [[nodiscard]] Result<Contents> FinishHash();

 private:
  FileSource(int fd, std::string path, std::optional<std::uint64_t> size);
  Status Fill(std::size_t want);
  Result<std::size_t> ReadSome(char* to, std::size_t bytes);

  int fd_;  // -1: the bytes come from feed_
  std::unique_ptr<ByteFeed> feed_;
  std::string path_;
  std::optional<std::uint64_t> size_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // first byte not consumed
  std::size_t end_ = 0;    // end of what was read
  std::uint64_t position_ = 0;
  std::uint64_t read_offset_ = 0;  // of the next byte to read
  bool at_end_ = false;
  bool hash_contents_ = false;
  std::uint64_t hashed_bytes_ = 0;
  Xxh3Hasher hasher_;
};

// Reads a whole small file. Errors: kNotFound, kIo, kTooLarge beyond `bytes_max`.
[[nodiscard]] Result<std::string> ReadFile(const std::string& path, std::uint64_t bytes_max);

// Writes `contents` under a temporary name beside `path`, syncs, then renames over it, so that a
// reader sees the old file or the new one. Errors: kIo.
[[nodiscard]] Status WriteFileAtomically(const std::string& path, std::string_view contents);

// Makes a file that its owner alone may read. Errors: kConflict when there is such a file, kIo.
[[nodiscard]] Status WriteNewSecret(const std::string& path, std::string_view contents);

// Writes all of `bytes` to a descriptor. False at an error, which errno tells.
[[nodiscard]] bool WriteAll(int fd, std::string_view bytes);

// Syncs the directory that holds `path`, so that a rename in it survives a crash. Errors: kIo.
[[nodiscard]] Status SyncDirectoryOf(const std::string& path);

}  // namespace crawlcard
