// crawlcard crawl snapshot: the files of a public crawl, from a mirror into an index.

#include <algorithm>
#include <charconv>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/random.h"
#include "crawler/curl_fetcher.h"
#include "crawler/descriptor_limit.h"
#include "crawler/snapshot/cdx_job.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/snapshot_job.h"
#include "crawler/snapshot/zipnum_lookup.h"
#include "crawler/thread_resolver.h"
#include "tools/command.h"
#include "tools/crawl_flags.h"
#include "tools/error_json.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/observe_flags.h"
#include "tools/open_index.h"
#include "tools/progress.h"
#include "tools/shard.h"
#include "tools/stop.h"
#include "tools/version.h"

namespace crawlcard::tools {
namespace {

using crawler::CdxJobSummary;
using crawler::SnapshotOptions;
using crawler::SnapshotSummary;

// Stands for the first crawl of collinfo.json.
constexpr std::string_view kLatest = "latest";

std::uint64_t Seed() {
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : RandomSeed()) seed = seed << 8 ^ byte;
  return seed;
}

// --- flags --------------------------------------------------------------------------------------

Result<crawler::Rate> RateFrom(const Settings& settings) {
  const std::string_view text = settings.Text("rate");
  crawler::Rate rate;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), rate.requests_per_second);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Fail(ErrorCode::kInvalidArgument, "--rate: '{}' is no number", text);
  }
  CRAWLCARD_TRY(crawler::CheckRate(rate));
  return rate;
}

Result<std::int64_t> BlockPauseFrom(const Settings& settings) {
  const std::uint64_t seconds = settings.Count("block-pause");
  if (seconds > crawler::limits::kBlockPauseSecondsMax) {
    return Fail(ErrorCode::kInvalidArgument, "--block-pause {} is longer than {} seconds", seconds,
                crawler::limits::kBlockPauseSecondsMax);
  }
  return static_cast<std::int64_t>(seconds * 1000);
}

// The options know the default; the flag's is for people.
Result<std::vector<crawler::Subset>> SubsetsFrom(const Settings& settings) {
  if (settings.IsDefault("subset")) return SnapshotOptions{}.subsets;
  std::vector<crawler::Subset> subsets;
  for (const std::string& name : settings.List("subset")) {
    const std::optional<crawler::Subset> subset = crawler::ParseSubset(name);
    if (!subset) {
      return Fail(ErrorCode::kInvalidArgument,
                  "--subset: '{}' is none of robotstxt, warc, wat, non200", name);
    }
    if (std::find(subsets.begin(), subsets.end(), *subset) == subsets.end()) {
      subsets.push_back(*subset);
    }
  }
  return subsets;
}

Result<SnapshotOptions> OptionsFrom(const Context& context) {
  const Settings& settings = context.settings;
  SnapshotOptions options;
  if (!context.operands.empty()) options.id = context.operands[0];
  CRAWLCARD_ASSIGN(options.mirror, crawler::Mirror::Parse(settings.Text("mirror")));
  CRAWLCARD_ASSIGN(options.subsets, SubsetsFrom(settings));
  if (const std::uint64_t limit = settings.Count("limit"); limit > 0) options.limit = limit;
  CRAWLCARD_ASSIGN(options.shard, ShardFrom(settings));
  options.keep_directory = settings.Text("keep");
  const std::uint64_t transfers = settings.Count("transfers");
  if (transfers == 0 || transfers > crawler::limits::kTransfersMax) {
    return Fail(ErrorCode::kInvalidArgument, "--transfers {} is not between 1 and {}", transfers,
                crawler::limits::kTransfersMax);
  }
  options.transfers = static_cast<std::uint32_t>(transfers);
  options.seed = Seed();
  options.ingest.observe = ObserveOptionsFrom(settings);
  options.ingest.replace = settings.Switch("replace");
  options.ingest.jobs = JobsFrom(settings);
  options.ingest.now = Now();
  return options;
}

// --- the network --------------------------------------------------------------------------------

// The network thread with everything that runs on it; nothing where the mirror is local.
class Network {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Network>> Start(const Settings& settings,
                                                              const SnapshotOptions& options);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  crawler::SegmentFetcher* segments() { return segments_.get(); }
  const std::string& user_agent() const { return user_agent_; }

 private:
  Network() = default;

  std::string user_agent_;
  crawler::SystemClock clock_;
  crawler::EventLoop loop_;
  std::unique_ptr<crawler::EventLoop::Hold> hold_;
  std::unique_ptr<crawler::ThreadResolver> resolver_;
  std::unique_ptr<crawler::Fetcher> fetcher_;
  std::unique_ptr<crawler::SegmentFetcher> segments_;
  std::thread thread_;
};

Result<std::unique_ptr<Network>> Network::Start(const Settings& settings,
                                                const SnapshotOptions& options) {
  std::unique_ptr<Network> network(new Network);
  if (options.mirror.is_local()) return network;
  CRAWLCARD_ASSIGN(const crawler::UserAgent user_agent, UserAgentFrom(settings));
  network->user_agent_ = user_agent.text();
  crawler::CurlFetcherOptions curl;
  CRAWLCARD_ASSIGN(curl.guard, GuardFrom(settings));
  curl.shards = 1;  // one origin
  crawler::SegmentFetcherOptions segments;
  segments.mirror = options.mirror;
  CRAWLCARD_ASSIGN(segments.gate.rate, RateFrom(settings));
  segments.gate.seed = options.seed;
  CRAWLCARD_ASSIGN(segments.gate.block_ms, BlockPauseFrom(settings));
  segments.gate.start_ms = options.shard.count > 1 ? 1000 : 0;
  segments.feed_bytes = crawler::limits::kFeedBytesMax;
  if (!options.id.empty() && options.id != kLatest) {
    segments.probe_path = crawler::ListingPath(options.id, options.subsets.front());
  } else {
    segments.probe_path = "collinfo.json";
  }
  std::unique_ptr<crawler::BudgetLease> lease;
  if (const std::string path(settings.Text("budget")); !path.empty()) {
    CRAWLCARD_ASSIGN(lease, crawler::BudgetLease::Open(path, segments.gate.rate));
  }
  crawler::RaiseDescriptorLimit();
  network->resolver_ = std::make_unique<crawler::ThreadResolver>(network->loop_);
  CRAWLCARD_ASSIGN(network->fetcher_,
                   crawler::MakeCurlFetcher(network->loop_, *network->resolver_, user_agent, curl));
  network->segments_ = std::make_unique<crawler::SegmentFetcher>(
      network->loop_, *network->fetcher_, network->clock_, std::move(segments), std::move(lease));
  network->hold_ = std::make_unique<crawler::EventLoop::Hold>(network->loop_);
  network->thread_ = std::thread([loop = &network->loop_] { loop->Run(); });
  return network;
}

Network::~Network() {
  if (!thread_.joinable()) return;
  loop_.Stop();
  thread_.join();
}

// Gives `latest` its name. Common Crawl has the list on a server of its own.
Status ResolveLatest(const Settings& settings, SnapshotOptions& options) {
  if (options.id != kLatest) return {};
  constexpr std::string_view kName = "collinfo.json";
  const std::string url = options.mirror.Collinfo();
  std::string json;
  if (options.mirror.is_local()) {
    CRAWLCARD_ASSIGN(json, ReadFile(url, crawler::limits::kCollinfoBytesMax));
  } else {
    SnapshotOptions list = options;
    CRAWLCARD_ASSIGN(list.mirror, crawler::Mirror::Parse(
                                      std::string_view(url).substr(0, url.size() - kName.size())));
    CRAWLCARD_ASSIGN(const std::unique_ptr<Network> network, Network::Start(settings, list));
    CRAWLCARD_ASSIGN(
        json, network->segments()->Get(std::string(kName), crawler::limits::kCollinfoBytesMax));
  }
  CRAWLCARD_ASSIGN(std::vector<std::string> ids, crawler::ParseCollinfo(json));
  if (ids.empty()) return Fail(ErrorCode::kNotFound, "'{}' names no crawl", url);
  options.id = std::move(ids.front());
  return {};
}

// --- output -------------------------------------------------------------------------------------

struct Outcome {
  SnapshotSummary snapshot;
  std::optional<crawler::ZipNumCounts> lookup;
  std::optional<CdxJobSummary> cdx;
};

std::string SummaryText(const Outcome& outcome) {
  const SnapshotSummary& summary = outcome.snapshot;
  std::string text;
  if (outcome.cdx) {
    text = fmt::format("{} captures in {} ranges{}, {} failed; ", outcome.cdx->captures,
                       outcome.cdx->ranges, outcome.cdx->known ? " known already" : "",
                       outcome.cdx->captures_failed);
  }
  return text + fmt::format(
                    "{} files ingested ({} damaged), {} finished before, {} failed; {} captures; "
                    "{} requests, {} refusals, {} blocks, paused {} s; {} body bytes",
                    summary.files_ingested, summary.files_damaged, summary.files_finished,
                    summary.files_failed, summary.counts.captures, summary.network.gate.requests,
                    summary.network.gate.refusals, summary.network.gate.blocks,
                    summary.network.gate.paused_ms / 1000, summary.network.body_bytes);
}

void WriteLookup(const std::optional<crawler::ZipNumCounts>& lookup, JsonWriter& json) {
  json.Key("lookup");
  if (!lookup) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("reads", lookup->reads);
  json.Member("blocks", lookup->blocks);
  json.Member("lines", lookup->lines);
  json.EndObject();
}

void WriteCdx(const std::optional<CdxJobSummary>& cdx, JsonWriter& json) {
  json.Key("cdx");
  if (!cdx) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("captures", cdx->captures);
  json.Member("captures_failed", cdx->captures_failed);
  json.Member("ranges", cdx->ranges);
  json.Member("ranges_failed", cdx->ranges_failed);
  json.Member("bad_lines", cdx->bad_lines);
  json.Key("known").Bool(cdx->known);
  json.Key("warc_file").StringOrNull(cdx->warc_file);
  json.Key("first_error").StringOrNull(cdx->first_error);
  json.EndObject();
}

std::string SummaryJson(const Outcome& outcome, const SnapshotOptions& options) {
  const SnapshotSummary& summary = outcome.snapshot;
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.crawl-snapshot.v1");
  json.Key("crawl").StringOrNull(options.id);
  json.Member("mirror", options.mirror.At(""));
  json.Member("files_listed", summary.files_listed);
  json.Member("files_finished", summary.files_finished);
  json.Member("files_ingested", summary.files_ingested);
  json.Member("files_damaged", summary.files_damaged);
  json.Member("files_failed", summary.files_failed);
  json.Member("files_reread", summary.files_reread);
  json.Member("paths_refused", summary.paths_refused);
  json.Member("records", summary.counts.records);
  json.Member("captures", summary.counts.captures);
  json.Member("damaged", summary.counts.damaged);
  json.Member("bytes_in", summary.bytes_in);
  json.Member("requests", summary.network.gate.requests);
  json.Member("refusals", summary.network.gate.refusals);
  json.Member("blocks", summary.network.gate.blocks);
  json.Member("probes", summary.network.gate.probes);
  json.Member("paused_ms", static_cast<std::uint64_t>(summary.network.gate.paused_ms));
  json.Member("bodies_resumed", summary.network.bodies_resumed);
  json.Member("body_bytes", summary.network.body_bytes);
  WriteLookup(outcome.lookup, json);
  WriteCdx(outcome.cdx, json);
  WriteErrors("first_errors", summary.first_errors, json);
  json.EndObject();
  return text + '\n';
}

// What the card quotes: who asked, how fast, and what came of it.
std::string Manifest(const Context& context, const Network& network, const Outcome& outcome) {
  return fmt::format(
      "user-agent: {}; mirror: {}; rate: {} requests/s; transfers: {}; robots: none asked, the "
      "archive is published for download; {}",
      network.user_agent(), context.settings.Text("mirror"), context.settings.Text("rate"),
      context.settings.Text("transfers"), SummaryText(outcome));
}

// --- the two jobs -------------------------------------------------------------------------------

// The lines of --from-cdx, or those that the mirror's own index has of --find.
Result<std::string> CdxLines(const Context& context, Network& network,
                             const SnapshotOptions& options, Outcome& outcome) {
  const Settings& settings = context.settings;
  if (settings.List("find").empty()) {
    return ReadFile(std::string(settings.Text("from-cdx")), crawler::limits::kCdxBytesMax);
  }
  std::vector<crawler::CdxKeyRange> ranges;
  for (const std::string& pattern : settings.List("find")) {
    CRAWLCARD_ASSIGN(const std::vector<crawler::CdxKeyRange> of_pattern,
                     crawler::CdxKeyRangesOf(pattern));
    ranges.insert(ranges.end(), of_pattern.begin(), of_pattern.end());
  }
  std::string lines;
  const auto take = [&](std::string_view line) -> Status {
    if (lines.size() + line.size() > crawler::limits::kCdxBytesMax) {
      return Fail(ErrorCode::kTooLarge, "--find: over {} bytes of lines: ask for less",
                  crawler::limits::kCdxBytesMax);
    }
    lines += line;
    return {};
  };
  CRAWLCARD_ASSIGN(outcome.lookup, crawler::LookUpZipNum(network.segments(), options.mirror,
                                                         crawler::ZipNumDirectory(options.id),
                                                         ranges, take, StopRequested()));
  return lines;
}

Status FetchCaptures(const Context& context, Network& network, index::Store& store,
                     const SnapshotOptions& options, index::IngestProgress& progress,
                     const LogSink& log, Outcome& outcome) {
  crawler::CdxJobOptions cdx;
  cdx.directory = context.settings.Text("warc-dir");
  if (cdx.directory.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "--from-cdx and --find need --warc-dir for the records");
  }
  cdx.mirror = options.mirror;
  cdx.transfers = options.transfers;
  cdx.software = "crawlcard/" + std::string(Version());
  cdx.user_agent = network.user_agent();
  CRAWLCARD_ASSIGN(const std::string lines, CdxLines(context, network, options, outcome));
  CRAWLCARD_ASSIGN(outcome.cdx,
                   crawler::FetchCdx(store, network.segments(), lines, cdx, StopRequested()));
  if (network.segments() != nullptr) outcome.snapshot.network = network.segments()->counts();
  if (outcome.cdx->known || outcome.cdx->warc_file.empty()) return {};
  const std::string& path = outcome.cdx->warc_file;
  CRAWLCARD_ASSIGN(index::IngestSummary summary,
                   index::Ingest(store, {{path, index::ArchiveName(path, cdx.directory)}},
                                 options.ingest, log, progress, StopRequested()));
  outcome.snapshot.files_ingested = summary.files_ingested;
  outcome.snapshot.files_failed = summary.files_failed;
  outcome.snapshot.files_damaged = summary.files_damaged;
  outcome.snapshot.counts = summary.counts;
  outcome.snapshot.bytes_in = summary.bytes_in;
  outcome.snapshot.first_errors = std::move(summary.first_errors);
  return {};
}

bool IsDamaged(const Outcome& outcome) {
  const SnapshotSummary& summary = outcome.snapshot;
  if (summary.files_failed + summary.files_damaged + summary.paths_refused > 0) return true;
  return outcome.cdx && outcome.cdx->captures_failed + outcome.cdx->bad_lines > 0;
}

}  // namespace

Result<int> RunCrawlSnapshot(const Context& context) {
  const Settings& settings = context.settings;
  const bool by_file = !settings.Text("from-cdx").empty();
  const bool by_lookup = !settings.List("find").empty();
  if (by_file && by_lookup) {
    return Fail(ErrorCode::kInvalidArgument, "--from-cdx and --find both name captures: give one");
  }
  if (context.operands.empty() && !by_file) {
    return Fail(ErrorCode::kInvalidArgument, "no crawl id, such as CC-MAIN-2026-40");
  }
  if (!context.operands.empty() && by_file) {
    return Fail(ErrorCode::kInvalidArgument, "--from-cdx names the files: no crawl id beside it");
  }
  CRAWLCARD_ASSIGN(SnapshotOptions options, OptionsFrom(context));
  CRAWLCARD_TRY(ResolveLatest(settings, options));
  if (by_lookup) CRAWLCARD_TRY(crawler::CheckCrawlId(options.id));
  CRAWLCARD_ASSIGN(const std::unique_ptr<Network> network, Network::Start(settings, options));
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(settings, index::OpenMode::kCreate));
  Outcome outcome;
  index::IngestProgress progress;
  {
    const ProgressLine line(settings, progress, context.log);
    const LogSink log = [&](const LogEvent& event) {
      if (!context.silent() || event.level != LogLevel::kInfo) context.log.Log(event);
    };
    if (by_file || by_lookup) {
      CRAWLCARD_TRY(FetchCaptures(context, *network, *store, options, progress, log, outcome));
    } else {
      CRAWLCARD_ASSIGN(outcome.snapshot, crawler::RunSnapshot(*store, network->segments(), options,
                                                              log, progress, StopRequested()));
    }
  }
  if (outcome.snapshot.network.gate.requests > 0) {
    const std::string run = fmt::format("snapshot.{}.{:08x}", FormatTimestamp14(options.ingest.now),
                                        options.seed & 0xFFFFFFFF);
    CRAWLCARD_TRY(store->PutRun(run, Manifest(context, *network, outcome)));
  }
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "crawl.done", SummaryText(outcome), {}});
  } else {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? SummaryJson(outcome, options)
                                                         : SummaryText(outcome) + '\n'));
  }
  return IsDamaged(outcome) ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
