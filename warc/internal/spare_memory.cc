#include "warc/internal/spare_memory.h"

#include <cstdlib>
#include <utility>
#include <vector>

namespace crawlcard::warc::internal {
namespace {

struct Free {
  void operator()(char* memory) const { std::free(memory); }
};
struct Spare {
  std::unique_ptr<char, Free> memory;
  std::size_t bytes = 0;
};

std::vector<Spare>& Spares() {
  thread_local std::vector<Spare> spares;
  return spares;
}

}  // namespace

void KeepSpare::operator()(char* memory) const {
  std::unique_ptr<char, Free> block(memory);
  if (bytes > kSpareBytesMax || Spares().size() == kSpareBlocksMax) return;
  Spares().push_back({std::move(block), bytes});
}

MemoryBlock TakeSpare() {
  if (Spares().empty()) return {};
  Spare spare = std::move(Spares().back());
  Spares().pop_back();
  return {spare.memory.release(), KeepSpare{spare.bytes}};
}

}  // namespace crawlcard::warc::internal
