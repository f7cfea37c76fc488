#include "card/check/check_forms.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "base/text.h"
#include "card/about.h"
#include "card/check/derived.h"
#include "card/check/figure.h"
#include "card/check/form_text.h"
#include "card/check/pattern.h"
#include "card/check/reference.h"
#include "card/check/sentences.h"
#include "card/definitions.h"
#include "card/formats/format.h"
#include "card/limits.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

constexpr std::string_view kCardJson = "card.json";
constexpr std::string_view kDomains = "domains.csv";

// What the checks of all files share.
class Checker {
 public:
  explicit Checker(const Reference& reference) : reference_(reference) {
    for (const auto& [id, value] : reference.values) Learn(value);
    for (const auto& [id, rows] : reference.rows) {
      numbers_.insert(FormatCount(rows.size()));
      for (const StatedRow& row : rows) {
        for (const StatedValue& value : row) Learn(value);
      }
    }
    texts_ += reference.facts_digest;
    for (const Definition& one : Definitions()) {
      texts_ += fmt::format("\n{}\n{}\n{}\n{}", one.text, one.population, one.unit, one.stage);
    }
    for (const Question& one : Questions()) texts_ += fmt::format("\n{}\n{}", one.title, one.help);
    for (const std::string_view constant : Constants()) texts_ += fmt::format("\n{}", constant);
    for (const std::string_view sentence : Sentences()) patterns_.push_back(ReadPattern(sentence));
    MakeRows();
    Derived derived = DeriveRows(reference);
    for (const std::uint64_t number : derived.numbers) Learn({number, {}, {}});
    fractions_.insert(fractions_.end(), derived.fractions.begin(), derived.fractions.end());
    rows_.insert(rows_.end(), derived.rows.begin(), derived.rows.end());
    MakeSharedFacts();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (const StatedValue& value : rows_[i]) {
        if (!value.number) continue;
        for (std::string& words : NumberWords(*value.number)) {
          std::vector<std::size_t>& rows = rows_by_number_[std::move(words)];
          if (rows.empty() || rows.back() != i) rows.push_back(i);
        }
      }
    }
  }

  void Check(const FormFile& file, const FormText& form) {
    file_ = &out_.files.emplace_back();
    file_->name = file.name;
    if (!form.readable) Differ("the file", "no JSON", "", "");
    for (const std::string& text : form.texts) CheckText(text);
    for (const auto& [id, words] : form.named) CheckFact(id, words, "figure");
    for (const auto& row : form.rows) CheckRow(row);
    if (file.name != kCardJson) CheckProperties(form);
    CheckPaths(file.name, form);
    for (const auto& object : form.objects) CheckObject(object);
  }

  void CheckDomains(const FormFile& file, std::size_t rows) {
    const StatedValue* digest = reference_.Find("domain_list.sha256");
    if (digest == nullptr || !digest->text || digest->text->size() != 64) return;
    CheckFact("domain_list.sha256", Hex(Sha256(file.bytes)), "SHA-256 of the file");
    CheckFact("domain_list.listed", FormatCount(rows), "rows");
  }

  Consistency& out() { return out_; }

 private:
  static std::array<std::string, 3> NumberWords(std::uint64_t number) {
    return {std::to_string(number), FormatCount(number), FormatBytes(number)};
  }

  void Learn(const StatedValue& value) {
    if (value.number) {
      for (std::string& words : NumberWords(*value.number)) numbers_.insert(std::move(words));
    } else if (value.fraction) {
      fractions_.push_back(*value.fraction);
    } else if (value.text) {
      texts_ += '\n' + *value.text;
      texts_ += '\n' + VisibleText(*value.text);
    }
  }

  // Rows as wholes: those of tables, all single values as one, and sums by the first column of
  // tables that have two key columns.
  void MakeRows() {
    for (const auto& [id, rows] : reference_.rows) {
      rows_.insert(rows_.end(), rows.begin(), rows.end());
    }
    StatedRow singles;
    for (const auto& [id, value] : reference_.values) singles.push_back(value);
    for (const auto& [id, rows] : reference_.rows) singles.push_back({rows.size(), {}, {}});
    singles_ = std::move(singles);
    rows_.push_back(singles_);
    const auto sources = reference_.rows.find("content.language_sources");
    const StatedValue* pages = reference_.Find("pages.count");
    if (sources == reference_.rows.end() || pages == nullptr) return;
    std::map<std::string, std::uint64_t> sums;
    for (const StatedRow& row : sources->second) {
      sums[row[0].text.value_or("")] += row[2].number.value_or(0);
    }
    for (const auto& [source, sum] : sums) {
      StatedRow row(2);
      row[0].number = sum;
      row[1].fraction = static_cast<double>(sum) /
                        static_cast<double>(std::max<std::uint64_t>(*pages->number, 1));
      rows_.push_back(std::move(row));
    }
  }

  // Single facts that sentences give with their share of another.
  void MakeSharedFacts() {
    for (const Pattern& pattern : patterns_) {
      for (const std::string_view id : pattern.ids) {
        const std::size_t of = id.find('%');
        const std::optional<StatedValue> share = Meant(id);
        if (of == std::string_view::npos || !share || !share->fraction) continue;
        rows_.push_back({*reference_.Find(id.substr(0, of)), *share});
      }
    }
  }

  void Differ(std::string_view where, std::string_view said, std::string fact, std::string wanted) {
    out_.differences.push_back(
        {file_->name, VisibleText(where), VisibleText(said), std::move(fact), std::move(wanted)});
  }

  // What `id` of a pattern stands for; nullopt when card.json has no such fact.
  std::optional<StatedValue> Meant(std::string_view id) const {
    StatedValue value;
    if (id == "digest") {
      value.text = reference_.facts_digest;
      return value;
    }
    if (id.starts_with("rows:")) {
      const auto rows = reference_.rows.find(id.substr(5));
      value.number = rows == reference_.rows.end() ? 0 : rows->second.size();
      return value;
    }
    if (const std::size_t or_else = id.find('|'); or_else != std::string_view::npos) {
      const std::optional<StatedValue> first = Meant(id.substr(0, or_else));
      const bool given = first && first->text != kNotProvided && first->text != kNotKnown;
      return given ? first : Meant(id.substr(or_else + 1));
    }
    if (const std::size_t of = id.find('%'); of != std::string_view::npos) {
      const StatedValue* part = reference_.Find(id.substr(0, of));
      const StatedValue* whole = reference_.Find(id.substr(of + 1));
      if (part == nullptr || whole == nullptr || whole->number.value_or(0) == 0) {
        return std::nullopt;
      }
      value.fraction =
          static_cast<double>(part->number.value_or(0)) / static_cast<double>(*whole->number);
      return value;
    }
    if (const std::size_t slash = id.find('/'); slash != std::string_view::npos) {
      value.number = 0;
      const auto rows = reference_.rows.find(id.substr(0, slash));
      if (rows == reference_.rows.end()) return std::nullopt;
      for (const StatedRow& row : rows->second) {
        if (row[0].text == id.substr(slash + 1)) value = row[1];
      }
      return value;
    }
    const StatedValue* found = reference_.Find(id);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

  void CheckFact(std::string_view id, std::string_view words, std::string_view where) {
    const std::optional<StatedValue> meant = Meant(id);
    if (!meant) return;
    ++file_->by_fact;
    if (Says(words, *meant)) return;
    // Digests are printed with and without their name; nouns follow some figures.
    if (meant->text == fmt::format("sha256:{}", words)) return;
    const std::size_t noun = words.find(' ');
    if (noun != std::string_view::npos && meant->number && Says(words.substr(0, noun), *meant)) {
      return;
    }
    Differ(where, words, std::string(id), Stated(*meant));
  }

  void CheckText(const std::string& text) {
    std::vector<bool> seen(text.size(), false);
    for (const Pattern& pattern : patterns_) {
      if (pattern.ids.empty()) continue;
      const std::string_view anchor = pattern.literals[1];
      for (std::size_t at = text.find(anchor); at != std::string::npos;
           at = text.find(anchor, at + 1)) {
        const std::vector<std::string_view> words = MatchAt(pattern, text, at);
        for (std::size_t i = 0; i < words.size(); ++i) {
          if (pattern.ids[i].empty()) continue;
          CheckFact(pattern.ids[i], words[i], text.substr(0, limits::kTextBytesMax));
          const auto start = static_cast<std::size_t>(words[i].data() - text.data());
          for (std::size_t j = 0; j < words[i].size(); ++j) seen[start + j] = true;
        }
        MarkLiterals(pattern, text, words, seen);
      }
    }
    CheckPairs(text, seen);
    CheckFigures(text, seen);
    CheckDigests(text, seen);
  }

  // "58.6 % (1,107)" and "1,107 (58.6 %)": a count and its share, which stand in one row.
  void CheckPairs(const std::string& text, std::vector<bool>& seen) {
    for (std::size_t open = text.find(" ("); open != std::string::npos;
         open = text.find(" (", open + 1)) {
      const std::size_t close = text.find(')', open);
      if (close == std::string::npos) return;
      const std::string_view inside = std::string_view(text).substr(open + 2, close - open - 2);
      const std::string_view before = LastFigure(std::string_view(text).substr(0, open));
      const auto at = static_cast<std::size_t>(before.data() - text.data());
      const bool pair = before.ends_with(" %") != inside.ends_with(" %") && !before.empty() &&
                        IsFigure(inside) && !seen[at] && !seen[open + 2];
      if (!pair || before.ends_with('.')) continue;
      CheckTogether({before, inside}, text.substr(0, limits::kTextBytesMax));
      std::fill(seen.begin() + static_cast<std::ptrdiff_t>(at),
                seen.begin() + static_cast<std::ptrdiff_t>(close), true);
    }
  }

  // Digests stand behind the name of what made them.
  void CheckDigests(const std::string& text, const std::vector<bool>& seen) {
    const auto hex = [](char c) { return IsAsciiDigit(c) || (c >= 'a' && c <= 'f'); };
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::size_t end = at;
      while (end < text.size() && hex(text[end])) ++end;
      const std::size_t size = end - at;
      if ((size == 64 || size == 32) && !seen[at]) {
        ++file_->by_value;
        const std::string digest = text.substr(at, size);
        if (texts_.find(digest) == std::string::npos) {
          Differ(text.substr(0, limits::kTextBytesMax), digest, "", "");
        }
      }
      at = end;
    }
  }

  // Figures in words that no sentence claimed: is there any fact that has them?
  void CheckFigures(const std::string& text, const std::vector<bool>& seen) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool begins = IsAsciiDigit(text[at]) &&
                          (at == 0 || (!IsAsciiDigit(text[at - 1]) && !JoinsWord(text[at - 1]) &&
                                       text[at - 1] != '.' && text[at - 1] != '-'));
      if (!begins) continue;
      const std::size_t end = EndOfFigure(text, at);
      const std::string figure = text.substr(at, end - at);
      if (!seen[at] && LooksMeasured(figure) && !Known(figure)) {
        Differ(text.substr(0, limits::kTextBytesMax), figure, "", "");
      }
      // A plain number is one of our own words' (an article of a law), or some fact has it.
      if (!seen[at] && IsPlainNumber(figure) && !InWords(text, at, end)) {
        if (!Known(figure)) Differ(text.substr(0, limits::kTextBytesMax), figure, "", "");
        ++file_->by_value;
      }
      if (!seen[at] && LooksMeasured(figure)) ++file_->by_value;
      at = end;
    }
  }

  // Do definitions, questions, answers or constant words have this number after the same word?
  bool InWords(const std::string& text, std::size_t at, std::size_t end) const {
    std::size_t start = at;
    while (start > 0 && text[start - 1] == ' ') --start;
    while (start > 0 && text[start - 1] != ' ') --start;
    if (start == at) return false;
    return texts_.find(text.substr(start, end - start)) != std::string::npos;
  }

  bool Known(std::string_view figure) const {
    if (numbers_.contains(std::string(figure))) return true;
    if (figure.ends_with(" bytes") &&
        numbers_.contains(std::string(figure.substr(0, figure.size() - 6)))) {
      return true;
    }
    if (figure.ends_with(" %")) {
      StatedValue value;
      for (const double fraction : fractions_) {
        value.fraction = fraction;
        if (Says(figure, value)) return true;
      }
    }
    if (figure.size() == 41) return Known(figure.substr(0, 20)) && Known(figure.substr(21));
    // A day that a person gave, in a format that wants the time too.
    if (figure.ends_with("T00:00:00Z")) figure = figure.substr(0, 10);
    return texts_.find(figure) != std::string::npos;
  }

  // A row whose last cell is the name of a fact says its value; of others, all figures must stand
  // in one row of one fact.
  void CheckRow(const std::vector<std::string>& cells) {
    if (cells.size() < 2) return;
    if (reference_.Find(cells.back()) != nullptr) {
      CheckFact(cells.back(), cells[1], cells[0]);
      if (cells.size() > 4) CheckFact(cells.back(), cells[2], cells[0]);  // the exact number
      return;
    }
    for (const LabelRule& rule : LabelRules()) {
      if (cells.size() == 3 && cells[0] == rule.label && file_->name == "card.md") {
        CheckFact(rule.fact, cells[1], cells[0]);
        CheckText(cells[2]);
        return;
      }
    }
    std::vector<std::string_view> figures;
    for (std::size_t i = 1; i < cells.size(); ++i) {
      if (IsFigure(cells[i])) {
        figures.push_back(cells[i]);
      } else {
        CheckText(cells[i]);
      }
    }
    CheckTogether(figures, fmt::format("row {}", cells[0]));
  }

  // Numbers of one object: a row of a table, with totals among them; or a map from a row's name to
  // its number.
  void CheckObject(const std::vector<std::pair<std::string, std::string>>& numbers) {
    // A setting of a policy, and a share in percent: no facts in this form.
    constexpr std::array<std::string_view, 2> kOthers{"/robots_age_max_s", "_pct"};
    std::vector<std::string_view> figures;
    std::string names;
    for (const auto& one : numbers) {
      const std::string_view path = one.first;
      if (std::ranges::any_of(kOthers, [&](std::string_view end) { return path.ends_with(end); })) {
        continue;
      }
      figures.emplace_back(one.second);
      names = path;
    }
    if (figures.empty()) return;
    const bool map = std::ranges::all_of(numbers, [&](const auto& one) {
      return IsNamed(std::string_view(one.first).substr(one.first.rfind('/') + 1), one.second);
    });
    if (map) {
      file_->by_row += figures.size();
      return;
    }
    CheckTogether(figures, names, file_->name == kCardJson);
  }

  bool IsNamed(std::string_view name, std::string_view number) const {
    const auto rows = rows_by_number_.find(std::string(number));
    if (rows == rows_by_number_.end()) return false;
    return std::ranges::any_of(rows->second, [&](std::size_t i) {
      return rows_[i].size() > 1 && rows_[i][0].text == name && Says(number, rows_[i][1]);
    });
  }

  static bool Has(const StatedRow& row, std::string_view figure) {
    return std::ranges::any_of(
        row, [&](const StatedValue& value) { return !value.absent() && Says(figure, value); });
  }

  void CheckTogether(const std::vector<std::string_view>& figures, const std::string& where,
                     bool with_totals = false) {
    if (figures.empty()) return;
    file_->by_row += figures.size();
    const auto holds = [&](const StatedRow& row) {
      return std::ranges::all_of(figures, [&](std::string_view figure) {
        return Has(row, figure) || (with_totals && Has(singles_, figure));
      });
    };
    // Rows that have one of the figures; all, where figures are shares alone.
    bool looked = false;
    bool found = false;
    for (const std::string_view figure : figures) {
      const auto rows = rows_by_number_.find(std::string(figure));
      if (rows == rows_by_number_.end()) continue;
      looked = true;
      found = std::ranges::any_of(rows->second, [&](std::size_t i) { return holds(rows_[i]); });
      if (found || !with_totals) break;
    }
    if (!looked) found = std::ranges::any_of(rows_, holds);
    if (!found) Differ(where, fmt::format("{}", fmt::join(figures, " | ")), "", "");
  }

  // CycloneDX: {"name": "crawlcard:ID", "value": ...}.
  void CheckProperties(const FormText& form) {
    constexpr std::string_view kOurs = "crawlcard:";
    for (std::size_t i = 0; i + 1 < form.values.size(); ++i) {
      const auto& [path, name] = form.values[i];
      const auto& [next, value] = form.values[i + 1];
      if (path.ends_with("/name") && next.ends_with("/value") && name.starts_with(kOurs)) {
        CheckFact(name.substr(kOurs.size()), value, name);
      }
    }
  }

  void CheckPaths(std::string_view name, const FormText& form) {
    for (const PathRule& rule : PathRules()) {
      if (!name.starts_with(rule.file)) continue;
      for (const auto& [path, value] : form.values) {
        if (!PathMatches(rule.path, path) || value == kNotKnown) continue;
        const Pattern pattern = ReadPattern(rule.says);
        std::string_view rest = value;
        for (std::size_t i = 0; i < pattern.ids.size(); ++i) {
          const std::string_view after = pattern.literals[i + 1];
          const std::size_t end =
              after.empty() ? rest.size() : std::min(rest.find(after), rest.size());
          // A setting that was given and applied to nothing: no capture was judged.
          const std::optional<StatedValue> meant = Meant(pattern.ids[i]);
          const bool idle = path.starts_with("/run/") && meant && meant->text == kNotApplicable;
          if (!idle) CheckFact(pattern.ids[i], rest.substr(0, end), path);
          rest.remove_prefix(std::min(rest.size(), end + after.size()));
        }
      }
    }
  }

  const Reference& reference_;
  std::vector<Pattern> patterns_;
  std::vector<StatedRow> rows_;
  std::unordered_map<std::string, std::vector<std::size_t>> rows_by_number_;
  StatedRow singles_;  // all facts of one value
  std::unordered_set<std::string> numbers_;
  std::vector<double> fractions_;
  std::string texts_;
  Consistency out_;
  CheckedFile* file_ = nullptr;
};

}  // namespace

Result<Consistency> CheckForms(std::span<const FormFile> files) {
  const auto named = [&](std::string_view name) {
    return std::ranges::find(files, name, &FormFile::name);
  };
  const auto card = named(kCardJson);
  if (card == files.end()) {
    return Fail(ErrorCode::kInvalidArgument, "no card.json: its facts are what forms are held to");
  }
  CRAWLCARD_ASSIGN(const Reference reference, ReadReference(card->bytes));
  Checker checker(reference);
  for (const Format& format : Formats()) {
    const auto file = named(format.file);
    if (file == files.end()) {
      checker.out().missing.emplace_back(format.file);
      continue;
    }
    FormText form = ReadForm(file->name, file->bytes);
    if (format.file == kDomains) {
      const std::size_t rows = form.rows.size();
      form.rows.clear();  // its digest is a fact: every byte is held to it
      checker.Check(*file, form);
      checker.CheckDomains(*file, rows);
      continue;
    }
    checker.Check(*file, form);
  }
  return std::move(checker.out());
}

}  // namespace crawlcard::card
