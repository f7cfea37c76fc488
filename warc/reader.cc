#include "warc/reader.h"

#include <algorithm>
#include <utility>

#include "warc/internal/record_reader.h"
#include "warc/internal/record_start.h"
#include "warc/internal/unit_finder.h"
#include "warc/internal/unit_opener.h"
#include "warc/internal/unit_reader.h"

namespace crawlcard::warc {
namespace {

constexpr std::size_t kSearchWindow = std::size_t{64} << 10;

// The end of a window is searched again with what follows it: the first two lines of a record.
constexpr std::size_t kSearchOverlap = std::size_t{4} << 10;

// Bytes of failed units, beyond which a search goes on behind the failed unit and not inside it:
// members nested in each other could otherwise be unpacked again and again.
constexpr std::uint64_t kWasteBytesMax = std::uint64_t{64} << 20;
constexpr std::uint64_t kWasteFactor = 4;

// What Resync() has to do.
enum class Damage : std::uint8_t {
  kNone,
  kContent,  // a record inside a good unit: search the unpacked bytes
  kUnit,     // a unit that does not unpack, or bytes that start none: search the source
  kForeign,  // a file of another kind: nothing to search
};

}  // namespace

class Reader::Impl {
 public:
  Impl(ByteSource& source, const ReaderOptions& options)
      : source_(source),
        wanted_(options.wanted),
        unit_(source),
        opener_(source, unit_),
        records_(unit_, options.block_bytes_max) {}

  Result<const RecordView*> Next();
  Result<bool> Resync();
  std::uint64_t inflated_bytes() const { return unit_.inflated_bytes(); }

  bool at_unit_start() const {
    return unit_.is_compressed() && starts_clean_ && unit_records_ == 1 &&
           records_.record().extent.inner_offset == 0;
  }
  Result<bool> SeekUnit(std::uint64_t end);
  Status TakeDictionary(ByteSource& head);
  bool has_late_dictionary() const { return opener_.has_late_dictionary(); }
  Memory memory() const { return {opener_.has_compressed(), opener_.has_plain(), wasted_bytes_}; }
  void Inherit(const Memory& before) {
    opener_.Inherit(before.has_compressed, before.has_plain);
    wasted_bytes_ += before.wasted_bytes;
  }

 private:
  Result<bool> NextRecord();
  Damage DamageNow() const;
  Result<bool> SearchContent();
  Result<bool> SearchSource();
  Status LeaveFailedUnit();

  ByteSource& source_;
  const RecordTypeMask wanted_;
  internal::UnitReader unit_;
  internal::UnitOpener opener_;
  internal::RecordReader records_;
  Damage damage_ = Damage::kNone;
  std::uint64_t wasted_bytes_ = 0;
  bool starts_clean_ = false;       // the unit starts where the source stood
  std::uint64_t unit_records_ = 0;  // records read from the unit
};

Result<const RecordView*> Reader::Impl::Next() {
  if (damage_ != Damage::kNone) {
    CRAWLCARD_ASSIGN(const bool found, Resync());
    if (!found) return nullptr;
  }
  for (;;) {
    Result<bool> found = NextRecord();
    if (!found) {
      damage_ = DamageNow();
      return tl::unexpected<Error>(std::move(found).error());
    }
    if (!*found) return nullptr;
    const RecordView& record = records_.record();
    if ((wanted_ & static_cast<unsigned>(record.type)) != 0) return &record;
  }
}

// False at the end of the input.
Result<bool> Reader::Impl::NextRecord() {
  records_.Advance();
  internal::NoteSet notes;
  for (;;) {
    if (!unit_.is_open()) {
      const std::uint64_t position = source_.position();
      CRAWLCARD_ASSIGN(const bool opened, opener_.Open(records_.has_record(), notes));
      if (!opened) return false;
      records_.StartUnit();
      starts_clean_ = unit_.offset() == position;
      unit_records_ = 0;
    }
    CRAWLCARD_ASSIGN(const bool read, records_.Read(notes));
    if (read) {
      ++unit_records_;
      return true;
    }
    unit_.Close();
  }
}

Damage Reader::Impl::DamageNow() const {
  if (opener_.is_foreign()) return Damage::kForeign;
  return unit_.is_open() && !unit_.failure() ? Damage::kContent : Damage::kUnit;
}

Result<bool> Reader::Impl::Resync() {
  switch (std::exchange(damage_, Damage::kNone)) {
    case Damage::kNone: {
      CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(1));
      return unit_.is_open() || !window.empty();
    }
    case Damage::kContent:
      return SearchContent();
    case Damage::kUnit:
      CRAWLCARD_TRY(LeaveFailedUnit());
      return SearchSource();
    case Damage::kForeign:
      break;
  }
  damage_ = Damage::kForeign;
  return false;
}

// Searches the unpacked bytes of the unit behind the record that failed, then the units after it.
Result<bool> Reader::Impl::SearchContent() {
  // A plain stretch in a compressed file is litter between members: members end it.
  const bool may_hold_members = !unit_.is_compressed() && opener_.has_compressed();
  while (!may_hold_members) {
    CRAWLCARD_ASSIGN(const std::string_view window, unit_.Peek(kSearchWindow));
    if (window.empty()) break;
    const std::size_t found = internal::FindRecordStart(window, 1, records_.is_arc());
    if (found != std::string_view::npos) {
      unit_.Consume(found);
      return true;
    }
    const bool is_all = window.size() < kSearchWindow;
    unit_.Consume(is_all ? window.size() : window.size() - kSearchOverlap);
  }
  if (may_hold_members || unit_.failure()) CRAWLCARD_TRY(LeaveFailedUnit());
  unit_.Close();
  return SearchSource();
}

Result<bool> Reader::Impl::SearchSource() {
  const internal::UnitSearch search{
      .compressed = opener_.has_compressed() || !opener_.has_plain(),
      .plain = opener_.has_plain() || !opener_.has_compressed(),
      .arc = records_.is_arc(),
  };
  return internal::FindUnit(source_, search, unit_.inflater());
}

// Moves the source to where a search may start: one byte into the unit, since its own start is
// known to be bad, or behind all of it when too much has been searched twice.
Status Reader::Impl::LeaveFailedUnit() {
  std::size_t skip = 0;
  if (!unit_.is_open()) {
    skip = 1;
  } else {
    wasted_bytes_ += unit_.read_bytes();
    const bool is_wasteful = wasted_bytes_ > kWasteBytesMax + kWasteFactor * source_.position();
    if (is_wasteful) {
      skip = unit_.held_bytes();
    } else if (!unit_.is_compressed() || source_.position() == unit_.offset()) {
      skip = 1;
    }
    unit_.Close();
  }
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(skip));
  source_.Consume(std::min(skip, window.size()));
  return {};
}

Result<bool> Reader::Impl::SeekUnit(std::uint64_t end) {
  const internal::UnitSearch search{.compressed = true, .plain = false, .arc = false, .end = end};
  return internal::FindUnit(source_, search, unit_.inflater());
}

Status Reader::Impl::TakeDictionary(ByteSource& head) {
  internal::UnitOpener opener(head, unit_);
  return opener.ReadHead();
}

void Reader::Memory::Add(const Memory& other) {
  has_compressed = has_compressed || other.has_compressed;
  has_plain = has_plain || other.has_plain;
  wasted_bytes += other.wasted_bytes;
}

Reader::Reader(ByteSource& source, const ReaderOptions& options)
    : impl_(std::make_unique<Impl>(source, options)) {}
Reader::~Reader() = default;

Result<const RecordView*> Reader::Next() {
  return impl_->Next();
}
Result<bool> Reader::Resync() {
  return impl_->Resync();
}
std::uint64_t Reader::inflated_bytes() const {
  return impl_->inflated_bytes();
}
bool Reader::at_unit_start() const {
  return impl_->at_unit_start();
}
Result<bool> Reader::SeekUnit(std::uint64_t end) {
  return impl_->SeekUnit(end);
}
Status Reader::TakeDictionary(ByteSource& head) {
  return impl_->TakeDictionary(head);
}
bool Reader::has_late_dictionary() const {
  return impl_->has_late_dictionary();
}
Reader::Memory Reader::memory() const {
  return impl_->memory();
}
void Reader::Inherit(const Memory& before) {
  impl_->Inherit(before);
}

}  // namespace crawlcard::warc
