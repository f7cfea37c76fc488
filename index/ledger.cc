#include "index/ledger.h"

namespace crawlcard::index {
namespace {

void AddNames(const NameCounts& from, NameCounts& to) {
  for (const auto& [name, count] : from) to[name] += count;
}

}  // namespace

void FileCounts::Add(const FileCounts& other) {
  records += other.records;
  captures += other.captures;
  damaged += other.damaged;
  inflated_bytes += other.inflated_bytes;
  AddNames(other.errors, errors);
  AddNames(other.notes, notes);
  AddNames(other.types, types);
}

}  // namespace crawlcard::index
