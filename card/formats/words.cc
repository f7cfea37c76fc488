#include "card/formats/words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/assert.h"
#include "base/digest.h"
#include "base/text.h"
#include "card/formats/language_codes.h"
#include "card/formats/spdx_ids.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string CellText(const FactCell& cell) {
  const auto* text = std::get_if<FactText>(&cell);
  return text == nullptr ? std::string() : text->text;
}

std::uint64_t CellNumber(const FactCell& cell) {
  const auto* number = std::get_if<std::uint64_t>(&cell);
  return number == nullptr ? 0 : *number;
}

std::string Share(const FactCell& cell) {
  return CellWords(cell, FactUnit::kNone);
}

// "text/html 91.2 % (1,234), ..." of a table whose rows are KEY, captures, share, ...
std::string LeadingRows(const FactTable& table, std::size_t count, bool languages = false) {
  std::vector<std::string> parts;
  for (const auto& row : table.rows) {
    if (parts.size() == count) break;
    std::string key = VisibleText(CellText(row[0]), 60);
    if (languages) key = LanguageLabel(key);
    parts.push_back(fmt::format("{} {} ({})", key.empty() ? std::string(kNotKnown) : key,
                                Share(row[2]), FormatCount(CellNumber(row[1]))));
  }
  return parts.empty() ? std::string(kNotApplicable) : fmt::format("{}", fmt::join(parts, ", "));
}

std::string WarcinfoValues(const Facts& facts, std::string_view field) {
  std::vector<std::string> values;
  for (const auto& row : facts.Table("inputs.warcinfo").rows) {
    if (CellText(row[0]) == field && values.size() < 5) {
      values.push_back(VisibleText(CellText(row[1])));
    }
  }
  return values.empty() ? std::string(kNotKnown) : fmt::format("{}", fmt::join(values, "; "));
}

std::uint64_t StatusCount(const Facts& facts, std::string_view status) {
  for (const auto& row : facts.Table("captures.statuses").rows) {
    if (CellText(row[0]) == status) return CellNumber(row[1]);
  }
  return 0;
}

}  // namespace

std::string Answer(const Facts& facts, std::string_view id) {
  return OptionalAnswer(facts, id).value_or(std::string(kNotProvided));
}

std::optional<std::string> OptionalAnswer(const Facts& facts, std::string_view id) {
  const std::vector<std::string> all = Answers(facts, id);
  if (all.empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(all, "; "));
}

std::vector<std::string> Answers(const Facts& facts, std::string_view id) {
  const Fact* fact = facts.Find(fmt::format("about.{}", id));
  CRAWLCARD_ASSERT(fact != nullptr);
  std::vector<std::string> out;
  if (const FactCell* cell = fact->cell()) {
    if (std::holds_alternative<FactText>(*cell)) out.push_back(CellText(*cell));
    return out;
  }
  for (const auto& row : fact->table()->rows) out.push_back(CellText(row[0]));
  return out;
}

std::string TitleOf(const Facts& facts) {
  if (std::optional<std::string> title = OptionalAnswer(facts, "dataset.title")) return *title;
  std::vector<std::string> ids;
  for (const auto& row : facts.Table("inputs.snapshots").rows) {
    if (!CellText(row[0]).empty() && ids.size() < 3) ids.push_back(VisibleText(CellText(row[0])));
  }
  if (!ids.empty()) return fmt::format("Web captures of {}", fmt::join(ids, ", "));
  const std::string digest(facts.Text("inputs.digest").value_or(""));
  return "Web captures " + digest.substr(0, 19);
}

std::string MeasuredWords(const Facts& facts) {
  return fmt::format(
      "{} captures, of them {} pages at {} distinct URLs, from {} hosts of {} registrable domains, "
      "captured from {} to {} and read from {} by crawlcard {}.",
      facts.Words("captures.count"), facts.Words("pages.count"), facts.Words("pages.urls"),
      facts.Words("captures.hosts"), facts.Words("captures.domains"), facts.Words("dates.first"),
      facts.Words("dates.last"),
      FormatNoun(facts.Number("inputs.files").value_or(0), "archive file"),
      facts.Words("run.tool_version"));
}

std::string DescriptionOf(const Facts& facts) {
  const std::string measured = MeasuredWords(facts);
  const std::optional<std::string> said = OptionalAnswer(facts, "dataset.description");
  return said ? *said + " " + measured : measured;
}

std::optional<std::string> PeriodOf(const Facts& facts) {
  const auto first = facts.Date("dates.first");
  const auto last = facts.Date("dates.last");
  if (!first || !last) return std::nullopt;
  return FormatRfc3339(*first) + "/" + FormatRfc3339(*last);
}

std::string DateOf(const Facts& facts) {
  const std::optional<UnixSeconds> date = facts.Date("run.date");
  CRAWLCARD_ASSERT(date.has_value());
  return FormatRfc3339(*date);
}

std::optional<std::string> LicenceUrlOf(const Facts& facts) {
  if (auto url = OptionalAnswer(facts, "dataset.license_url")) return url;
  const auto said = OptionalAnswer(facts, "dataset.license");
  const auto id = said ? SpdxIdOf(*said) : std::nullopt;
  if (id) return "https://spdx.org/licenses/" + std::string(*id);
  return std::nullopt;
}

std::vector<std::string> ModalitiesOf(const Facts& facts) {
  std::vector<std::string> out;
  for (const auto& row : facts.Table("content.modalities").rows) {
    if (CellNumber(row[1]) > 0) out.push_back(CellText(row[0]));
  }
  return out;
}

bool IsLanguageCode(std::string_view code) {
  return (code.size() == 2 || code.size() == 3) &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::vector<std::string> LanguagesOf(const Facts& facts) {
  std::vector<std::string> out;
  for (const auto& row : facts.Table("content.languages").rows) {
    // Codes come from classifiers and from archives: only what looks like one is passed on.
    if (IsLanguageCode(CellText(row[0]))) out.push_back(CellText(row[0]));
  }
  return out;
}

std::string CollectionWords(const Facts& facts) {
  const bool own = !facts.Table("crawl.runs").rows.empty();
  return fmt::format(
      "Read from web archive files. What their warcinfo records say of the crawler: software: {}; "
      "operator: {}; user agent: {}; robots: {}. Crawls made into this index by crawlcard itself: "
      "{}.",
      WarcinfoValues(facts, "software"), WarcinfoValues(facts, "operator"),
      WarcinfoValues(facts, "user agent"), WarcinfoValues(facts, "robots"),
      own ? "described by their manifests" : "none");
}

std::string LanguageWords(const Facts& facts) {
  return fmt::format("Languages of pages (ISO 639-3, estimated): {}. {} values in all.",
                     LeadingRows(facts.Table("content.languages"), 10, true),
                     FormatCount(facts.Table("content.languages").rows_all));
}

std::string ContentWords(const Facts& facts) {
  return fmt::format("Media types of captures with status 200: {}.",
                     LeadingRows(facts.Table("content.media_types"), 6));
}

std::string TakedownWords(const Facts& facts) {
  if (!facts.Number("takedowns.requests")) return {};
  if (!facts.Number("takedowns.captures")) {
    return fmt::format("Takedown requests in force: {}.", facts.Words("takedowns.requests"));
  }
  return fmt::format(
      "Takedown requests in force: {}; they cover {} captures on {} domains, which no policy "
      "keeps.",
      facts.Words("takedowns.requests"), facts.Words("takedowns.captures"),
      facts.Words("takedowns.domains"));
}

std::string ReservationWords(const Facts& facts) {
  std::string out = fmt::format(
      "Observed: {} pages on {} hosts carry a machine-readable statement of their own; host files "
      "such as robots.txt were seen at {} origins.",
      facts.Words("signals.pages"), facts.Words("signals.hosts"), facts.Words("hosts.origins"));
  const std::string taken = TakedownWords(facts);
  if (!taken.empty()) out += " " + taken;
  if (!facts.Number("verdicts.pages")) {
    return out + " No policy was applied, so nothing is said of what may be used.";
  }
  out += fmt::format(
      " Under the policy {} and for the use {}, {} of {} pages are usable; {} pages on {} domains "
      "are not; {} were denied by their publisher; for {} nobody could look.",
      VisibleText(facts.Words("run.policy")), facts.Words("run.use"),
      facts.Words("verdicts.usable"), facts.Words("verdicts.pages"),
      facts.Words("verdicts.not_usable"), facts.Words("verdicts.not_usable_domains"),
      facts.Words("verdicts.denied"), facts.Words("verdicts.indeterminate"));
  return out;
}

std::string RobotsWords(const Facts& facts) {
  return fmt::format(
      "Observed: of {} origins whose latest robots.txt could be read, {} refuse everybody. "
      "Captures "
      "with status 401: {}, 402: {}, 403: {}, 451: {}.",
      facts.Words("robots.origins_read"), facts.Words("robots.refuse_everybody"),
      FormatCount(StatusCount(facts, "401")), FormatCount(StatusCount(facts, "402")),
      FormatCount(StatusCount(facts, "403")), FormatCount(StatusCount(facts, "451")));
}

std::string LicenceWords(const Facts& facts) {
  return fmt::format(
      "Observed: {} of {} pages state a licence for the page; {} state any licence. No statement "
      "does not mean public domain.",
      facts.Words("licences.page.count"), facts.Words("pages.count"),
      facts.Words("licences.any.count"));
}

std::string DuplicateWords(const Facts& facts) {
  return fmt::format("{} captures stand for {} distinct URLs; nothing was removed as a duplicate.",
                     facts.Words("captures.count"), facts.Words("captures.urls"));
}

std::string DamageWords(const Facts& facts) {
  return fmt::format(
      "{} of {} files were read whole; {} units in them could not be read. Payloads that the "
      "archive cut are counted with what was kept.",
      facts.Words("inputs.whole"), facts.Words("inputs.files"),
      facts.Words("inputs.damaged_units"));
}

std::string PersonalDataWords(const Facts& facts) {
  return fmt::format(
      "{} Personal data was neither looked for nor removed by this tool; pages of the web commonly "
      "hold some.",
      OptionalAnswer(facts, "statements.personal_data")
          .value_or("Assessment by a person: Not provided."));
}

std::string PreprocessingWords(const Facts& facts) {
  const std::string judged =
      facts.Number("verdicts.pages")
          ? "judged each page by the policy " + VisibleText(facts.Words("run.policy"))
          : "judged no page";
  return fmt::format(
      "crawlcard {} read the records, took URL, dates, media type, visible text size, language, "
      "licence and reservation statements of each, and {}. It changed, filtered and removed "
      "nothing.",
      facts.Words("run.tool_version"), judged);
}

std::string DomainListWords(const Facts& facts) {
  return fmt::format(
      "{} of {} registrable domains are listed (rule {}: {} by payload bytes of all content, the "
      "others for one kind of content); they hold {} of all payload bytes. Public suffix list: {}. "
      "SHA-256 of the list: {}.",
      facts.Words("domain_list.listed"), facts.Words("domain_list.domains"),
      facts.Words("domain_list.rule"), facts.Words("domain_list.by_size"),
      facts.Words("domain_list.share"), facts.Words("run.public_suffix_list"),
      facts.Words("domain_list.sha256"));
}

std::string ReproductionWords(const Facts& facts) {
  return fmt::format(
      "Made by: {}. Digest of the list of files read: {}. Digest of all facts: sha256:{}.",
      facts.command(), facts.Words("inputs.digest"), facts.digest());
}

std::string UuidUrn(const Facts& facts, std::string_view purpose) {
  Sha256Digest bytes = Sha256(fmt::format("crawlcard {} {}", purpose, facts.digest()));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x80);  // version 8: our own making
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = Hex(bytes);
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20, 12));
}

}  // namespace crawlcard::card
