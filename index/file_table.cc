#include "index/internal/file_table.h"

namespace crawlcard::index {

std::string_view FileTable::AskedName(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  auto found = files_.find(id);
  if (found == files_.end()) {
    Result<File> file = load_(id);
    if (!file) {
      if (!failure_) failure_ = std::move(file.error());
      return {};
    }
    found = files_.emplace(id, std::move(*file)).first;
  }
  return found->second.sealed ? std::string_view(found->second.name) : std::string_view();
}

}  // namespace crawlcard::index
