// The whole history of a host: ten years of weekly observations of a few bodies, read and compared.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/codec.h"
#include "index/history.h"
#include "index/ingest/ingest.h"
#include "stage.h"

namespace crawlcard::bench {
namespace {

constexpr int kHosts = 50;
constexpr int kWeeks = 520;
constexpr int kBodies = 8;

std::string Record(const std::string& url, UnixSeconds date, const std::string& body) {
  const std::string block = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + body;
  return GzipMember(fmt::format("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {}\r\n"
                                "WARC-Date: {}\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
                                "Content-Type: application/http; msgtype=response\r\n"
                                "Content-Length: {}\r\n\r\n{}\r\n\r\n",
                                url, FormatRfc3339(date), block.size(), block),
                    1);
}

// Fifty rules and twenty agents, some of them other in each version.
std::string Body(int host, int version) {
  std::string body = fmt::format("# version {}\nUser-agent: *\n", version);
  for (int i = 0; i < 50; ++i) body += fmt::format("Disallow: /{}/{}\n", host, i + version % 3);
  for (int i = 0; i < 20; ++i)
    body += fmt::format("User-agent: Agent{}\n", static_cast<char>('a' + i));
  return body + (version % 2 == 0 ? "Disallow: /\n" : "Disallow: /closed\n");
}

// An index in a scratch directory, which goes with it.
class Index {
 public:
  Index() : directory_(std::filesystem::temp_directory_path() / "crawlcard_index_history_bench") {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    const std::string warc = (directory_ / "a.warc.gz").string();
    std::ofstream out(warc, std::ios::binary);
    for (int host = 0; host < kHosts; ++host) {
      for (int week = 0; week < kWeeks; ++week) {
        out << Record(fmt::format("https://host{}.example/robots.txt", host),
                      1'450'000'000 + week * 604'800LL, Body(host, week * kBodies / kWeeks));
      }
    }
    out.close();
    auto store = index::Store::Open((directory_ / "idx").string(), index::OpenMode::kCreate);
    index::IngestProgress progress;
    const std::atomic<bool> stop{false};
    if (!store || !index::Ingest(**store, {{warc, "a.warc.gz"}}, {}, {}, progress, stop)) {
      std::abort();
    }
  }
  ~Index() { std::filesystem::remove_all(directory_); }

  // A fresh store: nothing of it is cached but by the system.
  std::unique_ptr<index::Store> Open() const {
    auto store = index::Store::Open((directory_ / "idx").string(), index::OpenMode::kRead);
    return store ? std::move(*store) : nullptr;
  }

 private:
  std::filesystem::path directory_;
};

void ReadAll(const index::Store& store) {
  for (int host = 0; host < kHosts; ++host) {
    int runs = 0;
    const Status read = index::ShowHistory(store, fmt::format("host{}.example", host), {},
                                           [&](const index::HistoryRun&) -> Status {
                                             ++runs;
                                             return {};
                                           });
    if (!read || runs < kBodies - 1) std::abort();
  }
}

// Items are hosts. Cold: the store is opened anew, and each body is read, parsed and compared once.
const bool kCold = AddStage("index/history/cold", [] {
  const auto made = std::make_shared<const Index>();  // shared with the pass
  return Stage{0, kHosts, [made] { ReadAll(*made->Open()); }};
});

const bool kWarm = AddStage("index/history/warm", [] {
  const auto made = std::make_shared<const Index>();               // shared with the pass
  const std::shared_ptr<const index::Store> store = made->Open();  // shared with the pass
  return Stage{0, kHosts, [made, store] { ReadAll(*store); }};
});

}  // namespace
}  // namespace crawlcard::bench
