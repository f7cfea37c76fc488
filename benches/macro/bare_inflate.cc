// Unpacks the gzip members of a file with libdeflate and nothing else: the least that reading an
// archive can take. Usage: bare_inflate FILE [PARTS FOLDER]. Prints members and unpacked bytes.
// With PARTS the file is also cut into as many of about the same size, FOLDER/part-0.warc.gz and so
// on.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

// The whole file, mapped; empty on failure, which is reported.
std::string_view Map(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (file < 0 || fstat(file, &info) != 0 || info.st_size == 0) {
    std::perror(path);
    return {};
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  void* map = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (map == MAP_FAILED) {
    std::perror("mmap");
    return {};
  }
  madvise(map, size, MADV_SEQUENTIAL);
  return {static_cast<const char*>(map), size};
}

// Hands out the file in parts that end with a member.
class Parts {
 public:
  Parts(std::string_view file, std::size_t count, std::string folder)
      : file_(file), count_(count), folder_(std::move(folder)) {}

  void MemberEndsAt(std::size_t at) {
    if (count_ == 0 || (at < file_.size() && at < file_.size() / count_ * (number_ + 1))) return;
    const std::string path = folder_ + "/part-" + std::to_string(number_++) + ".warc.gz";
    std::ofstream out(path, std::ios::binary);
    out.write(file_.data() + begin_, static_cast<std::streamsize>(at - begin_));
    begin_ = at;
  }

 private:
  std::string_view file_;
  std::size_t count_;
  std::string folder_;
  std::size_t number_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) return 2;
  const std::string_view file = Map(argv[1]);
  if (file.empty()) return 1;
  Parts parts(file, argc == 4 ? std::strtoul(argv[2], nullptr, 10) : 0, argc == 4 ? argv[3] : "");
  std::vector<char> out(std::size_t{1} << 20);
  libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
  std::uint64_t members = 0;
  std::uint64_t unpacked = 0;
  for (std::size_t at = 0; at < file.size();) {
    std::size_t used = 0;
    std::size_t got = 0;
    const libdeflate_result result = libdeflate_gzip_decompress_ex(
        inflater, file.data() + at, file.size() - at, out.data(), out.size(), &used, &got);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      out.resize(2 * out.size());
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) {
      std::fprintf(stderr, "damaged member at %zu\n", at);
      return 1;
    }
    at += used;
    ++members;
    unpacked += got;
    parts.MemberEndsAt(at);
  }
  std::printf("%llu\t%llu\n", static_cast<unsigned long long>(members),
              static_cast<unsigned long long>(unpacked));
  libdeflate_free_decompressor(inflater);
  return 0;
}
