#include "tools/about_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "base/file.h"
#include "card/limits.h"
#include "tools/capture_text.h"
#include "tools/internal/toml_text.h"
#include "tools/limits.h"
#include "tools/parse.h"

namespace crawlcard::tools {
namespace {

using card::AnswerKind;
using card::AnswerTexts;
using card::Question;

class AboutReader {
 public:
  AboutReader(const toml::table& table, const std::string& path) : table_(table), path_(path) {}

  Result<card::About> Read() {
    for (const auto& [key, node] : table_) {
      const std::string_view group = key.str();
      if (card::GroupTitle(group).empty()) return UnknownKey(key, "", Groups());
      if (IsRepeated(group)) {
        CRAWLCARD_TRY(ReadRows(key, node));
      } else {
        const toml::table* answers = node.as_table();
        if (answers == nullptr) {
          return WrongAt(key.source(), "'{}' is a table: [{}]", group, group);
        }
        for (const auto& [name, value] : *answers) {
          CRAWLCARD_ASSIGN(AnswerTexts answer, ReadAnswer(group, name, value));
          about_.answers.emplace(fmt::format("{}.{}", group, name.str()), std::move(answer));
        }
      }
    }
    return std::move(about_);
  }

 private:
  template <class... Args>
  tl::unexpected<Error> WrongAt(const toml::source_region& place,
                                fmt::format_string<Args...> format, Args&&... args) const {
    return Fail(ErrorCode::kInvalidArgument, "{}:{}: {}", path_, place.begin.line,
                Printable(fmt::format(format, std::forward<Args>(args)...)));
  }

  tl::unexpected<Error> UnknownKey(const toml::key& key, std::string_view group,
                                   const std::vector<std::string_view>& known) const {
    const std::string where = group.empty() ? "" : fmt::format(" in [{}]", group);
    const std::string_view closest = ClosestWord(key.str(), known);
    return WrongAt(key.source(), "unknown key '{}'{}{}", key.str(), where,
                   closest.empty() ? fmt::format("; known: {}", fmt::join(known, ", "))
                                   : fmt::format("; did you mean '{}'?", closest));
  }

  static std::vector<std::string_view> Groups() {
    std::vector<std::string_view> groups;
    for (const Question& question : card::Questions()) {
      if (groups.empty() || groups.back() != question.group) groups.push_back(question.group);
    }
    return groups;
  }

  static bool IsRepeated(std::string_view group) {
    for (const Question& question : card::Questions()) {
      if (question.group == group) return question.repeated;
    }
    return false;
  }

  Status ReadRows(const toml::key& key, const toml::node& node) {
    const std::string_view group = key.str();
    const toml::array* rows = node.as_array();
    if (rows == nullptr)
      return WrongAt(key.source(), "'{}' is a list of tables: [[{}]]", group, group);
    if (rows->size() > card::limits::kAboutRowsMax) {
      return WrongAt(key.source(), "'{}' has {} tables, {} are allowed", group, rows->size(),
                     card::limits::kAboutRowsMax);
    }
    std::vector<card::About::Row>& kept = about_.rows[std::string(group)];
    for (const toml::node& item : *rows) {
      const toml::table* row = item.as_table();
      if (row == nullptr) {
        return WrongAt(item.source(), "'{}' is a list of tables: [[{}]]", group, group);
      }
      card::About::Row answers;
      for (const auto& [name, value] : *row) {
        CRAWLCARD_ASSIGN(AnswerTexts answer, ReadAnswer(group, name, value));
        answers.emplace(std::string(name.str()), std::move(answer));
      }
      kept.push_back(std::move(answers));
    }
    return {};
  }

  Result<AnswerTexts> ReadAnswer(std::string_view group, const toml::key& key,
                                 const toml::node& node) const {
    const Question* question = card::FindQuestion(group, key.str());
    if (question == nullptr) {
      std::vector<std::string_view> known;
      for (const Question& one : card::Questions()) {
        if (one.group == group) known.push_back(one.key);
      }
      return UnknownKey(key, group, known);
    }
    const bool list = question->kind == AnswerKind::kTexts || question->kind == AnswerKind::kDates;
    AnswerTexts answer;
    if (list) {
      const toml::array* items = node.as_array();
      if (items == nullptr) return WrongAt(key.source(), "'{}' is a list: [...]", key.str());
      if (items->size() > card::limits::kAnswerListMax) {
        return WrongAt(key.source(), "'{}' has {} entries, {} are allowed", key.str(),
                       items->size(), card::limits::kAnswerListMax);
      }
      for (const toml::node& item : *items) {
        CRAWLCARD_ASSIGN(std::string text, ReadText(*question, key, item));
        answer.push_back(std::move(text));
      }
      return answer;
    }
    CRAWLCARD_ASSIGN(std::string text, ReadText(*question, key, node));
    answer.push_back(std::move(text));
    return answer;
  }

  // Dates may be bare or quoted; everything else is quoted.
  Result<std::string> ReadText(const Question& question, const toml::key& key,
                               const toml::node& node) const {
    const bool date = question.kind == AnswerKind::kDate || question.kind == AnswerKind::kDates;
    std::string text;
    if (const auto* quoted = node.as_string()) {
      text = quoted->get();
    } else if (const auto* day = node.as_date(); day != nullptr && date) {
      const toml::date& d = day->get();
      text = fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
    } else {
      return WrongAt(node.source(), "'{}' is {}", key.str(),
                     date ? "a date such as 2026-10-02" : "a text in quotes");
    }
    const std::string wrong = card::WrongAnswer(question, text);
    if (!wrong.empty()) return WrongAt(node.source(), "'{}': {}", key.str(), wrong);
    return text;
  }

  const toml::table& table_;
  const std::string& path_;
  card::About about_;
};

}  // namespace

Result<card::About> ReadAboutFile(const std::string& path) {
  Result<std::string> text = ReadFile(path, limits::kAboutBytesMax);
  if (!text) {
    return Fail(ErrorCode::kInvalidArgument, "cannot read the about file: {}",
                text.error().ToString());
  }
  CRAWLCARD_ASSIGN(const toml::table table, ParseToml(*text, path));
  CRAWLCARD_ASSIGN(card::About about, AboutReader(table, path).Read());
  about.digest = "sha256:" + Hex(Sha256(*text));
  return about;
}

}  // namespace crawlcard::tools
