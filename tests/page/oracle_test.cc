// tests/page/oracle_test.cc - the observer against tree-building parsers, over real pages.
//
// oracle/oracle.py reads every page of the corpus with lxml. Where the observer differs, html5lib
// (which follows the HTML Standard, but is slow) decides; what then still differs must stand in
// oracle/explained.txt with its reason.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/arena.h"
#include "page/facts.h"

namespace crawlcard::page {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(CRAWLCARD_SHARED) / "corpora/pages";
const fs::path kOracle = fs::path(CRAWLCARD_TEST_DATA) / "../page/oracle";

std::string FromBase64(const std::string& text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0' + 52);
    } else if (c == '+' || c == '/') {
      value = c == '+' ? 62 : 63;
    } else {
      continue;
    }
    bits = bits << 6 | value;
    if (++count % 4 != 1) out += static_cast<char>(bits >> (6 - 2 * ((count - 1) % 4)) & 0xFF);
  }
  return out;
}

using Strings = std::set<std::string>;

// The same licence may be linked with and without scheme; it is one statement.
std::string WithoutScheme(std::string url) {
  for (const std::string scheme : {"https:", "http:"}) {
    if (url.rfind(scheme + "//", 0) == 0) return url.substr(scheme.size());
  }
  return url;
}

bool IsRel(std::string_view location) {
  return location == "link-rel" || location == "a-rel" || location == "area-rel";
}

// What our facts say, and what differs from the oracle's line.
std::vector<std::string> Differences(const PageFacts& facts, const json& oracle) {
  std::vector<std::string> out;
  json metas = json::array();
  for (const Meta& meta : facts.metas) {
    metas.push_back(
        {std::string(meta.attribute), std::string(meta.name), std::string(meta.content)});
  }
  if (metas != oracle.at("metas")) {
    std::size_t i = 0;
    while (i < metas.size() && i < oracle["metas"].size() && metas[i] == oracle["metas"][i]) ++i;
    out.push_back("metas: at " + std::to_string(i) + " of " + std::to_string(metas.size()) +
                  " ours " + (i < metas.size() ? metas[i].dump() : "none") + " oracle " +
                  std::to_string(oracle["metas"].size()) + " " +
                  (i < oracle["metas"].size() ? oracle["metas"][i].dump() : "none"));
  }
  Strings rel;
  Strings any;
  Strings json_ld;
  for (const Licence& licence : facts.licences) {
    const std::string raw(licence.raw);
    any.insert(WithoutScheme(raw));
    if (IsRel(licence.location)) {
      bool synonym = false;
      for (const std::string_view flag : licence.flags) synonym |= flag == "html.rel_copyright";
      if (!synonym) rel.insert(raw);
    }
    if (licence.location == "json-ld") json_ld.insert(raw);
  }
  const auto strings = [](const json& list) {
    Strings set;
    for (const json& item : list) set.insert(item.get<std::string>());
    return set;
  };
  const Strings want_rel = strings(oracle.at("rel"));
  for (const std::string& href : want_rel) {
    if (any.count(WithoutScheme(href)) == 0) out.push_back("rel: missing " + href);
  }
  for (const std::string& href : rel) {
    if (want_rel.count(href) == 0) out.push_back("rel: only ours " + href);
  }
  for (const std::string& href : strings(oracle.at("plain"))) {
    if (any.count(WithoutScheme(href)) == 0) out.push_back("plain: missing " + href);
  }
  Strings want_json;
  for (const json& item : oracle.at("json")) {
    std::string value = item.get<std::string>();
    const std::size_t begin = value.find_first_not_of(" \t\r\n\f");
    if (begin == std::string::npos) continue;
    value = value.substr(begin, value.find_last_not_of(" \t\r\n\f") - begin + 1);
    if (value.size() <= 500) want_json.insert(value);
  }
  if (want_json != json_ld)
    out.push_back("json-ld: ours " + json(json_ld).dump() + " oracle " + json(want_json).dump());
  if (oracle["blocks"] != facts.json_ld_blocks || oracle["broken"] != facts.json_ld_broken_blocks) {
    out.push_back("json-ld blocks: ours " + std::to_string(facts.json_ld_blocks) + ", broken " +
                  std::to_string(facts.json_ld_broken_blocks) + " oracle " +
                  oracle["blocks"].dump() + ", broken " + oracle["broken"].dump());
  }
  const std::string title = oracle["title"].is_null() ? "" : oracle["title"].get<std::string>();
  if (title != facts.title)
    out.push_back("title: ours " + std::string(facts.title) + " oracle " + title);
  if (oracle["lang"] != std::string(facts.html_lang)) {
    out.push_back("lang: ours " + std::string(facts.html_lang) + " oracle " +
                  oracle["lang"].dump());
  }
  return out;
}

// Runs the script; calls `use` for each line.
template <class Use>
bool RunOracle(const std::string& file, const std::string& arguments, Use use) {
  std::string command = "/usr/bin/python3 '" + (kOracle / "oracle.py").string() + "' " + arguments;
  command += " '" + (kCorpus / file).string() + "'";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return false;
  std::string line;
  char buffer[1 << 16];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
    line += buffer;
    if (line.back() != '\n') continue;
    use(json::parse(line));
    line.clear();
  }
  return pclose(pipe) == 0;
}

struct Page {
  std::string url;
  std::string content_type;
  std::string body;
};

std::vector<std::string> Compare(const Page& page, const json& oracle, Observer& observer,
                                 Arena& arena) {
  if (oracle.contains("error")) return {"oracle failed: " + oracle["error"].get<std::string>()};
  arena.Reset();
  const PageFacts facts = observer.Observe({.url = page.url,
                                            .head = nullptr,
                                            .content_type = page.content_type,
                                            .identified_type = "",
                                            .body = page.body,
                                            .truncated = false},
                                           arena);
  return Differences(facts, oracle);
}

// The explained pages of one file.
std::map<std::string, std::string> ReadExplained(const std::string& file) {
  std::map<std::string, std::string> out;
  std::ifstream in(kOracle / "explained.txt");
  std::string line;
  while (std::getline(in, line)) {
    if (line.rfind(file + ":", 0) != 0) continue;
    const std::size_t tab = line.find('\t');
    out[line.substr(0, tab)] = tab == std::string::npos ? "" : line.substr(tab + 1);
  }
  return out;
}

class Oracle : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Corpus, Oracle,
                         ::testing::Values("pages-00000.warc.gz", "pages-00001.warc.gz",
                                           "pages-00002.warc.gz", "pages-00003.warc.gz"));

TEST_P(Oracle, AgreesWithTreeBuildingParsersOnRealPages) {
  const std::string file = GetParam();
  if (!fs::exists(kCorpus)) GTEST_SKIP() << "corpus absent: " << kCorpus;
  if (std::system("/usr/bin/python3 -c 'import lxml, html5lib' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3 without lxml and html5lib";
  }
  Observer observer(ObserveOptions{});
  Arena arena;
  std::map<std::string, Page> differing;
  std::size_t pages = 0;
  ASSERT_TRUE(RunOracle(file, "--parser lxml --body", [&](const json& line) {
    ++pages;
    const Page page{line["url"], line["content_type"], FromBase64(line["body"])};
    const auto differences = Compare(page, line, observer, arena);
    if (differences.empty()) return;
    if (std::getenv("CRAWLCARD_ORACLE_VERBOSE") != nullptr) {
      std::cout << "lxml " << line["key"] << "\n";
      for (const std::string& text : differences) std::cout << "  " << text.substr(0, 600) << "\n";
    }
    differing[line["key"]] = page;
  }));
  EXPECT_GT(pages, 400U);
  const fs::path keys = fs::temp_directory_path() /
                        ("crawlcard_oracle_keys_" + std::to_string(::getpid()) + "_" + file);
  {
    std::ofstream out(keys);
    for (const auto& [key, page] : differing) out << key << "\n";
  }
  const std::map<std::string, std::string> explained = ReadExplained(file);
  std::set<std::string> still;
  ASSERT_TRUE(
      RunOracle(file, "--parser html5lib --only '" + keys.string() + "'", [&](const json& line) {
        const std::string key = line["key"];
        const auto differences = Compare(differing.at(key), line, observer, arena);
        if (differences.empty()) return;
        still.insert(key);
        if (explained.count(key) > 0) return;
        std::string text;
        for (const std::string& difference : differences)
          text += "\n  " + difference.substr(0, 600);
        ADD_FAILURE() << key << " " << differing.at(key).url << text;
      }));
  for (const auto& [key, reason] : explained) {
    EXPECT_TRUE(still.count(key) > 0) << key << " agrees by now: take it off the list";
    EXPECT_FALSE(reason.empty()) << key << " is listed without a reason";
  }
  std::cout << pages << " pages: " << pages - differing.size() << " agree with lxml, "
            << differing.size() - still.size() << " with html5lib alone, " << still.size()
            << " differ as explained\n";
  fs::remove(keys);
}

}  // namespace
}  // namespace crawlcard::page
