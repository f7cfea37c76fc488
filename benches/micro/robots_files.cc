#include "benches/micro/robots_files.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>

#include "base/byte_source.h"
#include "robots/agents.h"
#include "warc/reader.h"

namespace crawlcard::bench {
namespace {

constexpr std::size_t kMadeFiles = 3000;

class Maker {
 public:
  std::string Make() {
    end_ = Pick(10) < 3 ? "\r\n" : "\n";
    text_ = "# robots.txt for www.example.com" + end_;
    for (std::size_t groups = 1 + Pick(6); groups > 0; --groups) Group();
    text_ += end_ + "Sitemap: https://www.example.com/sitemap.xml" + end_;
    return text_;
  }

 private:
  std::size_t Pick(std::size_t below) { return random_() % below; }

  const char* Word() {
    static const char* const kWords[] = {
        "search", "private", "cgi-bin", "user",  "checkout", "tmp",  "wp-admin", "includes",
        "themes", "cart",    "account", "login", "node",     "api",  "filter",   "print",
        "feed",   "tag",     "author",  "media", "static",   "admin"};
    return kWords[Pick(std::size(kWords))];
  }

  std::string Path() {
    std::string path;
    for (std::size_t parts = 1 + Pick(3); parts > 0; --parts) path += std::string("/") + Word();
    const std::size_t kind = Pick(100);
    if (kind < 12) return "/*" + path;
    if (kind < 20) return path + "/*.pdf$";
    if (kind < 26) return path + "$";
    if (kind < 32) return std::string("/*?") + Word() + "=";
    if (kind < 34) return path + "/%7euser";
    if (kind < 60) return path + "/";
    return kind < 80 ? path : path + "-" + std::to_string(Pick(999));
  }

  void Group() {
    static const char* const kAgents[] = {"*",         "GPTBot",  "CCBot",        "Googlebot",
                                          "ClaudeBot", "bingbot", "SemrushBot",   "AhrefsBot",
                                          "Yandex",    "MJ12bot", "anthropic-ai", "Amazonbot"};
    text_ += end_;
    for (std::size_t agents = 1 + Pick(3) / 2; agents > 0; --agents) {
      text_ += std::string("User-agent: ") + kAgents[Pick(std::size(kAgents))] + end_;
    }
    for (std::size_t rules = 4 + Pick(21); rules > 0; --rules) {
      text_ += Pick(5) == 0 ? "Allow: " : "Disallow: ";
      text_ += Path() + (Pick(20) == 0 ? "  # why" : "") + end_;
    }
    if (Pick(5) == 0) text_ += "Crawl-delay: 10" + end_;
  }

  std::mt19937 random_{7};
  std::string end_;
  std::string text_;
};

std::vector<std::string> ReadFiles(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  MemorySource source(bytes);
  warc::Reader reader(source, {});
  std::vector<std::string> files;
  for (;;) {
    const Result<const warc::RecordView*> next = reader.Next();
    if (!next || *next == nullptr) return files;
    const std::size_t head = (*next)->block.find("\r\n\r\n");
    if ((*next)->Field("WARC-Type") != "response" || head == std::string_view::npos) continue;
    files.emplace_back((*next)->block.substr(head + 4));
  }
}

std::vector<std::string> AllFiles() {
  const char* path = std::getenv("CRAWLCARD_BENCH_ROBOTS");
  if (path != nullptr) {
    std::vector<std::string> files = ReadFiles(path);
    if (!files.empty()) return files;
    std::fprintf(stderr, "CRAWLCARD_BENCH_ROBOTS: no response in '%s'\n", path);
    std::exit(2);
  }
  Maker maker;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < kMadeFiles; ++i) files.push_back(maker.Make());
  return files;
}

}  // namespace

const std::vector<std::string>& RobotsFiles() {
  static const std::vector<std::string> files = AllFiles();
  return files;
}

std::uint64_t RobotsBytes() {
  std::uint64_t bytes = 0;
  for (const std::string& file : RobotsFiles()) bytes += file.size();
  return bytes;
}

const std::vector<std::string>& AskedPaths() {
  static const std::vector<std::string> paths = {
      "/",
      "/search/a.pdf",
      "/private/x/index.html",
      "/cgi-bin/run?x=1",
      "/user/login",
      "/wp-admin/admin-ajax.php",
      "/static/media/img-12.png",
      "/node/45",
      "/print/node/4",
      "/tag/foo/feed",
      "/account",
      "/checkout/cart",
      "/a/very/long/path/with/many/segments/article-title-that-is-long-2024.html",
      "/~user/",
      "/%7Euser/x",
      "/includes/themes/",
      "/api/media/7?print=1",
      "/index.html",
      "/robots/",
      "/tmp/x.pdf"};
  return paths;
}

std::string_view AskedAgent(std::size_t path) {
  static constexpr std::string_view kAgents[] = {"CCBot", "GPTBot", "Googlebot", "foobot"};
  return kAgents[path % 4];
}

std::string BlockList() {
  std::string text = "User-agent: *\nDisallow: /admin/\n\n";
  for (const robots::Agent& agent : robots::AgentRegistry()) {
    text.append("User-agent: ").append(agent.token).push_back('\n');
  }
  return text + "Disallow: /articles/\n";
}

}  // namespace crawlcard::bench
