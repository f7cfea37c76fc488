#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/digest.h"
#include "card/definitions.h"
#include "card/document.h"
#include "card/formats/format.h"
#include "card/render_html.h"
#include "card/render_json.h"
#include "card/render_markdown.h"
#include "card/text.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

using sample::Events;

constexpr std::string_view kHostile =
    "\"><script>alert(1)</script>|`*x*`[a](javascript:b)\n\xE2\x80\xAE\xFF\x01";

Card SampleCard() {
  return MakeCard(sample::SampleRun(), SummariseInputs(sample::Ledger()),
                  sample::TallyOf(sample::Crowd(7, 120)));
}

// Every place that page or archive text can reach.
Card HostileCard() {
  Events events;
  const std::string evil(kHostile);
  events.push_back(
      sample::Page(evil + ".example", "example," + evil, evil + ".example", "/" + evil));
  sample::Event& event = *events.back();
  event.languages = {{kHostile, 1}};
  event.capture.content_type = kHostile;
  event.capture.charset = kHostile;
  event.capture.truncated = kHostile;
  event.notes = {kHostile};
  page::Licence licence;
  licence.spdx = kHostile;
  licence.scope = "page";
  event.licences = {licence};
  event.Bind();
  event.verdict.operator_specific = {{evil, evil, robots::Decision::kDeny}};
  events.push_back(sample::Page("z.example", "example,z", std::string(250, 'w') + ".example", "/"));
  std::vector<index::FileEntry> files(1);
  files[0].name = evil;
  files[0].snapshot = evil;
  files[0].info = {evil, evil, evil, evil, evil, evil};
  files[0].counts.errors = {{evil, 1}};
  RunFacts run = sample::SampleRun();
  run.options = {{evil, evil}};
  run.judge.agents = {evil};
  run.public_suffix_list = evil;
  return MakeCard(std::move(run), SummariseInputs(files), sample::TallyOf(events));
}

// Runs docs/schemas/card.v1.schema.json over `json` with python3-jsonschema. Skips without it.
void ExpectValid(const std::string& json, const std::string& name) {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-jsonschema is not installed";
  }
  const std::string file = testing::TempDir() + "/card-" + name + ".json";
  std::ofstream(file) << json;
  const std::string schema = CRAWLCARD_TEST_DATA "/../../docs/schemas/card.v1.schema.json";
  const std::string command =
      "python3 -c \"import json,sys,jsonschema; s=json.load(open(sys.argv[1])); "
      "jsonschema.Draft202012Validator.check_schema(s); "
      "jsonschema.Draft202012Validator(s).validate(json.load(open(sys.argv[2],encoding='utf-8')))"
      "\" '" +
      schema + "' '" + file + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << file;
}

TEST(RenderJson, ValidatesAgainstItsSchema) {
  ExpectValid(RenderJson(SampleCard()), "sample");
}
TEST(RenderJson, AnEmptyCardValidates) {
  ExpectValid(RenderJson(MakeCard(RunFacts{}, SummariseInputs({}), sample::TallyOf({}))), "empty");
}
TEST(RenderJson, AHostileCardValidates) {
  ExpectValid(RenderJson(HostileCard()), "hostile");
}

std::string Between(const std::string& text, std::string_view from, std::string_view to) {
  const std::size_t start = text.find(from);
  if (start == std::string::npos) return "";
  const std::size_t end = text.find(to, start + from.size());
  return text.substr(start + from.size(), end - start - from.size());
}

TEST(Render, SameCardSameBytes) {
  EXPECT_EQ(RenderJson(SampleCard()), RenderJson(SampleCard()));
  EXPECT_EQ(RenderHtml(SampleCard()), RenderHtml(SampleCard()));
  EXPECT_EQ(RenderMarkdown(SampleCard()), RenderMarkdown(SampleCard()));
}

// The order of the ledger is not part of the facts.
TEST(Render, TheOrderOfFilesDoesNotMatter) {
  std::vector<index::FileEntry> files = sample::Ledger();
  const InputSummary forward = SummariseInputs(files);
  std::reverse(files.begin(), files.end());
  const InputSummary backward = SummariseInputs(files);
  EXPECT_EQ(forward.digest, backward.digest);
  EXPECT_EQ(RenderJson(MakeCard(sample::SampleRun(), forward, sample::TallyOf({}))),
            RenderJson(MakeCard(sample::SampleRun(), backward, sample::TallyOf({}))));
}

// The policy names the style sheet and the script by what they are; both stand in the page as
// named.
TEST(RenderHtml, AsksForNothingAndRunsOneScriptByItsHash) {
  const std::string html = RenderHtml(SampleCard());
  EXPECT_NE(
      html.find("default-src 'none'; style-src 'sha256-" +
                Base64(Sha256(Between(html, "<style>", "</style>"))) + "'; script-src 'sha256-" +
                Base64(Sha256(Between(html, "<script>", "</script>"))) + "';"),
      std::string::npos);
  EXPECT_EQ(html.find("<script", html.find("<script") + 1), std::string::npos);
  for (const char* banned : {" src=", "url(", "@import", "onload", "http://", "https://", "<link",
                             "style=", "fetch(", "innerHTML", "eval("}) {
    EXPECT_EQ(html.find(banned), std::string::npos) << banned;
  }
}

// Charts are pictures of tables: each has a name, a description, and a table that it leads to.
TEST(RenderHtml, EachChartHasWordsAndATable) {
  const std::string html = RenderHtml(SampleCard());
  std::size_t charts = 0;
  for (std::size_t at = html.find("<figure>"); at != std::string::npos;
       at = html.find("<figure>", at + 1)) {
    const std::string figure = Between(html.substr(at), "<figure>", "</figure>");
    EXPECT_FALSE(Between(figure, "\">", "</title>").empty()) << figure;
    EXPECT_GT(Between(figure, "<desc ", "</desc>").size(), 20U) << figure;
    const std::string table = Between(figure, "href=\"#", "\"");
    EXPECT_NE(html.find("<div class=\"block\" id=\"" + table + "\">\n<table "), std::string::npos)
        << table;
    ++charts;
  }
  EXPECT_GE(charts, 7U);
}

TEST(Document, RowsEndAtTheirLimits) {
  Events events;
  for (std::size_t i = 0; i < limits::kTableRowsMax + 5; ++i) {
    const std::string name = "d" + std::to_string(1000 + i);
    events.push_back(sample::Page(name + ".example", "example," + name, name + ".example", "/"));
  }
  const Card card = MakeCard(sample::SampleRun(), SummariseInputs({}), sample::TallyOf(events));
  const auto rows = [](const std::string& text, std::string_view mark) {
    std::size_t count = 0;
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
      ++count;
    return count;
  };
  EXPECT_EQ(rows(RenderMarkdown(card), "| `d1"), limits::kShownRowsMax);
  EXPECT_EQ(rows(RenderHtml(card), "<bdi class=\"foreign\">d1"), limits::kTableRowsMax);
  EXPECT_NE(RenderMarkdown(card).find("The first 25 of 55 rows."), std::string::npos);
  EXPECT_NE(RenderHtml(card).find("The first 50 of 55 rows."), std::string::npos);
}

TEST(RenderHtml, EachAnchorLeadsSomewhereAndIdsAreUnique) {
  const std::string html = RenderHtml(SampleCard());
  std::set<std::string> ids;
  const std::regex id_pattern(" id=\"([^\"]*)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), id_pattern), end; it != end; ++it) {
    EXPECT_TRUE(ids.insert((*it)[1]).second) << (*it)[1];
  }
  const std::regex link_pattern("href=\"#([^\"]*)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), link_pattern), end; it != end; ++it) {
    EXPECT_TRUE(ids.contains((*it)[1])) << (*it)[1];
  }
  const std::regex labelled("aria-labelledby=\"([^\" ]*)");
  for (std::sregex_iterator it(html.begin(), html.end(), labelled), end; it != end; ++it) {
    EXPECT_TRUE(ids.contains((*it)[1])) << (*it)[1];
  }
}

TEST(RenderHtml, HostilePageTextStaysText) {
  const std::string html = RenderHtml(HostileCard());
  EXPECT_EQ(html.find("<script", html.find("<script") + 1), std::string::npos);
  EXPECT_EQ(html.find("alert(1)</script"), std::string::npos);
  EXPECT_EQ(html.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_EQ(html.find('\x01'), std::string::npos);
  // All tags that occur are tags we write.
  const std::set<std::string> known{
      "html",       "head",   "meta",   "title",   "style",   "body",  "a",       "header",
      "h1",         "h2",     "h3",     "p",       "dl",      "div",   "dt",      "dd",
      "strong",     "span",   "nav",    "ol",      "li",      "main",  "section", "figure",
      "figcaption", "svg",    "desc",   "text",    "rect",    "table", "caption", "thead",
      "tbody",      "tr",     "th",     "td",      "bdi",     "wbr",   "b",       "article",
      "abbr",       "footer", "script", "details", "summary", "data",  "code"};
  const std::regex tag("<([A-Za-z0-9]+)");
  for (std::sregex_iterator it(html.begin(), html.end(), tag), end; it != end; ++it) {
    EXPECT_TRUE(known.contains((*it)[1])) << (*it)[1];
  }
}

TEST(RenderMarkdown, HostilePageTextStaysText) {
  const std::string markdown = RenderMarkdown(HostileCard());
  EXPECT_EQ(markdown.find("\xE2\x80\xAE"), std::string::npos);
  // In a table each line has as many cells as its head: no pipe, line end or fence got through.
  std::size_t columns = 0;
  std::size_t start = 0;
  while (start < markdown.size()) {
    const std::size_t end = markdown.find('\n', start);
    const std::string line = markdown.substr(start, end - start);
    start = end + 1;
    if (!line.starts_with('|')) {
      columns = 0;
      continue;
    }
    std::size_t cells = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      cells += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1U : 0U;
    }
    if (columns == 0) columns = cells;
    EXPECT_EQ(cells, columns) << line;
  }
}

// The same for every other form, with a person's answers as hostile as the pages.
TEST(Formats, HostileTextBreaksOutOfNone) {
  Card card = HostileCard();
  for (const Question& question : Questions()) {
    const bool text = question.kind == AnswerKind::kText || question.kind == AnswerKind::kTexts;
    if (!text) continue;
    const std::string key(question.key);
    if (question.repeated) {
      auto& rows = card.run.about.rows[std::string(question.group)];
      rows.resize(1);
      rows[0][key] = {std::string(kHostile)};
    } else {
      card.run.about.answers[std::string(question.group) + "." + key] = {std::string(kHostile)};
    }
  }
  const Facts facts = BuildFacts(card);
  for (const Format& format : Formats()) {
    const std::string text = format.render({card, facts});
    EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos) << format.name;
    EXPECT_EQ(text.find('\x01'), std::string::npos) << format.name;
    EXPECT_TRUE(text.ends_with('\n')) << format.name;
    if (format.file.find("json") != std::string_view::npos) {
      EXPECT_TRUE(nlohmann::json::accept(text)) << format.name;
    } else if (format.file.ends_with(".html")) {
      // The card has one script of its own, after all text.
      const std::size_t own = format.name == "html" ? text.rfind("<script>") : std::string::npos;
      EXPECT_EQ(text.find("<script"), own) << format.name;
    }
  }
}

TEST(Formats, AreFoundByNameAndWriteFilesOfTheirOwn) {
  std::set<std::string_view> files;
  std::string_view before;
  for (const Format& format : Formats()) {
    EXPECT_LT(before, format.name);
    before = format.name;
    EXPECT_TRUE(files.insert(format.file).second) << format.file;
    EXPECT_EQ(FindFormat(format.name), &format);
  }
  EXPECT_EQ(FindFormat("text"), nullptr);
}

TEST(Formats, TablesForReadersEndAtTheirLimit) {
  Events events;
  for (std::size_t i = 0; i < limits::kFormRowsMax + 20; ++i) {
    const std::string name = "d" + std::to_string(1000 + i);
    events.push_back(sample::Page(name + ".example", "example," + name, name + ".example", "/"));
  }
  const Card card = MakeCard(sample::SampleRun(), SummariseInputs({}), sample::TallyOf(events));
  const std::string form = RenderEuSummaryMarkdown({card, BuildFacts(card)});
  std::size_t rows = 0;
  for (std::size_t at = form.find("| `d1"); at != std::string::npos;
       at = form.find("| `d1", at + 1))
    ++rows;
  EXPECT_EQ(rows, std::min(limits::kFormRowsMax, limits::kTopDomainsDefault));
  EXPECT_NE(form.find("of 120 rows"), std::string::npos);
}

TEST(Render, AbsenceIsSaidInWords) {
  const Card empty = MakeCard(RunFacts{}, SummariseInputs({}), sample::TallyOf({}));
  const std::string html = RenderHtml(empty);
  for (const std::string_view word : {kNotApplicable, kNotKnown, kNotProvided}) {
    EXPECT_NE(html.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(html.find("<td role=\"cell\"></td>"), std::string::npos);
  for (const Section& section : BuildDocument(empty).sections) {
    for (const Block& block : section.blocks) {
      const auto* table = std::get_if<Table>(&block);
      if (table != nullptr && table->rows.empty()) {
        EXPECT_FALSE(table->absence.empty()) << table->caption;
      }
    }
  }
}

TEST(Render, TablesHaveDefinitionsAndFullRows) {
  std::set<std::string> ids;
  for (const Section& section : BuildDocument(SampleCard()).sections) {
    EXPECT_TRUE(ids.insert(section.id).second) << section.id;
    for (const Block& block : section.blocks) {
      const auto* table = std::get_if<Table>(&block);
      if (table == nullptr) continue;
      // All facts of one value stand in one table: their number is that of the list in the code.
      if (section.id != "facts") {
        EXPECT_LE(table->rows.size(), std::max<std::size_t>(limits::kTableRowsMax, 100));
      }
      if (!table->definition.empty()) {
        EXPECT_NE(FindDefinition(table->definition), nullptr) << table->definition;
      }
      for (const auto& row : table->rows) {
        EXPECT_EQ(row.size(), table->columns.size()) << table->caption;
        for (const Cell& cell : row) EXPECT_FALSE(cell.text.empty()) << table->caption;
      }
    }
  }
  for (const Figure& figure : BuildDocument(SampleCard()).figures) {
    EXPECT_NE(FindDefinition(figure.definition), nullptr) << figure.label;
  }
}

// What a reader sees is a fact with a command: figures say its value, tables name it.
TEST(Render, FiguresAndTablesAreFacts) {
  const Card card = SampleCard();
  const Facts facts = BuildFacts(card);
  const Document document = BuildDocument(card, facts);
  EXPECT_EQ(document.command, "crawlcard card --index INDEX");
  for (const Figure& figure : document.figures) {
    ASSERT_NE(facts.Find(figure.fact), nullptr) << figure.label;
    EXPECT_TRUE(facts.Words(figure.fact).starts_with(figure.value)) << figure.label;
    EXPECT_EQ(facts.Find(figure.fact)->definition, figure.definition) << figure.label;
  }
  for (const Section& section : document.sections) {
    for (const Block& block : section.blocks) {
      const auto* table = std::get_if<Table>(&block);
      if (table == nullptr || section.id == "run" || section.id == "not-in-the-archive" ||
          section.id == "facts") {
        continue;
      }
      const Fact* fact = facts.Find(table->fact);
      ASSERT_NE(fact, nullptr) << table->caption;
      EXPECT_EQ(fact->definition, table->definition) << table->caption;
    }
  }
  EXPECT_NE(RenderMarkdown(card).find("this command writes every form of the card again"),
            std::string::npos);
  EXPECT_NE(RenderHtml(card).find("this command writes every form of the card again"),
            std::string::npos);
}

TEST(Render, ChartsStayWithinTheirLimits) {
  Events events = sample::Crowd(7, 5);
  for (int year = 0; year < 12; ++year) {
    events[0]->capture.date = sample::kMay2024;
    events.push_back(
        sample::Page("z.example", "example,z", "z.example", "/" + std::to_string(year)));
    events.back()->capture.date = sample::kMay2024 - year * 366LL * 86'400;
  }
  const Card card = MakeCard(sample::SampleRun(), {}, sample::TallyOf(events));
  for (const Section& section : BuildDocument(card).sections) {
    for (const Block& block : section.blocks) {
      if (const auto* bars = std::get_if<BarChart>(&block)) {
        EXPECT_LE(bars->bars.size(), limits::kBarsMax);
        EXPECT_FALSE(bars->description.empty());
      }
      if (const auto* line = std::get_if<Timeline>(&block)) {
        EXPECT_LE(line->points.size(), limits::kTimelineColumnsMax);
        EXPECT_EQ(line->title, "Captures by year");
      }
    }
  }
}

TEST(Summary, HasAtMostTenLines) {
  for (const Card& card : {SampleCard(), HostileCard(),
                           MakeCard(RunFacts{}, SummariseInputs({}), sample::TallyOf({}))}) {
    const std::string summary = RenderSummary(card);
    EXPECT_LE(std::count(summary.begin(), summary.end(), '\n'), 10);
    EXPECT_TRUE(summary.ends_with('\n'));
  }
}

TEST(Card, TheDateIsGivenOrTheLatestCapture) {
  RunFacts run = sample::SampleRun();
  Events events;
  events.push_back(sample::Page("a.example", "example,a", "a.example", "/"));
  EXPECT_EQ(MakeCard(run, {}, sample::TallyOf(events)).date, sample::kMay2024);
  run.date = 1'800'000'000;
  const Card given = MakeCard(run, {}, sample::TallyOf(events));
  EXPECT_EQ(given.date, 1'800'000'000);
  EXPECT_TRUE(given.date_given);
  EXPECT_FALSE(MakeCard(RunFacts{}, {}, sample::TallyOf({})).date.has_value());
}

TEST(DomainCsv, RanksAndEscapes) {
  Events events;
  events.push_back(sample::Page("a.example", "example,a", "=cmd|' /c calc'!A0", "/", 5));
  events.push_back(sample::Page("b.example", "example,b", "b.example", "/", 9));
  std::string csv;
  ASSERT_TRUE(WriteDomainCsv(sample::TallyOf(events), [&](std::string_view line) -> Status {
                csv += line;
                return {};
              }).has_value());
  EXPECT_EQ(csv,
            "rank,domain,payload_bytes,text_bytes,captures,pages,hosts,first_seen,last_seen\n"
            "1,b.example,9,2,1,1,1,2024-05-18T02:40:00Z,2024-05-18T02:40:00Z\n"
            "2,\"'=cmd|' /c calc'!A0\",5,1,1,1,1,2024-05-18T02:40:00Z,2024-05-18T02:40:00Z\n");
}

TEST(Inputs, FilesAndManifestsAreListedUpToTheLimit) {
  std::vector<index::FileEntry> files(limits::kListedFilesMax + 1);
  for (std::size_t i = 0; i < files.size(); ++i) files[i].name = std::to_string(i);
  RunFacts run = sample::SampleRun();
  std::string manifest;
  for (std::size_t i = 0; i <= limits::kManifestEntriesMax; ++i) manifest += "name: value\n";
  run.options.emplace_back("run.x", manifest);
  const Facts facts =
      BuildFacts(MakeCard(std::move(run), SummariseInputs(files), sample::TallyOf({})));
  EXPECT_EQ(facts.Table("inputs.list").rows.size(), limits::kListedFilesMax);
  EXPECT_EQ(facts.Table("inputs.list").rows_all, limits::kListedFilesMax + 1);
  EXPECT_EQ(facts.Table("crawl.runs").rows.size(), limits::kManifestEntriesMax);
  EXPECT_EQ(facts.Table("crawl.runs").rows_all, limits::kManifestEntriesMax + 1);
}

TEST(Inputs, NamesAreListedUpToTheLimit) {
  std::vector<index::FileEntry> files(limits::kNamedFilesMax + 1);
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i].name = std::to_string(i);
    files[i].info.software = i < limits::kWarcinfoValuesMax + 1 ? std::to_string(i) : "0";
  }
  const InputSummary sum = SummariseInputs(files);
  EXPECT_EQ(sum.not_whole.size(), limits::kNamedFilesMax);
  EXPECT_EQ(sum.not_whole_count, limits::kNamedFilesMax + 1);
  EXPECT_EQ(sum.warcinfo[0].values.size(), limits::kWarcinfoValuesMax);
  EXPECT_EQ(sum.warcinfo[0].more, 1U);
  EXPECT_EQ(sum.warcinfo[0].values[0].first, "0");
}

}  // namespace
}  // namespace crawlcard::card
