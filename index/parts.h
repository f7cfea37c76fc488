// index/parts.h - where the workers of one build put their indexes, whole and once each.
//
// DIR/parts.json says what all parts have in common; DIR/part-00003-of-00016/ is the index of
// worker 3. A part appears under its name by one rename of a directory that was written and synced
// before: it is there whole or not at all, and that it is there says that its worker is done. Of
// two workers with the same part the second one finds the name taken and loses nothing but its
// time. DIR may be on any file system that renames atomically.
//
// Thread rule: thread-compatible; any number of processes on any number of machines.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/file_system.h"
#include "base/result.h"

namespace crawlcard::index {

// What all workers of one build must agree on, or their parts do not make one index.
struct PartsPlan {
  std::uint64_t parts = 1;
  std::uint64_t inputs = 0;  // of all parts
  std::string inputs_xxh3;   // of their names, in order
  std::string language;      // options that change facts
  bool verify_digests = false;

  // One line of JSON, crawlcard.parts.v1.
  std::string ToJson() const;
};

class PartsDirectory {
 public:
  // Makes the directory and its plan where there is none. Borrows `files`.
  // Errors: kConflict when another plan is there, kIo.
  [[nodiscard]] static Result<PartsDirectory> Open(FileSystem& files, std::string directory,
                                                   const PartsPlan& plan);

  // "part-00003-of-00016".
  std::string NameOf(std::uint64_t part) const;
  std::string PathOf(std::uint64_t part) const { return directory_ + "/" + NameOf(part); }
  bool Has(std::uint64_t part) { return files_->Exists(PathOf(part)); }

  // How many parts are not there yet. Errors: kIo.
  [[nodiscard]] Result<std::uint64_t> CountMissing() const;

  // Copies the index at `index_directory`, which no process may have open for writing, and gives
  // it its name. False when the part was there already, or came while this one was copied.
  // Errors: kLocked when the index is in use, kCancelled, kNotFound, kIo; nothing is published
  // then, and the half copy is taken away where that is possible.
  [[nodiscard]] Result<bool> Publish(const std::string& index_directory, std::uint64_t part,
                                     const std::atomic<bool>& stop_requested);

  // Takes away half copies of a part that is there, and half plans, whoever left them: who is still
  // at work on one finds that it came second.
  void RemoveHalfCopies(std::uint64_t part) const;

 private:
  PartsDirectory(FileSystem& files, std::string directory, std::uint64_t parts)
      : files_(&files), directory_(std::move(directory)), parts_(parts) {}

  [[nodiscard]] Status KeepPlan(const std::string& plan);
  [[nodiscard]] Status CopyTree(const std::string& from, const std::string& to,
                                const std::atomic<bool>& stop_requested);
  [[nodiscard]] Status CopyFile(const std::string& from, const std::string& to);
  FileSystem* files_;
  std::string directory_;
  std::uint64_t parts_;
};

}  // namespace crawlcard::index
