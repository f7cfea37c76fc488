#include "benches/micro/pages.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>

#include "base/byte_source.h"
#include "base/codec.h"
#include "warc/reader.h"

namespace crawlcard::bench {
namespace {

constexpr std::uint64_t kRealBytes = std::uint64_t{32} << 20;
constexpr std::size_t kMadePages = 400;

std::string RecordOf(const Page& page) {
  const std::string block_bytes = std::to_string(page.head.size() + page.body.size());
  return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-05-18T01:58:10Z\r\n"
         "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
         "WARC-Target-URI: " +
         page.url +
         "\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: " + block_bytes +
         "\r\n\r\n" + page.head + page.body + "\r\n\r\n";
}

class Maker {
 public:
  Page Make(std::size_t number) {
    Page page;
    page.url = "https://www.example" + std::to_string(number % 50) + ".org/articles/2024/05/" +
               std::to_string(number) + "?ref=list&page=2";
    page.head =
        "HTTP/1.1 200 OK\r\nDate: Sat, 18 May 2024 01:58:10 GMT\r\nServer: nginx\r\n"
        "Content-Type: text/html; charset=UTF-8\r\nCache-Control: max-age=600\r\n"
        "Vary: Accept-Encoding\r\nX-Frame-Options: SAMEORIGIN\r\n\r\n";
    page.body = Html();
    page.record = RecordOf(page);
    return page;
  }

 private:
  std::size_t Pick(std::size_t below) { return random_() % below; }

  std::string Words(std::size_t count) {
    static const char* const kWords[] = {"the",     "archive", "of",   "pages",   "which",
                                         "people",  "wrote",   "and",  "nobody",  "licensed",
                                         "because", "there",   "were", "no",      "signals",
                                         "then",    "but",     "now",  "someone", "asks"};
    std::string text;
    for (; count > 0; --count) text.append(kWords[Pick(20)]).push_back(' ');
    return text;
  }

  std::string Html() {
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" + Words(6) +
        "</title>\n<meta name=\"description\" content=\"" + Words(20) + "\">\n";
    if (Pick(4) == 0) html += "<meta name=\"robots\" content=\"noindex, noai\">\n";
    for (int i = 0; i < 20; ++i) {
      html += "<link rel=\"stylesheet\" href=\"/static/css/part-" + std::to_string(Pick(900)) +
              ".css\" media=\"all\">\n";
    }
    html += "<script type=\"application/ld+json\">{\"@type\":\"Article\",\"headline\":\"" +
            Words(5) + "\"}</script>\n<script>";
    for (int i = 0; i < 120; ++i) html += "window.data['" + std::to_string(Pick(99999)) + "']=0;";
    html += "</script>\n</head>\n<body class=\"page\">\n";
    for (int i = 0; i < 150; ++i) {
      html += "<div class=\"card item-" + std::to_string(i) + "\"><a href=\"/articles/" +
              std::to_string(Pick(99999)) + "\" title=\"" + Words(3) + "\"><img src=\"/i/" +
              std::to_string(Pick(999)) + ".jpg\" alt=\"\"></a>\n<p>" + Words(12) + "</p></div>\n";
    }
    if (Pick(5) == 0) {
      html += "<a rel=\"license\" href=\"https://creativecommons.org/licenses/by/4.0/\">CC</a>\n";
    }
    return html + "</body></html>\n";
  }

  std::mt19937 random_{1};
};

std::vector<Page> ReadPages(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  MemorySource source(bytes);
  warc::Reader reader(source, {});
  std::vector<Page> pages;
  for (std::uint64_t taken = 0; taken < kRealBytes;) {
    const Result<const warc::RecordView*> next = reader.Next();
    if (!next || *next == nullptr) break;
    const warc::RecordView& record = **next;
    const std::size_t head = record.block.find("\r\n\r\n");
    const bool response = record.Field("WARC-Type") == "response";
    if (!response || head == std::string_view::npos) continue;
    Page page{std::string(record.target_uri()),
              std::string(record.block.substr(0, head + 4)),
              std::string(record.block.substr(head + 4)),
              {}};
    page.record = RecordOf(page);
    taken += page.record.size();
    pages.push_back(std::move(page));
  }
  return pages;
}

std::vector<Page> AllPages() {
  const char* path = std::getenv("CRAWLCARD_BENCH_WARC");
  if (path != nullptr) {
    std::vector<Page> pages = ReadPages(path);
    if (!pages.empty()) return pages;
    std::fprintf(stderr, "CRAWLCARD_BENCH_WARC: no response in '%s'\n", path);
    std::exit(2);
  }
  Maker maker;
  std::vector<Page> pages;
  for (std::size_t i = 0; i < kMadePages; ++i) pages.push_back(maker.Make(i));
  return pages;
}

}  // namespace

const std::vector<Page>& Pages() {
  static const std::vector<Page> pages = AllPages();
  return pages;
}

const std::string& PagesFile() {
  static const std::string file = [] {
    std::string members;
    for (const Page& page : Pages()) members += GzipMember(page.record, 6);
    return members;
  }();
  return file;
}

}  // namespace crawlcard::bench
