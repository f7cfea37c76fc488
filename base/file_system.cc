#include "base/file_system.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"

namespace crawlcard {
namespace {

tl::unexpected<Error> FailErrno(const char* what, const std::string& path) {
  const int error = errno;
  ErrorCode code = ErrorCode::kIo;
  if (error == EEXIST || error == ENOTEMPTY) code = ErrorCode::kConflict;
  if (error == ENOENT) code = ErrorCode::kNotFound;
  if (error == EWOULDBLOCK) code = ErrorCode::kLocked;
  return tl::unexpected<Error>(
      Error(code, fmt::format("{}: {}", what, std::strerror(error))).At(std::string_view(path)));
}

// Keeps errno.
bool SameFile(const std::string& a, const std::string& b) {
  const int error = errno;
  struct stat of_a {};
  struct stat of_b {};
  const bool same = ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 &&
                    of_a.st_ino == of_b.st_ino && of_a.st_dev == of_b.st_dev;
  errno = error;
  return same;
}

class DiskFile final : public OutputFile {
 public:
  // Takes `fd`.
  DiskFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~DiskFile() override { ::close(fd_); }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  // Locks the file and finds its end. kLocked when another one holds it; kNotFound when the name
  // went to another file, or to none, between open and lock: its owner has sealed it.
  Status Lock() {
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) return FailErrno("cannot lock", path_);
    struct stat ours {};
    struct stat named {};
    if (::fstat(fd_, &ours) != 0) return FailErrno("cannot examine", path_);
    if (::stat(path_.c_str(), &named) != 0) return FailErrno("cannot examine", path_);
    if (ours.st_ino != named.st_ino || ours.st_dev != named.st_dev) {
      errno = ENOENT;
      return FailErrno("was renamed", path_);
    }
    size_ = static_cast<std::uint64_t>(ours.st_size);
    return {};
  }

  Status Append(std::string_view bytes) override {
    if (!WriteAll(fd_, bytes)) {
      auto failure = FailErrno("cannot write", path_);
      const off_t end = ::lseek(fd_, 0, SEEK_END);
      if (end >= 0) size_ = static_cast<std::uint64_t>(end);
      return failure;
    }
    size_ += bytes.size();
    return {};
  }

  Status Truncate(std::uint64_t bytes) override {
    if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0) return FailErrno("cannot cut", path_);
    size_ = bytes;
    return {};
  }

  Status Sync() override {
    if (::fsync(fd_) != 0) return FailErrno("cannot sync", path_);
    return {};
  }

  std::uint64_t size() const override { return size_; }

 private:
  int fd_;
  std::string path_;
  std::uint64_t size_ = 0;
};

class Disk final : public FileSystem {
 public:
  Result<std::unique_ptr<OutputFile>> Create(const std::string& path) override {
    return OpenLocked(path, O_CREAT | O_EXCL);
  }

  Result<std::unique_ptr<OutputFile>> Reopen(const std::string& path) override {
    return OpenLocked(path, 0);
  }

  Result<std::unique_ptr<ByteSource>> Read(const std::string& path) override {
    CRAWLCARD_ASSIGN(std::unique_ptr<FileSource> source, FileSource::Open(path));
    return std::unique_ptr<ByteSource>(std::move(source));
  }

  // A hard link refuses a taken name in one step, where rename(2) would replace it; file systems
  // without links get the rename, and directories, which never replace one that is not empty. Both
  // names of one file are what a crash between the two steps leaves: the second step is still to
  // do.
  Status RenameDurably(const std::string& from, const std::string& to) override {
    const bool linked = ::link(from.c_str(), to.c_str()) == 0;
    if (linked || (errno == EEXIST && SameFile(from, to))) {
      if (::unlink(from.c_str()) != 0) return FailErrno("cannot rename", from);
      return SyncDirectoryOf(to);
    }
    if (errno == EEXIST || errno == ENOENT) return FailErrno("cannot rename", from);
    if (Exists(to)) {
      errno = EEXIST;
      return FailErrno("cannot rename", from);
    }
    if (::rename(from.c_str(), to.c_str()) != 0) return FailErrno("cannot rename", from);
    return SyncDirectoryOf(to);
  }

  Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return FailErrno("cannot remove", path);
    return {};
  }

  bool Exists(const std::string& path) override {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
  }

  Status MakeDirectories(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
      return tl::unexpected<Error>(
          Error(ErrorCode::kIo, "cannot make directory: " + error.message())
              .At(std::string_view(path)));
    }
    return {};
  }

  Result<std::vector<std::string>> List(const std::string& directory) override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(directory, error);
    for (const std::filesystem::directory_iterator end; !error && entry != end;
         entry.increment(error)) {
      std::error_code gone;  // removed meanwhile: no file of ours
      if (entry->is_regular_file(gone)) names.push_back(entry->path().filename().string());
    }
    if (error) {
      const bool missing = error == std::errc::no_such_file_or_directory;
      return tl::unexpected<Error>(
          Error(missing ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot list: " + error.message())
              .At(std::string_view(directory)));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  static Result<std::unique_ptr<OutputFile>> OpenLocked(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0644);
    if (fd < 0) return FailErrno("cannot open", path);
    auto file = std::make_unique<DiskFile>(fd, path);
    CRAWLCARD_TRY(file->Lock());
    return std::unique_ptr<OutputFile>(std::move(file));
  }
};

}  // namespace

FileSystem& DiskFileSystem() {
  static Disk disk;
  return disk;
}

}  // namespace crawlcard
