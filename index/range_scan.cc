#include "index/internal/range_scan.h"

#include <algorithm>
#include <cstring>

#include "index/internal/ranges.h"
#include "index/internal/row_page.h"
#include "index/internal/row_place.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

// Rows of one URL in one second that are looked at together; more are taken in further lots.
constexpr std::size_t kRunRowsMax = 256;
// Exact URLs under one key (scheme, www, letter case) whose content is remembered for revisits.
constexpr std::size_t kContentsMax = 16;

// Few rows are longer.
constexpr std::size_t kRowBytesMin = 1024;

// Stands for the name of a file that nobody asks for.
constexpr std::string_view kSomeName = "-";

// What a scan decodes of each row: what the fold asks for, and what a whole verdict needs. Codes
// are found by the marks of a row.
RowParts PartsFor(const ScanOptions& options, const TakedownTable& takedowns) {
  if (options.judge && !options.codes_only) return kRowAll;
  // Requests are looked up by URL.
  return takedowns.empty() ? options.parts : static_cast<RowParts>(options.parts | kRowUrl);
}

// Whether rows are read in two steps: first what is their own, then what they share with others.
bool WantsAlike(const ScanOptions& options) {
  return options.judge && options.codes_only && options.number_alike;
}

// Whether both begin with the same `size` bytes. Asked of each row, mostly for a few words.
CRAWLCARD_INLINE inline bool SameBytes(const char* a, const char* b, std::size_t size) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (size < kWord) return std::memcmp(a, b, size) == 0;
  const auto differ = [a, b](std::size_t at) {
    std::uint64_t one = 0;
    std::uint64_t other = 0;
    std::memcpy(&one, a + at, kWord);
    std::memcpy(&other, b + at, kWord);
    return one != other;
  };
  for (std::size_t at = 0; at + kWord < size; at += kWord) {
    if (differ(at)) return false;
  }
  return !differ(size - kWord);
}

}  // namespace

RangeScan::RangeScan(const Store::Impl& store, const FileTable& files,
                     const TakedownTable& takedowns, const BodyTable& bodies,
                     const ScanOptions& options, robots::ParsedFileCache& parsed,
                     const ScopedSnapshot* snapshot, std::string_view lower, std::string_view upper,
                     Fold& fold)
    : store_(store),
      files_(files),
      takedowns_(takedowns),
      options_(options),
      parsed_(parsed),
      fold_(fold),
      upper_(upper),
      parts_(PartsFor(options, takedowns)),
      codes_wanted_(options.judge && options.codes_only),
      alike_wanted_(WantsAlike(options)),
      first_parts_(alike_wanted_ ? static_cast<RowParts>(parts_ & (kRowUrl | kRowSurt)) : parts_),
      host_apart_((parts_ & kRowHost) != 0 && (first_parts_ & (kRowUrl | kRowHost)) == 0),
      skip_names_((parts_ & kRowTexts) == 0 && files.all_sealed()),
      hosts_(store.NewIterator(Family::kHosts, snapshot)),
      pages_(store.NewIterator(Family::kPages, snapshot)),
      blobs_(store),
      numbers_(bodies, blobs_),
      bodies_numbered_(options.number_bodies || codes_wanted_),
      history_(store, files, blobs_, parsed),
      documents_(store, files, blobs_),
      judge_(options.judge_options, documents_),
      codes_(store, files, blobs_, numbers_, parsed, options.judge_options) {
  hosts_->Seek(ToSlice(lower));
  pages_->Seek(ToSlice(lower));
  if (pages_->Valid()) page_key_ = ToView(pages_->key());
}

std::string_view RangeScan::NameOf(std::uint64_t file_id) {
  // Where every file is sealed and nobody looks at texts, the name is not worth a look into memory.
  if (skip_names_) return kSomeName;
  if (file_id != file_id_ || file_name_.empty()) {
    file_id_ = file_id;
    file_name_ = files_.SealedName(file_id);
  }
  return file_name_;
}

// The next group in key order of either family, or an empty view at the end of the range.
std::string_view RangeScan::NextGroup() {
  const auto in_range = [this](std::string_view key) {
    return !key.empty() && (upper_.empty() || key < upper_);
  };
  const auto group_of = [](std::string_view key) {
    return GroupOfStored(key.substr(0, std::min(key.find('\0'), key.size())));
  };
  const std::string_view host_key = hosts_->Valid() ? ToView(hosts_->key()) : std::string_view();
  const bool has_host = in_range(host_key);
  const bool has_page = in_range(page_key_);
  if (!has_host && !has_page) return {};
  if (!has_page) return group_of(host_key);
  if (!has_host) return group_of(page_key_);
  return std::min(group_of(host_key), group_of(page_key_));
}

void RangeScan::NextPage() {
  pages_->Next();
  page_key_ = pages_->Valid() ? ToView(pages_->key()) : std::string_view();
}

Status RangeScan::Run() {
  for (;;) {
    group_ = NextGroup();
    if (group_.empty()) break;
    CRAWLCARD_TRY(ReadHostRows(group_));
    CRAWLCARD_TRY(ReadPages(group_));
  }
  for (const auto* rows : {&hosts_, &pages_}) {
    if (!(*rows)->status().ok()) {
      return tl::unexpected(FromRocks((*rows)->status(), "cannot read the index"));
    }
  }
  return {};
}

// --- hosts --------------------------------------------------------------------------------------

Status RangeScan::ReadHostRows(std::string_view group) {
  const bool codes = codes_wanted_;
  if (options_.judge) history_.Clear();
  if (codes) codes_.EnterGroup();
  history_filled_ = !codes;
  std::string last_origin;
  for (; hosts_->Valid(); hosts_->Next()) {
    const std::string_view bytes = ToView(hosts_->key());
    HostKeyView key;
    if (!DecodeHostKey(bytes, key)) {
      return Fail(ErrorCode::kCorrupt, "host key of {} bytes cannot be decoded", bytes.size());
    }
    if (key.group != group) break;
    const std::string_view file = NameOf(key.place.file_id);
    if (file.empty()) continue;

    arena_.Reset();
    CaptureView& capture = host_capture_;
    const std::string_view value = ToView(hosts_->value());
    CRAWLCARD_TRY(DecodeHostRow(key, value, file, arena_, capture, parts_));
    ScannedHostRow row;
    row.capture = &capture;
    if (bodies_numbered_ && !capture.body_sha256.empty()) {
      row.number = numbers_.Of(capture.body_sha256);
    }
    if (codes) {
      codes_.AddHostRow(key, capture, row.number, bytes, value);
    } else if (options_.judge) {
      history_.Add(key, capture);
    }

    row.first_of_origin = key.origin != last_origin;
    if (row.first_of_origin) last_origin = key.origin;
    if (options_.bodies && fold_.WantsBody(row)) {
      if (parts_ != kRowAll) {
        CRAWLCARD_TRY(DecodeHostRow(key, value, file, arena_, capture, kRowAll));
      }
      CRAWLCARD_TRY(AddBody(row));
    }
    CRAWLCARD_TRY(fold_.OnHostRow(row));
  }
  return {};
}

Status RangeScan::AddBody(ScannedHostRow& row) {
  if (options_.bodies_read) return CompleteHostRow(blobs_, arena_, host_capture_, row.body);
  if (host_capture_.body_sha256.empty()) return {};
  CRAWLCARD_ASSIGN(row.body, blobs_.Read(host_capture_.body_sha256));
  if (host_capture_.well_known != robots::WellKnown::kRobotsTxt) return {};
  row.parsed = &parsed_;
  return {};
}

// --- pages --------------------------------------------------------------------------------------

// Whether a page key is one of the group's.
CRAWLCARD_INLINE inline bool InGroup(std::string_view key, std::string_view group) {
  return key.size() > group.size() && key[group.size()] < kStoredLabelMark &&
         SameBytes(key.data(), group.data(), group.size());
}

Status RangeScan::ReadPages(std::string_view group) {
  while (key_goes_on_ || InGroup(page_key_, group)) {
    if (!ReadRun()) return std::move(failure_);
    if (!(run_size_ == 1 ? HandOut(*run_.front()) : HandOutRun())) return std::move(failure_);
  }
  return {};
}

void RangeScan::Row::Take(std::string_view key_in, std::string_view value_in) {
  const std::size_t bytes = key_in.size() + value_in.size();
  if (bytes > memory.room) {
    memory.room = std::max(2 * bytes, kRowBytesMin);
    memory.bytes = std::make_unique_for_overwrite<char[]>(memory.room);
  }
  char* const at = memory.bytes.get();
  std::memcpy(at, key_in.data(), key_in.size());
  std::memcpy(at + key_in.size(), value_in.data(), value_in.size());
  key = {at, key_in.size()};
  value = {at + key_in.size(), value_in.size()};
}

RangeScan::Row& RangeScan::NewRow() {
  if (run_size_ == run_.size()) run_.push_back(std::make_unique<Row>());
  return *run_[run_size_];
}

bool RangeScan::SameSecondFollows(const Row& row) {
  const std::size_t url_bytes = url_bytes_;
  // Most keys end their URL elsewhere.
  key_goes_on_ = page_key_.size() > url_bytes && page_key_[url_bytes] == row.key[url_bytes] &&
                 SameBytes(page_key_.data(), row.key.data(), url_bytes);
  return key_goes_on_ && page_key_.substr(url_bytes + 1, kKeyTimeBytes) ==
                             row.key.substr(url_bytes + 1, kKeyTimeBytes);
}

// Takes the rows of one URL key and second.
bool RangeScan::ReadRun() {
  if (!key_goes_on_) contents_size_ = 0;
  run_size_ = 0;
  arena_.Reset();
  bool same_second = true;
  while (same_second && run_size_ < kRunRowsMax) {
    Row& row = NewRow();
    row.Take(page_key_, ToView(pages_->value()));
    if (!key_goes_on_) url_bytes_ = row.key.find('\0');
    if (!ReadPageKey(row.key, url_bytes_, row.place)) {
      return Note(
          Fail(ErrorCode::kCorrupt, "page key of {} bytes cannot be decoded", row.key.size()));
    }
    row.file = NameOf(row.place.place.file_id);
    NextPage();
    same_second = SameSecondFollows(row);
    if (row.file.empty()) continue;
    // Rows are compared with others of their key, if there are any.
    const bool marks = codes_wanted_ || key_goes_on_ || run_size_ > 0 || contents_size_ > 0;
    RowMarks* const marks_out = marks ? &row.marks : nullptr;
    const RowParts parts = first_parts_;
    if (!ReadPageRow(row.place, row.value, row.file, arena_, row.capture, parts, marks_out)) {
      return Note(
          DecodePageRow(row.place, row.value, row.file, arena_, row.capture, parts, marks_out));
    }
    if (host_apart_ && !Note(ReadHost(row))) return false;
    ++run_size_;
  }
  return true;
}

bool RangeScan::HandOutRun() {
  for (std::size_t i = 0; i < run_size_; ++i) run_[i]->rank = RankOf(run_[i]->capture);
  for (std::size_t i = 0; i < run_size_; ++i) {
    Row& row = *run_[i];
    const auto end = run_.begin() + static_cast<std::ptrdiff_t>(run_size_);
    const bool better = std::any_of(run_.begin(), end, [&](const std::unique_ptr<Row>& other) {
      return other->rank < row.rank && other->marks.SameUrl(row.marks);
    });
    if (!better && !HandOut(row)) return false;
  }
  return true;
}

bool RangeScan::HandOut(Row& row) {
  const CaptureView& capture = row.capture;
  const CaptureView* earlier = nullptr;
  if (IsUnchanged(capture)) {
    if (!Note(FindEarlier(row, earlier))) return false;
  } else if (run_size_ > 1 || key_goes_on_) {
    RememberContent(row);
  }
  ScannedPage page;
  page.capture = &capture;
  page.url_key = row.place.stored_surt;
  if (codes_wanted_) {
    if (!Note(CodesForRow(row, earlier, page))) return false;
  } else if (options_.judge) {
    if (!Note(JudgeRow(capture, earlier))) return false;
    page.verdict = &verdict_;
  }
  if (!takedowns_.empty()) Honour(page);
  if (alike_wanted_ && !Note(ReadFacts(row, earlier != nullptr, page))) return false;
  if (earlier != nullptr) {
    merged_ = MergeUnchanged(*page.capture, *earlier, earlier_arena_);
    page.capture = &merged_;
  }
  return Note(fold_.OnPage(page));
}

void RangeScan::Honour(ScannedPage& page) {
  page.takedown = takedowns_.Find(page.capture->url, page.capture->host,
                                  TakedownInstant(options_.judge_options));
  if (page.takedown == nullptr) return;
  verdict_.usable = false;
  if (page.codes == nullptr) return;
  // Codes are shared by pages that no request covers.
  taken_codes_ = *page.codes;
  taken_codes_.usable = false;
  page.codes = &taken_codes_;
}

UnixSeconds RangeScan::InstantOf(const CaptureView& capture) const {
  const AsOf& as_of = options_.judge_options.as_of;
  return as_of.kind == AsOf::Kind::kCapture ? capture.date.value_or(0) : as_of.instant;
}

Status RangeScan::JudgeRow(const CaptureView& capture, const CaptureView* earlier) {
  CRAWLCARD_ASSIGN(verdict_, judge_.Judge(capture.url, capture.surt, InstantOf(capture), &capture,
                                          earlier, history_));
  return {};
}

Status RangeScan::CodesForRow(const Row& row, const CaptureView* earlier, ScannedPage& page) {
  CodesJudge::Page asked;
  asked.capture = &row.capture;
  asked.stored_surt = row.place.stored_surt;
  asked.marks = &row.marks;
  asked.earlier = earlier;
  asked.earlier_marks = &earlier_marks_;
  CRAWLCARD_ASSIGN(CodesJudge::Found found, codes_.Find(asked, InstantOf(row.capture)));
  if (found.answer == nullptr) {
    CRAWLCARD_TRY(JudgeWhole(row, earlier));
    found = codes_.Keep(verdict_, judge_.lasting());
  }
  page.codes = &found.answer->codes;
  alike_ = found.alike;
  return {};
}

Status RangeScan::JudgeWhole(const Row& row, const CaptureView* earlier) {
  if (!history_filled_) {
    CRAWLCARD_TRY(codes_.Fill(history_));
    history_filled_ = true;
  }
  whole_arena_.Reset();
  CaptureView whole;
  CRAWLCARD_TRY(DecodePageRow(row.key, row.value, files_.SealedName(row.place.place.file_id),
                              whole_arena_, whole));
  return JudgeRow(whole, earlier);
}

Status RangeScan::ReadHost(Row& row) {
  const std::string_view surt = row.place.stored_surt;
  CaptureView& capture = row.capture;
  if (row.marks.host_form == host_form_ && host_form_ != 0 && surt.starts_with(host_key_)) {
    capture.host = arena_.Copy(host_);
    capture.domain = capture.host.substr(capture.host.size() - domain_bytes_);
    capture.url = {};
    return {};
  }
  CRAWLCARD_TRY(DecodePageRow(row.place, row.value, row.file, arena_, located_, kRowHost, nullptr));
  capture.url = located_.url;
  capture.host = located_.host;
  capture.domain = located_.domain;
  const std::size_t end = surt.find(kStoredHostEnd);
  host_form_ = end == std::string_view::npos ? std::uint8_t{0} : row.marks.host_form;
  if (host_form_ == 0) return {};
  host_key_ = surt.substr(0, end + 1);
  host_ = capture.host;
  domain_bytes_ = capture.domain.size();
  return {};
}

Status RangeScan::ReadFacts(const Row& row, bool repeats, ScannedPage& page) {
  if (!repeats && page.takedown == nullptr) page.alike = alike_;
  if (page.alike != 0 && !fold_.WantsFacts(page.alike)) return {};
  page.capture = &facts_;
  return DecodePageRow(row.place, row.value, row.file, arena_, facts_, parts_, nullptr);
}

void RangeScan::RememberContent(Row& row) {
  const auto known = contents_.begin() + static_cast<std::ptrdiff_t>(contents_size_);
  auto found = std::find_if(contents_.begin(), known, [&](const Content& content) {
    return content.marks.SameUrl(row.marks);
  });
  if (found == known) {
    if (contents_size_ == kContentsMax) return;
    if (contents_size_ == contents_.size()) found = contents_.emplace(contents_.end());
    ++contents_size_;
  }
  // What is told of the row stays where it is: nothing is written there before the next run.
  std::swap(found->memory, row.memory);
  found->key = row.key;
  found->value = row.value;
  found->marks = row.marks;
}

Status RangeScan::FindEarlier(const Row& row, const CaptureView*& earlier_out) {
  for (std::size_t i = 0; i < contents_size_; ++i) {
    const Content& content = contents_[i];
    if (!content.marks.SameUrl(row.marks)) continue;
    PageKeyView place;
    if (!DecodePageKey(content.key, place)) continue;
    earlier_arena_.Reset();
    CRAWLCARD_TRY(DecodePageRow(place, content.value, files_.SealedName(place.place.file_id),
                                earlier_arena_, earlier_, kRowAll, &earlier_marks_));
    earlier_out = &earlier_;
  }
  return {};
}

}  // namespace crawlcard::index
