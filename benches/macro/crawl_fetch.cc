// crawl_fetch MODE PORT FILE HOSTS ADDRESSES REQUESTS IN_FLIGHT [SHARDS [CONNECTIONS]]
//
// Fetches FILE from a server on 127.0.1.x and prints what it took as one line of JSON. MODE:
//   bare         libcurl alone (crawl_bare.cc), with the fields it sends by itself
//   bare-same    libcurl alone, with the fields that ours sends
//   ours         the fetcher; answers go through a queue to an archive thread, which writes them as
//                uncompressed WARC records, request and response, to a directory of its own
//   ours-drop    the fetcher, answers dropped
//   bare-stream  large files, 512 KiB buffers, bytes dropped
//   ours-stream  the same through FetchHandler::OnChunk()
//   publishers   the publisher job over HOSTS hosts: robots.txt and all that follows
// CPU is that of the network thread, which has core 0; the archive thread shares core 1 with the
// server. benches/run_crawl runs it.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sched.h>

#include "base/bounded_queue.h"
#include "base/file_system.h"
#include "benches/macro/crawl_measure.h"
#include "crawler/curl_fetcher.h"
#include "crawler/static_resolver.h"
#include "warc/writer.h"

namespace crawlcard::bench {
namespace {

// Answers that go to the archive together, so that one wake-up serves them all.
constexpr std::size_t kBatch = 64;

void RunOn(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<std::size_t>(core), &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

struct Kept {
  std::string url;
  crawler::FetchResult result;
};

// Uncompressed, so that what is measured is not the compressor.
class Archive {
 public:
  // `give_back` is called from the archive thread with what has been written.
  Archive(std::string directory, std::function<void(std::vector<Kept>)> give_back)
      : directory_(std::move(directory)), give_back_(std::move(give_back)) {
    warc::WriterOptions options;
    options.directory = directory_;
    options.compression = warc::Compression::kNone;
    writer_ = warc::Writer::Open(files_, std::move(options)).value();
    thread_ = std::thread([this] { Work(); });
  }
  ~Archive() {
    Flush();
    queue_.Close();
    thread_.join();
    Ignore(writer_->Seal(), "removed at once");
    std::filesystem::remove_all(directory_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  // Hands over some at a time: each wake-up of the other thread costs this one a system call.
  void Push(Kept kept) {
    batch_bytes_ += kept.result.buffer.block().size();
    batch_.push_back(std::move(kept));
    if (batch_.size() >= kBatch) Flush();
  }
  void Flush() {
    if (!batch_.empty()) queue_.Push(std::move(batch_), batch_bytes_);
    batch_ = {};
    batch_.reserve(kBatch);
    batch_bytes_ = 0;
  }

 private:
  void Work() {
    RunOn(1);
    while (std::optional<std::vector<Kept>> batch = queue_.Pop()) {
      for (const Kept& kept : *batch) Write(kept);
      give_back_(std::move(*batch));
    }
  }
  void Write(const Kept& kept) {
    warc::CaptureView capture;
    capture.target_uri = kept.url;
    capture.date = kept.result.timings.started_unix_ms / 1000;
    capture.request = kept.result.request_head;
    capture.response_head = kept.result.buffer.head();
    capture.response_body = kept.result.buffer.body();
    if (!writer_->WriteCapture(capture)) std::abort();
  }

  const std::string directory_;
  const std::function<void(std::vector<Kept>)> give_back_;
  FileSystem& files_ = DiskFileSystem();
  std::unique_ptr<warc::Writer> writer_;
  std::vector<Kept> batch_;
  std::size_t batch_bytes_ = 0;
  BoundedQueue<std::vector<Kept>> queue_{10'000, 256U << 20};
  std::thread thread_;
};

class OurCrawl {
 public:
  OurCrawl(const CrawlWork& work, std::size_t shards, std::size_t connections, bool archive)
      : work_(work) {
    for (std::size_t i = 0; i < work.hosts; ++i) {
      resolver_.Add(HostOf(i), *crawler::IpAddress::Parse(AddressOf(work, i)));
    }
    crawler::CurlFetcherOptions options;
    options.guard = crawler::AddressGuard({crawler::AddressRange::Parse("127.0.0.0/8").value()});
    options.shards = shards;
    options.connections = connections;
    const auto agent = crawler::UserAgent::Make("bench", "1", "bench@example.org").value();
    fetcher_ = crawler::MakeCurlFetcher(loop_, resolver_, agent, options).value();
    if (!archive) return;
    archive_ = std::make_unique<Archive>("crawl_fetch_archive", [this](std::vector<Kept> written) {
      auto back = std::make_shared<std::vector<Kept>>(std::move(written));
      loop_.Post([this, back] {
        for (Kept& kept : *back) fetcher_->Recycle(std::move(kept.result));
      });
    });
  }

  CrawlCost Run() {
    const double cpu = SecondsOf(CLOCK_THREAD_CPUTIME_ID);
    const double wall = SecondsOf(CLOCK_MONOTONIC);
    for (std::size_t i = 0; i < work_.in_flight && next_ < work_.requests; ++i) Start();
    loop_.Run();
    if (archive_) archive_->Flush();
    cost_.cpu_s = SecondsOf(CLOCK_THREAD_CPUTIME_ID) - cpu;
    cost_.wall_s = SecondsOf(CLOCK_MONOTONIC) - wall;
    return cost_;
  }

 private:
  class Handler final : public crawler::FetchHandler {
   public:
    Handler(OurCrawl& crawl, std::string url) : crawl_(crawl), url_(std::move(url)) {}
    void OnDone(crawler::FetchResult result) override {
      crawl_.Keep(std::move(url_), std::move(result));
    }

   private:
    OurCrawl& crawl_;
    std::string url_;
  };

  void Start() {
    std::string url = UrlOf(work_, next_++ % work_.hosts);
    crawler::FetchRequest request;
    request.url = crawler::TargetUrl::Parse(url).value();
    request.stream = work_.stream;
    if (work_.stream) request.deadlines.total = std::chrono::seconds(0);
    fetcher_->Start(std::move(request), std::make_unique<Handler>(*this, std::move(url)));
  }

  void Keep(std::string url, crawler::FetchResult result) {
    if (result.ok() && result.status == 200 && result.body_bytes > 0) ++cost_.good;
    if (!result.ok() && cost_.good == 0) std::fprintf(stderr, "%s\n", result.message.c_str());
    cost_.bytes += result.body_bytes;
    if (archive_) archive_->Push({std::move(url), std::move(result)});
    if (next_ < work_.requests) Start();
  }

  const CrawlWork& work_;
  crawler::EventLoop loop_;
  crawler::StaticResolver resolver_;
  std::unique_ptr<crawler::Fetcher> fetcher_;
  std::size_t next_ = 0;
  std::unique_ptr<Archive> archive_;
  CrawlCost cost_;
};

void Print(const std::string& mode, const CrawlCost& cost) {
  std::printf(
      "{\"mode\": \"%s\", \"good\": %zu, \"bytes\": %zu, \"cpu_s\": %.6f, \"wall_s\": %.6f}\n",
      mode.c_str(), static_cast<std::size_t>(cost.good), static_cast<std::size_t>(cost.bytes),
      cost.cpu_s, cost.wall_s);
}

int Main(const std::vector<std::string>& words) {
  if (words.size() < 8) return 2;
  const std::string& mode = words[1];
  CrawlWork work;
  work.scheme_host_port_path = "http://%s:" + words[2] + "/" + words[3];
  work.hosts = std::stoul(words[4]);
  work.addresses = std::stoul(words[5]);
  work.requests = std::stoul(words[6]);
  work.in_flight = std::stoul(words[7]);
  work.same_fields = mode == "bare-same";
  work.stream = mode.ends_with("-stream");
  const std::size_t shards = words.size() > 8 ? std::stoul(words[8]) : 32;
  const std::size_t connections = words.size() > 9 ? std::stoul(words[9]) : 256;
  CrawlCost cost;
  if (mode == "publishers") {  // on both cores: the database has threads, too
    cost = CrawlPlans(work, shards, connections);
    Print(mode, cost);
    return 0;
  }
  RunOn(0);
  if (mode.starts_with("bare")) {
    cost = CrawlBare(work, static_cast<long>(connections));
  } else {
    cost = OurCrawl(work, shards, connections, mode == "ours").Run();
  }
  Print(mode, cost);
  return cost.good == work.requests ? 0 : 1;
}

}  // namespace
}  // namespace crawlcard::bench

int main(int argc, char** argv) {
  return crawlcard::bench::Main(std::vector<std::string>(argv, argv + argc));
}
