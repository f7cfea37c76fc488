#include "dataset/host_list.h"

#include <cstring>
#include <utility>

#include "base/digest.h"

namespace crawlcard::dataset {
namespace {

constexpr std::size_t kSlotsAtFirst = 1024;

std::uint64_t KeyOf(std::string_view host) {
  const Xxh3Digest digest = Xxh3(host);
  std::uint64_t key = 0;
  std::memcpy(&key, digest.data(), sizeof key);
  return key == 0 ? 1 : key;
}

}  // namespace

HostList::HostList(std::unique_ptr<ReplacedFile> file)
    : file_(std::move(file)), slots_(kSlotsAtFirst, 0) {}

Result<std::unique_ptr<HostList>> HostList::Create(const std::string& path) {
  CRAWLCARD_ASSIGN(std::unique_ptr<ReplacedFile> file, ReplacedFile::Create(path));
  return std::unique_ptr<HostList>(new HostList(std::move(file)));
}

// True when the key is new.
bool HostList::Insert(std::uint64_t key) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = key & mask;; at = (at + 1) & mask) {
    if (slots_[at] == key) return false;
    if (slots_[at] != 0) continue;
    slots_[at] = key;
    return true;
  }
}

void HostList::Grow() {
  std::vector<std::uint64_t> old(2 * slots_.size(), 0);
  old.swap(slots_);
  for (const std::uint64_t key : old) {
    if (key != 0) Insert(key);
  }
}

Status HostList::Add(std::string_view host) {
  if (!Insert(KeyOf(host))) return {};
  ++hosts_;
  if (4 * hosts_ > 3 * slots_.size()) Grow();
  CRAWLCARD_TRY(file_->Write(host));
  return file_->Write("\n");
}

}  // namespace crawlcard::dataset
