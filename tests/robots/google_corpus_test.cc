// Google's own answers over real files: 29,631 decisions of its matcher, and its conformance suite.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <zlib.h>

#include "robots/robots_txt.h"

namespace crawlcard::robots {
namespace {

// All members of a gzip file.
std::string Unpack(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  std::string out;
  char buffer[1 << 16];
  int count = 0;
  while ((count = gzread(file, buffer, sizeof(buffer))) > 0) {
    out.append(buffer, static_cast<std::size_t>(count));
  }
  gzclose(file);
  return out;
}

std::string_view HeaderValue(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(name);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = head.find_first_not_of(' ', at + name.size());
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

// robots.txt bodies by URL: a plain walk over a well-formed WARC file.
std::map<std::string, std::string> ReadBodies(const std::string& warc) {
  std::map<std::string, std::string> bodies;
  std::size_t at = 0;
  while ((at = warc.find("WARC/1.", at)) != std::string::npos) {
    const std::size_t head_end = warc.find("\r\n\r\n", at);
    if (head_end == std::string::npos) break;
    const std::string_view head = std::string_view(warc).substr(at, head_end + 2 - at);
    const std::size_t length = std::stoul(std::string(HeaderValue(head, "\r\nContent-Length:")));
    const std::string_view block = std::string_view(warc).substr(head_end + 4, length);
    if (HeaderValue(head, "\r\nWARC-Type:") == "response") {
      const std::size_t body = block.find("\r\n\r\n");
      bodies[std::string(HeaderValue(head, "\r\nWARC-Target-URI:"))] = block.substr(body + 4);
    }
    at = head_end + 4 + length;
  }
  return bodies;
}

TEST(GoogleCorpus, EveryAnswerOfItsMatcherIsReproduced) {
  const std::string folder = std::string(CRAWLCARD_SHARED) + "/corpora/robots/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is absent";
  const std::map<std::string, std::string> bodies =
      ReadBodies(Unpack(folder + "robotstxt-a.warc.gz"));
  ASSERT_GT(bodies.size(), 1900U);
  std::istringstream answers(Unpack(folder + "robotstxt-a.decisions.tsv.gz"));
  std::map<std::string, RobotsTxt> parsed;
  std::string line;
  int asked = 0;
  int wrong = 0;
  while (std::getline(answers, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string url, agent, path, allowed;
    std::getline(fields, url, '\t');
    std::getline(fields, agent, '\t');
    std::getline(fields, path, '\t');
    std::getline(fields, allowed, '\t');
    auto found = parsed.find(url);
    if (found == parsed.end()) {
      ASSERT_TRUE(bodies.contains(url)) << url;
      found = parsed.emplace(url, RobotsTxt::Parse(bodies.at(url))).first;
    }
    ++asked;
    if (found->second.Allows(agent, path, Dialect::kGoogle) == (allowed == "1")) continue;
    if (++wrong <= 20) ADD_FAILURE() << url << " " << agent << " " << path << " want " << allowed;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(asked, 29631);
}

// Reads the little of the text format that the suite uses: names, strings (joined), words.
class TextProto {
 public:
  explicit TextProto(const std::string& text) : text_(text) {}

  // The next token: a quoted string, decoded, or a word. False at the end.
  bool Next(std::string& token, bool& quoted) {
    Skip();
    if (at_ >= text_.size()) return false;
    token.clear();
    quoted = text_[at_] == '"';
    if (!quoted) {
      while (at_ < text_.size() &&
             std::string_view(" \n\t\"").find(text_[at_]) == std::string_view::npos) {
        token.push_back(text_[at_++]);
      }
      return true;
    }
    while (at_ < text_.size() && text_[at_] == '"') {
      ++at_;
      while (text_[at_] != '"') token.push_back(Char());
      ++at_;
      Skip();
    }
    return true;
  }

 private:
  void Skip() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') at_ = text_.find('\n', at_);
      if (at_ == std::string::npos) at_ = text_.size();
      if (at_ >= text_.size() || !std::isspace(static_cast<unsigned char>(text_[at_]))) return;
      ++at_;
    }
  }
  char Char() {
    char c = text_[at_++];
    if (c != '\\') return c;
    c = text_[at_++];
    if (c == 'n') return '\n';
    if (c == 'r') return '\r';
    if (c == 't') return '\t';
    if (c == 'x') {
      const char value = static_cast<char>(std::stoi(text_.substr(at_, 2), nullptr, 16));
      at_ += 2;
      return value;
    }
    if (c >= '0' && c <= '7') {
      const char value = static_cast<char>(std::stoi(text_.substr(at_ - 1, 3), nullptr, 8));
      at_ += 2;
      return value;
    }
    return c;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

int RunSuiteFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  TextProto proto(text);
  std::string token, name, robots, url, agent;
  bool quoted = false;
  int asked = 0;
  while (proto.Next(token, quoted)) {
    if (!quoted && !token.empty() && token.back() == ':') {
      name = token;
      continue;
    }
    if (name == "robotstxt:" && quoted) robots = token;
    if (name == "testurl:" && quoted) url = token;
    if (name == "useragent:" && quoted) agent = token;
    if (name != "expected_outcome:" || quoted) continue;
    const std::string path_and_query = GooglePathOf(url);
    const RobotsTxt parsed = RobotsTxt::Parse(robots);
    EXPECT_EQ(parsed.Allows(agent, path_and_query, Dialect::kGoogle),
              token.substr(0, 7) == "ALLOWED")
        << path.filename() << ": " << agent << " " << url << "\n"
        << robots;
    ++asked;
    name.clear();
  }
  return asked;
}

TEST(GoogleCorpus, ItsConformanceSuitePasses) {
  const std::filesystem::path folder =
      std::string(CRAWLCARD_SHARED) + "/corpora/conformance/google__robotstxt-spec-test";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is absent";
  int asked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".textproto") asked += RunSuiteFile(entry.path());
  }
  EXPECT_GT(asked, 50);
}

}  // namespace
}  // namespace crawlcard::robots
