// Names of files in the index, and of the snapshot they belong to.
#include <algorithm>

#include "index/ingest/observe.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kRoot = "crawl-data/";

// Position of "crawl-data/" as a path component, or npos.
std::size_t FindRoot(std::string_view path) {
  for (std::size_t at = path.find(kRoot); at != std::string_view::npos;
       at = path.find(kRoot, at + 1)) {
    if (at == 0 || path[at - 1] == '/') return at;
  }
  return std::string_view::npos;
}

std::string_view WithoutDotSlash(std::string_view path) {
  while (path.starts_with("./")) {
    path.remove_prefix(2);
    while (path.starts_with('/')) path.remove_prefix(1);
  }
  return path;
}

}  // namespace

std::string ArchiveName(std::string_view path, std::string_view base) {
  if (const std::size_t root = FindRoot(path); root != std::string_view::npos) {
    return std::string(path.substr(root));
  }
  if (!base.empty()) {
    std::string_view relative = WithoutDotSlash(path);
    base = WithoutDotSlash(base);
    while (base.size() > 1 && base.ends_with('/')) base.remove_suffix(1);
    if (base == "." || base.empty()) return std::string(relative);
    if (relative.starts_with(base)) {
      relative.remove_prefix(base.size());
      if (relative.starts_with('/') || base == "/") {
        while (relative.starts_with('/')) relative.remove_prefix(1);
        if (!relative.empty()) return std::string(relative);
      }
    }
  }
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string SnapshotId(std::string_view archive_name, const FileInfo& info) {
  if (const std::size_t root = FindRoot(archive_name); root != std::string_view::npos) {
    const std::string_view rest = archive_name.substr(root + kRoot.size());
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos && slash != 0) return std::string(rest.substr(0, slash));
  }
  return info.is_part_of;
}

}  // namespace crawlcard::index
