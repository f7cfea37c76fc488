// crawlcard crawl publishers: the opt-out files of publishers into WARC files, and into an index.

#include <chrono>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/random.h"
#include "base/text.h"
#include "crawler/curl_fetcher.h"
#include "crawler/descriptor_limit.h"
#include "crawler/fetch_plan.h"
#include "crawler/publisher_job.h"
#include "crawler/run_manifest.h"
#include "crawler/snapshot/listing.h"
#include "crawler/static_resolver.h"
#include "crawler/thread_resolver.h"
#include "index/ingest/ingest.h"
#include "index/scan.h"
#include "page/public_suffix.h"
#include "page/url.h"
#include "tools/command.h"
#include "tools/crawl_flags.h"
#include "tools/exit_code.h"
#include "tools/inputs.h"
#include "tools/judge_flags.h"
#include "tools/limits.h"
#include "tools/observe_flags.h"
#include "tools/open_index.h"
#include "tools/progress.h"
#include "tools/shard.h"
#include "tools/stop.h"
#include "tools/version.h"

namespace crawlcard::tools {
namespace {

using crawler::PublisherJobOptions;
using crawler::PublisherJobSummary;

// --- flags --------------------------------------------------------------------------------------

// "7d", "12h", "30m", "0s" in milliseconds.
Result<std::int64_t> ParseAge(std::string_view text) {
  std::int64_t unit_ms = 0;
  switch (text.empty() ? '\0' : text.back()) {
    case 'd':
      unit_ms = 86'400'000;
      break;
    case 'h':
      unit_ms = 3'600'000;
      break;
    case 'm':
      unit_ms = 60'000;
      break;
    case 's':
      unit_ms = 1000;
      break;
    default:
      break;
  }
  const std::optional<std::uint64_t> count =
      unit_ms == 0 ? std::nullopt : ParseUint(text.substr(0, text.size() - 1));
  if (!count || *count > limits::kCountMax) {
    return Fail(ErrorCode::kInvalidArgument, "--stale: '{}' is no age such as 7d or 12h", text);
  }
  return static_cast<std::int64_t>(*count) * unit_ms;
}

Result<std::string> Needed(const Settings& settings, std::string_view flag, std::string_view why) {
  const std::string_view text = settings.Text(flag);
  if (text.empty()) return Fail(ErrorCode::kInvalidArgument, "--{} is needed: {}", flag, why);
  return std::string(text);
}

Result<PublisherJobOptions> OptionsFrom(const Settings& settings,
                                        const crawler::UserAgent& user_agent) {
  PublisherJobOptions options;
  CRAWLCARD_ASSIGN(options.archive.directory,
                   Needed(settings, "warc-dir", "a directory for the WARC files"));
  options.frontier_directory =
      (std::filesystem::path(options.archive.directory) / "frontier").string();
  options.user_agent = user_agent.text();
  options.archive.id_seed = RandomSeed();
  options.archive.prefix = "PUBLISHERS";
  options.archive.warcinfo = {{"software", "crawlcard/" + std::string(Version())},
                              {"operator", std::string(settings.Text("contact"))}};
  crawler::EngineOptions& engine = options.engine;
  engine.agent = user_agent.product();
  engine.politeness.host_delay_ms = static_cast<std::int64_t>(settings.Count("host-delay"));
  engine.politeness.address_delay_ms = static_cast<std::int64_t>(settings.Count("address-delay"));
  engine.in_flight_max = settings.Count("in-flight");
  for (const std::uint8_t byte : RandomSeed()) engine.seed = engine.seed << 8 ^ byte;
  if (const std::string_view stale = settings.Text("stale"); !stale.empty()) {
    CRAWLCARD_ASSIGN(engine.stale_ms, ParseAge(stale));
  }
  const std::chrono::seconds timeout(settings.Count("timeout"));
  options.deadlines.total = timeout;
  for (std::chrono::milliseconds* part :
       {&options.deadlines.dns, &options.deadlines.connect, &options.deadlines.tls}) {
    *part = std::min<std::chrono::milliseconds>(*part, timeout);
  }
  return options;
}

// --- publishers of an index ---------------------------------------------------------------------

class OriginFold final : public index::Fold {
 public:
  Status OnPage(const index::ScannedPage& page) override { return Take(*page.capture); }
  Status OnHostRow(const index::ScannedHostRow& row) override { return Take(*row.capture); }
  const std::set<std::string>& origins() const { return origins_; }

 private:
  Status Take(const index::CaptureView& capture) {
    std::string origin = page::OriginOf(capture.url);
    if (origin == last_) return {};
    last_ = origin;
    if (origin.starts_with("http")) origins_.insert(std::move(origin));
    return {};
  }

  std::string last_;
  std::set<std::string> origins_;
};

Status AppendOrigins(const Settings& settings, std::vector<std::string>& seeds_out) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(settings, index::OpenMode::kRead));
  index::ScanOptions options;
  options.judge = false;
  options.jobs = JobsFrom(settings);
  CRAWLCARD_ASSIGN(const auto folds, index::Scan(*store, options, [] {
                     return std::unique_ptr<index::Fold>(std::make_unique<OriginFold>());
                   }));
  for (const std::unique_ptr<index::Fold>& fold : folds) {
    const std::set<std::string>& origins = static_cast<const OriginFold&>(*fold).origins();
    seeds_out.insert(seeds_out.end(), origins.begin(), origins.end());
  }
  return {};
}

// Keeps what belongs to this worker: a registrable domain, with all its hosts, has one. Lines that
// are no publishers stay with the first, which reports them.
void KeepShare(const Shard& shard, std::vector<std::string>& seeds) {
  if (shard.count <= 1) return;
  std::erase_if(seeds, [&](const std::string& seed) {
    const std::string origin = crawler::OriginOfSeed(seed);
    if (origin.empty()) return shard.index != 0;
    const Xxh3Digest hash = Xxh3(page::RegistrableDomain(page::HostOf(origin)));
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | hash[i];
    return !shard.Has(number);
  });
}

// --- the crawl ----------------------------------------------------------------------------------

Result<PublisherJobSummary> Crawl(const Context& context, const std::vector<std::string>& seeds) {
  const Settings& settings = context.settings;
  CRAWLCARD_ASSIGN(const crawler::UserAgent user_agent, UserAgentFrom(settings));
  CRAWLCARD_ASSIGN(PublisherJobOptions options, OptionsFrom(settings, user_agent));
  crawler::RaiseDescriptorLimit();
  crawler::EventLoop loop;
  crawler::StaticResolver resolver(std::make_unique<crawler::ThreadResolver>(loop));
  if (const std::string path(settings.Text("hosts-file")); !path.empty()) {
    CRAWLCARD_ASSIGN(const std::string text, ReadFile(path, limits::kListingBytesMax));
    CRAWLCARD_TRY(resolver.AddHosts(text));
  }
  crawler::CurlFetcherOptions network;
  CRAWLCARD_ASSIGN(network.guard, GuardFrom(settings));
  CRAWLCARD_ASSIGN(const std::unique_ptr<crawler::Fetcher> fetcher,
                   crawler::MakeCurlFetcher(loop, resolver, user_agent, network));
  const crawler::SystemClock clock;
  const bool quiet = context.silent() || settings.Text("progress") == "none";
  const LogSink log = [&](const LogEvent& event) {
    if (!quiet || event.level != LogLevel::kInfo) context.log.Log(event);
  };
  const crawler::PublisherJobPorts ports{loop, *fetcher, resolver, clock, DiskFileSystem()};
  return crawler::CrawlPublishers(ports, seeds, std::move(options), log, StopRequested());
}

// The archives of the directory that the index does not hold yet.
Result<std::vector<index::IngestInput>> NewArchives(const std::string& directory,
                                                    const index::Store& store) {
  CRAWLCARD_ASSIGN(std::vector<index::IngestInput> inputs, ExpandInputs({directory}, {}));
  std::vector<index::IngestInput> unknown;
  for (index::IngestInput& input : inputs) {
    CRAWLCARD_ASSIGN(const std::optional<index::FileEntry> entry, store.FindFile(input.name));
    if (!entry || !entry->sealed) unknown.push_back(std::move(input));
  }
  return unknown;
}

// The manifest as one text: what the card quotes.
std::string ManifestText(const PublisherJobSummary& summary) {
  std::string text;
  for (const auto& [name, value] : summary.manifest) {
    if (!text.empty()) text += "; ";
    text += name + ": " + value;
  }
  return text;
}

Result<index::IngestSummary> IngestArchives(const Context& context,
                                            const PublisherJobSummary& crawled) {
  const Settings& settings = context.settings;
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(settings, index::OpenMode::kCreate));
  CRAWLCARD_ASSIGN(const std::vector<index::IngestInput> inputs,
                   NewArchives(std::string(settings.Text("warc-dir")), *store));
  if (crawled.counts.requests > 0) {
    const std::string started = FormatTimestamp14(crawler::SecondsOf(crawled.started_at));
    CRAWLCARD_TRY(store->PutRun(fmt::format("publishers.{}.{}", started, crawled.run),
                                ManifestText(crawled)));
  }
  index::IngestOptions options;
  options.observe = ObserveOptionsFrom(settings);
  options.jobs = JobsFrom(settings);
  options.now = Now();
  index::IngestProgress progress;
  const ProgressLine line(settings, progress, context.log);
  const LogSink log = [&](const LogEvent& event) {
    if (event.level != LogLevel::kInfo) context.log.Log(event);
  };
  return index::Ingest(*store, inputs, options, log, progress, StopRequested());
}

// --- output -------------------------------------------------------------------------------------

std::string SummaryText(const PublisherJobSummary& crawled, const index::IngestSummary& ingested) {
  return fmt::format(
      "{} publishers finished, {} known and fresh; {} requests ({} retries, {} redirects), {} body "
      "bytes; {} records in {} files; {} captures ingested",
      crawled.counts.publishers_finished, crawled.counts.publishers_fresh, crawled.counts.requests,
      crawled.counts.retries, crawled.counts.redirects, crawled.counts.body_bytes, crawled.records,
      crawled.sealed_files.size() + crawled.repaired.sealed.size(), ingested.counts.captures);
}

std::string SummaryJson(const PublisherJobSummary& crawled, const index::IngestSummary& ingested) {
  const crawler::CrawlCounts& counts = crawled.counts;
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.crawl-publishers.v1");
  json.Member("run", crawled.run);
  json.Member("started", FormatRfc3339(crawler::SecondsOf(crawled.started_at)));
  json.Member("ended", FormatRfc3339(crawler::SecondsOf(crawled.ended_at)));
  json.Member("publishers_added", counts.publishers_added);
  json.Member("publishers_finished", counts.publishers_finished);
  json.Member("publishers_fresh", counts.publishers_fresh);
  json.Member("seeds_refused", crawled.seeds_refused);
  json.Member("requests", counts.requests);
  json.Member("retries", counts.retries);
  json.Member("redirects", counts.redirects);
  json.Member("body_bytes", counts.body_bytes);
  json.Key("robots").BeginObject();
  for (const auto& [state, count] : counts.robots) {
    json.Member(robots::RobotsStateName(state), count);
  }
  json.EndObject();
  json.Key("steps").BeginObject();
  for (std::size_t i = 0; i < crawler::kStepOutcomes; ++i) {
    if (counts.steps[i] == 0) continue;
    json.Member(crawler::StepOutcomeName(static_cast<crawler::StepOutcome>(i)), counts.steps[i]);
  }
  json.EndObject();
  json.Key("errors").BeginObject();
  for (const auto& [error, count] : counts.errors) {
    json.Member(crawler::FetchErrorName(error), count);
  }
  json.EndObject();
  json.Member("records", crawled.records);
  json.Member("archive_bytes", crawled.archive_bytes);
  json.Key("files").BeginArray();
  for (const std::string& file : crawled.repaired.sealed) json.String(file);
  for (const std::string& file : crawled.sealed_files) {
    json.String(std::filesystem::path(file).filename().string());
  }
  json.EndArray();
  json.Member("files_ingested", ingested.files_ingested);
  json.Member("captures", ingested.counts.captures);
  json.EndObject();
  return text + '\n';
}

}  // namespace

Result<int> RunCrawlPublishers(const Context& context) {
  const Settings& settings = context.settings;
  std::vector<std::string> named = context.operands;
  for (const std::string& file : context.settings.List("hosts-from")) named.push_back("@" + file);
  CRAWLCARD_ASSIGN(std::vector<std::string> seeds, ExpandSeeds(named));
  const bool has_index = !settings.Text("index").empty();
  if (settings.Switch("from-index")) {
    if (!has_index) return Fail(ErrorCode::kInvalidArgument, "--from-index needs --index");
    CRAWLCARD_TRY(AppendOrigins(settings, seeds));
  }
  CRAWLCARD_ASSIGN(const Shard shard, ShardFrom(settings));
  KeepShare(shard, seeds);
  CRAWLCARD_ASSIGN(const PublisherJobSummary crawled, Crawl(context, seeds));
  if (!crawled.finished) {
    return Fail(ErrorCode::kCancelled, "stopped with publishers left");
  }
  index::IngestSummary ingested;
  if (has_index) {
    CRAWLCARD_ASSIGN(ingested, IngestArchives(context, crawled));
  }
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "crawl.done", SummaryText(crawled, ingested), {}});
  } else {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? SummaryJson(crawled, ingested)
                                                         : SummaryText(crawled, ingested) + '\n'));
  }
  const bool damaged = crawled.seeds_refused != 0 || ingested.files_failed != 0;
  return damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
