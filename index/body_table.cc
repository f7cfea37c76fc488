#include "index/internal/body_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <utility>

#include <rocksdb/iterator.h>

#include "index/limits.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

// The bits that a digest begins with, as they sort.
std::uint64_t FirstBits(std::string_view sha256) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof bits; ++i) {
    bits = bits << 8 | static_cast<unsigned char>(sha256[i]);
  }
  return bits;
}

// The digest of a form: that of the body, where the body is its own.
std::string_view FormOf(std::string_view sha256, std::string_view blob_form) {
  return blob_form.empty() ? sha256 : blob_form;
}

}  // namespace

BodyTable::BodyTable(const Store::Impl& store, const ScopedSnapshot& snapshot,
                     std::size_t bodies_max) {
  std::string body;
  const auto rows = store.NewIterator(Family::kBlobs, &snapshot);
  std::string_view last;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    const std::string_view sha256 = ToView(rows->key());
    // Partitions have their own copies. What is damaged, here or behind, is told by who asks for
    // it.
    if (sha256.size() != kDigestBytes || sha256 == last) continue;
    if (bodies() == bodies_max) break;
    const Result<BlobHead> head = DecodeBlobHead(ToView(rows->value()));
    if (!head) continue;
    if (head->form) {
      Add(sha256, *head->form);
    } else {
      if (!DecodeBlob(ToView(rows->value()), body)) continue;
      Add(sha256, BlobForm(body));
    }
    last = std::string_view(digests_).substr(digests_.size() - kDigestBytes);
  }
  Finish();
}

void BodyTable::Add(std::string_view sha256, std::string_view blob_form) {
  const auto next = static_cast<std::uint32_t>(forms_.size() + 1);
  const auto [form, is_new] = forms_.try_emplace(std::string(FormOf(sha256, blob_form)), next);
  digests_.append(sha256);
  forms_of_.push_back(form->second);
}

void BodyTable::Finish() {
  // About one digest for each start.
  const auto bits = static_cast<unsigned>(std::bit_width(forms_of_.size()));
  start_shift_ = 64 - std::max(bits, 1U);
  starts_.assign((std::size_t{1} << (64 - start_shift_)) + 1, 0);
  for (std::size_t i = 0; i < forms_of_.size(); ++i) {
    ++starts_[(FirstBits(std::string_view(digests_).substr(i * kDigestBytes)) >> start_shift_) + 1];
  }
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
}

BodyNumber BodyTable::Find(std::string_view sha256) const {
  if (sha256.size() != kDigestBytes || forms_of_.empty()) return {};
  const std::size_t start = FirstBits(sha256) >> start_shift_;
  for (std::size_t i = starts_[start]; i < starts_[start + 1]; ++i) {
    if (std::memcmp(digests_.data() + i * kDigestBytes, sha256.data(), kDigestBytes) == 0) {
      return {i + 1, forms_of_[i]};
    }
  }
  return {};
}

std::uint64_t BodyTable::FindForm(std::string_view sha256, std::string_view body) const {
  const auto found = forms_.find(std::string(FormOf(sha256, BlobForm(body))));
  return found == forms_.end() ? 0 : found->second;
}

// Their numbers are behind those of the table, which is full, and are not given twice.
BodyNumber BodyNumbers::OfOther(std::string_view sha256) {
  const auto known = others_.find(std::string(sha256));
  if (known != others_.end()) return known->second;
  const Result<std::string_view> body = blobs_.Read(sha256);
  if (!body) return {};
  if (others_.size() >= limits::kScanBodiesMax) others_.clear();
  ++given_;
  BodyNumber number{table_.bodies() + given_, table_.FindForm(sha256, *body)};
  if (number.form == 0) number.form = table_.forms() + given_;
  others_.emplace(sha256, number);
  return number;
}

}  // namespace crawlcard::index
