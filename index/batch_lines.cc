// Verdict lines that are written again for URLs that are judged alike: index/internal/line_form.h.

#include "index/internal/batch_worker.h"
#include "index/verdict_json.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kHead = R"({"schema":"crawlcard.verdict.v1","url":)";

// Beside the bytes of its texts.
constexpr std::size_t kTextsBytes = 160;

}  // namespace

Result<const FileTexts*> Batch::Worker::Impl::TextsAt(std::uint32_t number, std::size_t at,
                                                      UnixSeconds as_of) {
  Origin& origin = origins_[number];
  if (!origin.record.known) return &no_texts_;
  origin.texts.resize(origin.record.standings.size());
  const FileTexts*& texts = origin.texts[at];
  if (texts != nullptr) return texts;
  const UnixSeconds since = origin.record.standings[at].since;
  texts_key_.assign(reinterpret_cast<const char*>(&since), sizeof since);
  texts_key_.append(origin.authority);
  if (const auto found = texts_.find(texts_key_); found != texts_.end()) {
    return texts = &found->second;
  }
  CRAWLCARD_TRY(ReadOrigin(number));
  CRAWLCARD_ASSIGN(const std::vector<OriginEvidence> files, reader_.EvidenceAt(as_of));
  // Those of hosts that come once would only push the others' out.
  const bool comes_again = origin.rows > 1 || origin.found;
  FileTexts& made = comes_again ? texts_[texts_key_] : passing_texts_.emplace_back();
  std::size_t bytes = kTextsBytes + texts_key_.size();
  for (const OriginEvidence& one : files) bytes += made.emplace_back(one.evidence).bytes();
  if (comes_again) texts_bytes_ += bytes;
  return texts = &made;
}

Status Batch::Worker::Impl::RepeatLine(const AskedUrl& asked, const Row& row, std::size_t at,
                                       const LineForm& form, const PageReader::Found* page,
                                       BatchAnswer& answer) {
  CRAWLCARD_ASSIGN(const FileTexts* texts, TextsAt(row.origin, at, answer.as_of));
  line_.assign(kHead);
  AppendJsonString(asked.url, line_);
  line_.append(line_middle_);
  JsonWriter json(line_);
  WriteDate(answer.as_of, json);
  form.AppendTail(page == nullptr ? nullptr : &page->capture, *texts, line_);
  answer.json = arena_.Copy(line_);
  return {};
}

// Of `line_`, which was written for the origin that reader_ stands in.
Status Batch::Worker::Impl::RememberLine(const AskedUrl& asked, const UrlVerdict& verdict,
                                         const VerdictPlaces& places, const PageReader::Found* page,
                                         KeptVerdict& kept) {
  CRAWLCARD_ASSIGN(const std::vector<OriginEvidence> files, reader_.EvidenceAt(verdict.as_of));
  std::string head(kHead);
  AppendJsonString(asked.url, head);
  if (!std::string_view(line_).starts_with(head)) return {};
  const LineForm* const form = kept.lines.Add(
      LineForm::Of(places, verdict.capture ? &*verdict.capture : nullptr, WordingOf(page), files));
  if (form == nullptr) return {};
  line_middle_.assign(line_, head.size(), places.instant_begin - head.size());
  verdicts_.Count(form->bytes());
  return {};
}

}  // namespace crawlcard::index
