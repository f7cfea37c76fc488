#include "tools/command.h"

#include <algorithm>
#include <array>

#include "tools/exit_code.h"

namespace crawlcard::tools {
namespace {

using Texts = std::span<const std::string_view>;

template <class... T>
constexpr auto Names(T... names) {
  return std::array<std::string_view, sizeof...(T)>{names...};
}

constexpr auto kCommon =
    Names("format", "jobs", "progress", "log-format", "config", "help", "version");

constexpr auto kExtractFlags = Names("base", "language", "verify-digests", "shard");
constexpr auto kExtractExamples = Names(
    "extract crawl.warc.gz", "extract --jobs 4 --format jsonl a.warc.gz b.warc.gz > facts.jsonl");
constexpr std::array kExtractExits{kExitDone,     kExitUsage,   kExitDamaged,
                                   kExitInternal, kExitStopped, kExitInterrupted};

constexpr auto kRobotsFlags = Names("agent", "dialect");
constexpr auto kRobotsExamples =
    Names("robots robots.txt --agent GPTBot https://www.example.org/a",
          "robots robots.txt --dialect all --agent GPTBot,CCBot https://www.example.org/a");
constexpr std::array kRobotsExits{kExitDone, kExitNo, kExitUsage, kExitInternal};

constexpr auto kIngestFlags = Names("index", "partitions", "memory", "bulk", "base", "replace",
                                    "language", "verify-digests", "shard", "publish");
constexpr auto kIngestExamples =
    Names("ingest --index idx crawl/",
          "ingest --index /tmp/idx --shard auto/16 --publish parts @warc.paths.gz");
constexpr std::array kIngestExits{kExitDone,     kExitUsage,   kExitDamaged,    kExitIndex,
                                  kExitInternal, kExitStopped, kExitInterrupted};

constexpr auto kCrawlPublishersFlags =
    Names("warc-dir", "contact", "index", "stale", "from-index", "hosts-from", "host-delay",
          "address-delay", "in-flight", "timeout", "shard", "allow-private", "hosts-file",
          "language", "verify-digests");
constexpr auto kCrawlPublishersExamples =
    Names("crawl publishers --warc-dir out --contact https://example.org/bot example.com",
          "crawl publishers --warc-dir out --contact bot@example.org --index idx @hosts.txt");
constexpr auto kCrawlSnapshotFlags =
    Names("index", "mirror", "contact", "subset", "limit", "shard", "rate", "budget", "block-pause",
          "transfers", "keep", "from-cdx", "find", "warc-dir", "allow-private", "replace",
          "language", "verify-digests", "partitions", "memory");
constexpr auto kCrawlSnapshotExamples =
    Names("crawl snapshot CC-MAIN-2026-40 --index idx --contact https://example.org/bot --limit 2",
          "crawl snapshot CC-MAIN-2026-40 --index idx --mirror file:///data/cc --subset robotstxt");

constexpr auto kShowFlags = Names("index", "history", "agent", "dialect", "as-of", "known-by");
constexpr auto kShowExamples = Names("show --index idx https://www.example.org/a",
                                     "show --index idx --history www.example.org");
constexpr std::array kShowExits{kExitDone, kExitNo, kExitUsage, kExitIndex, kExitInternal};

constexpr auto kCheckFlags = Names(
    "index", "use", "agent", "dialect", "policy", "as-of", "known-by", "max-age", "agents-file",
    "dataset", "rows", "url-field", "date-field", "tokens-field", "text-field", "language-field",
    "signals", "unknown-hosts", "summary", "top", "memory", "duckdb", "marginal", "dates", "ranks");
constexpr auto kCheckExamples =
    Names("check --index idx --agent GPTBot --policy own.toml - < urls.txt",
          "check --index idx --dataset rows.jsonl.gz --date-field date > verdicts.jsonl");

constexpr auto kFilterFlags =
    Names("index", "use", "agent", "dialect", "policy", "as-of", "known-by", "max-age",
          "agents-file", "dataset", "out", "rows", "url-field", "date-field", "tokens-field",
          "text-field", "language-field", "signals", "unknown-hosts", "summary", "top", "memory",
          "duckdb", "marginal", "dates", "ranks");
constexpr auto kFilterExamples =
    Names("filter --index idx --dataset rows.jsonl.gz --out kept.jsonl.gz",
          "filter --index idx --dataset a.csv --dataset b.csv --url-field address --out kept/");

constexpr std::array kCheckExits{kExitDone,  kExitNo,       kExitUsage,   kExitDamaged,
                                 kExitIndex, kExitInternal, kExitStopped, kExitInterrupted};

constexpr auto kCardFlags = Names("index", "use", "agent", "dialect", "policy", "as-of", "known-by",
                                  "max-age", "all-policies", "agents-file", "out", "about",
                                  "about-template", "fact", "date", "tree", "key", "check", "score",
                                  "dataset", "rows", "url-field", "date-field", "duckdb", "memory");
constexpr auto kCardExamples =
    Names("card --index idx --out card.html",
          "card --index idx --about about.toml --format all --out card --date 2026-10-02");
constexpr std::array kIndexExits{kExitDone,     kExitUsage,   kExitIndex,
                                 kExitInternal, kExitStopped, kExitInterrupted};

constexpr std::array kCardExits{kExitDone,     kExitNo,      kExitUsage,      kExitIndex,
                                kExitInternal, kExitStopped, kExitInterrupted};

constexpr auto kDumpFlags = Names("index", "with-ledger", "leaves");
constexpr auto kDumpExamples =
    Names("dump --index idx | sha256sum", "dump --index idx --with-ledger");

constexpr auto kExportFlags = Names("index", "table", "out", "duckdb", "use", "agent", "dialect",
                                    "policy", "as-of", "max-age", "agents-file");
constexpr auto kExportExamples =
    Names("export --index idx --table hosts --agent GPTBot,CCBot --out hosts.parquet",
          "export --index idx --format zipnum --out cc-index/collections/OWN/indexes");

constexpr auto kVerifyFlags = Names("index", "archive", "sample");
constexpr auto kVerifyExamples = Names("verify --index idx", "verify --index idx --archive crawl/");
constexpr std::array kVerifyExits{kExitDone,  kExitNo,       kExitUsage,   kExitDamaged,
                                  kExitIndex, kExitInternal, kExitStopped, kExitInterrupted};

constexpr auto kProveFlags =
    Names("index", "known-by", "tree", "leaves-max", "note", "against", "since", "out");
constexpr auto kProveExamples =
    Names("prove --index idx --note card.note --out proof.json https://www.example.org/a",
          "prove --index idx --against idx-2026-10");
constexpr std::array kProveExits{kExitDone,     kExitNo,      kExitUsage,      kExitIndex,
                                 kExitInternal, kExitStopped, kExitInterrupted};
constexpr auto kVerifyProofFlags = Names("root", "key");
constexpr auto kVerifyProofExamples =
    Names("verify-proof --root Y3Jhd2xjYXJk... proof.json",
          "verify-proof --key example.org.pub card.note proof.json");
constexpr std::array kVerifyProofExits{kExitDone, kExitNo, kExitUsage, kExitInternal};
constexpr auto kKeygenFlags = Names("out");
constexpr auto kKeygenExamples = Names("keygen --out example.org.key example.org > example.org.pub",
                                       "keygen --out own.key cards.example.org");
constexpr std::array kKeygenExits{kExitDone, kExitUsage, kExitInternal};

constexpr auto kMergeFlags = Names("into", "partitions", "memory");
constexpr auto kMergeExamples =
    Names("merge --into all idx0 idx1 idx2", "merge --into all --partitions 16 idx0 idx1");

constexpr auto kInfoFlags = Names("index");
constexpr auto kCompactFlags = Names("index", "memory");
constexpr auto kCompactExamples =
    Names("index compact --index idx", "index compact --index idx --jobs 8");
constexpr auto kCheckpointExamples = Names("index checkpoint --index idx idx-2026-11-22",
                                           "index checkpoint --index idx /backup/idx");
constexpr auto kInfoExamples =
    Names("index info --index idx", "index info --index idx --format text");
constexpr auto kRemoveExamples =
    Names("index remove --index idx crawl.warc.gz",
          "index remove --index idx crawl-data/ID/segments/1/warc/a.gz");

constexpr auto kDiffFlags = Names("index", "from", "to", "contradictions", "agent", "dialect",
                                  "policy", "as-of", "known-by", "agents-file");
constexpr auto kDiffExamples = Names("diff --index idx --from 2023-06-01 --to 2026-10-02",
                                     "diff --index idx --contradictions");
constexpr auto kStudyFlags =
    Names("index", "agent", "known-by", "agents-file", "dataset", "rows", "url-field",
          "tokens-field", "text-field", "dates", "ranks", "memory", "duckdb");
constexpr auto kStudyExamples =
    Names("study cic-2024 --index idx --dataset c4.jsonl.gz --text-field text",
          "study agent-naming --index idx --ranks top.csv --dates 2016..2026/year");
constexpr std::array<std::string_view, 0> kStudyListFlags{};
constexpr auto kStudyListExamples = Names("study list", "study list --format text");
constexpr std::array kStudyExits{kExitDone,     kExitUsage,   kExitDamaged,    kExitIndex,
                                 kExitInternal, kExitStopped, kExitInterrupted};
constexpr std::array kStudyListExits{kExitDone, kExitUsage, kExitInternal};
constexpr auto kTakedownAddFlags = Names("file", "id", "scope", "received", "deadline", "basis");
constexpr auto kTakedownAddExamples =
    Names("takedown add --file f.jsonl --id 7 --scope host --received 2026-10-02 --basis law a.b",
          "takedown add --file f --id 8 --scope domain --received 2026-10-02 --basis GDPR b.org");
constexpr std::array kTakedownAddExits{kExitDone, kExitUsage, kExitDamaged, kExitIndex,
                                       kExitInternal};
constexpr auto kTakedownListFlags = Names("index", "file", "known-by");
constexpr auto kTakedownListExamples =
    Names("takedown list --index idx", "takedown list --file takedowns.jsonl --format text");
constexpr std::array kTakedownListExits{kExitDone,    kExitNo,    kExitUsage,
                                        kExitDamaged, kExitIndex, kExitInternal};
constexpr auto kTakedownManifestFlags = Names("index", "since", "known-by", "out");
constexpr auto kTakedownManifestExamples =
    Names("takedown manifest --index idx --out manifest.jsonl",
          "takedown manifest --index idx --since 2026-10-02 > delta.jsonl");

constexpr auto kConfigExamples =
    Names("config --config crawlcard.toml", "config --completions zsh > _crawlcard");
constexpr std::array kConfigExits{kExitDone, kExitUsage, kExitInternal};

// clang-format off
const auto kCommands = std::to_array<Command>({
    {"extract", "FILE...", 1, -1,
     "print the facts of every capture, a line a record",
     "Reads WARC and ARC files, gzip, zstd or plain, and prints what each captured page says about "
     "itself: type, language, licences, opt-out signals, and a pointer to its bytes. Needs no "
     "index. "
     "- reads standard input, @LISTING the files named in a file and @- those named on standard "
     "input. The lines come in the order of the inputs, whatever --jobs is. Damage is reported "
     "with file and offset and read past.",
     kExtractFlags, "jsonl|text|none", kExtractExamples, kExtractExits, false, RunExtract},
    {"robots", "FILE URL...", 2, -1,
     "ask one robots.txt about URLs",
     "Reads one robots.txt (- is standard input) and answers for each URL and agent: allow or "
     "disallow, the rule and the line that decided, and the preferences that apply. With --dialect "
     "all there is a line for each dialect; where they disagree, each that decides otherwise than "
     "rfc9309 says why. Exits with 1 when anything asked about is disallowed.",
     kRobotsFlags, "jsonl|text|none", kRobotsExamples, kRobotsExits, false, RunRobots},
    {"ingest", "INPUT...", 1, -1,
     "read archive files into an index",
     "Takes files, directories (every archive below them, by name), @LISTING (a file with a path a "
     "line, .gz too) and - for standard input. Files that the index holds already are skipped, so "
     "the same command goes on after a crash or an interruption. Order and --jobs do not matter.",
     kIngestFlags, "jsonl|text|none", kIngestExamples, kIngestExits, true, RunIngest},
    {"crawl publishers", "[HOST|URL|@FILE]...", 0, -1,
     "fetch the opt-out files of publishers into WARC files",
     "Asks each publisher for its robots.txt first, then for tdmrep.json, ai.txt, ai.json, "
     "trust.txt and its front page, and for the RSL licences and TDM policies that these name: one "
     "thing at a time, no faster than the host wants, nothing that robots.txt forbids. A host name "
     "is asked over https. @FILE and - give a publisher a line. Everything fetched becomes WARC "
     "records; with --index these are ingested too. Start the same command again to go on.",
     kCrawlPublishersFlags, "jsonl|text|none", kCrawlPublishersExamples, kIngestExits, false,
     RunCrawlPublishers},
    {"crawl snapshot", "[ID]", 0, 1,
     "fetch the files of a public crawl into an index",
     "Reads the listings of a snapshot from the mirror and every file on them through ingest while "
     "it downloads; nothing is stored but the index. Finished files are never asked for again, so "
     "the same command goes on after a crash. Asks politely: --rate and --transfers bound it, and "
     "refusals pause it for longer and longer. The ID `latest` is the first of the mirror's "
     "collinfo.json; workers that share a crawl should name it.",
     kCrawlSnapshotFlags, "jsonl|text|none", kCrawlSnapshotExamples, kIngestExits, true,
     RunCrawlSnapshot},
    {"show", "URL|HOST", 1, 1,
     "print everything the index holds of a URL or a host",
     "The timeline of one URL or host: its captures and its origin's files (robots.txt and the "
     "like) in order of time, each with a pointer to its bytes. With --history the files alone, as "
     "runs of equal meaning with what changed between them. Exits with 1 when there is nothing.",
     kShowFlags, "jsonl|text|none", kShowExamples, kShowExits, true, RunShow},
    {"check", "URL|HOST...", 0, -1,
     "say whether a page may be used, and why",
     "Gives a verdict for each URL (its latest capture) or host: what the publisher said, what the "
     "policy concludes, and for each reason the words, the place and the bytes they were read "
     "from. "
     "- reads URLs from standard input, a line each. Exits with 1 when a URL is not usable. With "
     "--dataset each row of a file gets its verdict, and the exit code is never 1.",
     kCheckFlags, "jsonl|text|none", kCheckExamples, kCheckExits, true, RunCheck},
    {"filter", "", 0, 0,
     "write the rows of a data set that may be kept",
     "Rows that the policy keeps are written untouched, in their order, packed as the input is. "
     "The others go to NAME.dropped beside it, untouched too, with the reason of each in "
     "NAME.reasons.jsonl. Every row is in one of both: one that cannot be judged is dropped. "
     "Finished files are known by NAME.filter.json, so the same command goes on after a crash.",
     kFilterFlags, "jsonl|text|none", kFilterExamples, kIngestExits, true, RunFilter},
    {"card", "", 0, 0,
     "write the training-data card of an index",
     "Counts the whole index once, with a verdict for each page, and writes documents that a "
     "person can sign: for people, for machines, and in the forms that laws, catalogues and hubs "
     "ask for. Each number says how it was counted and which command gives it again. The same "
     "index and the same flags give the same bytes; --date fixes the date.",
     kCardFlags,
     "html|md|json|text|none|ab2013|ab2013-json|croissant|croissant-1.0|cyclonedx|cyclonedx-1.6|"
     "datasheet|dcat|domains-csv|dps|eu-summary-html|eu-summary-json|eu-summary-md|huggingface|"
     "intoto|osaid|prov|spdx|all",
     kCardExamples, kCardExits, true, RunCard},
    {"dump", "", 0, 0,
     "print every fact row of an index in key order",
     "Equal dumps mean equal indexes, whatever the order of the inputs, the number of workers or "
     "the "
     "partitions.",
     kDumpFlags, "jsonl|text|none", kDumpExamples, kIndexExits, true, RunDump},
    {"export", "", 0, 0,
     "write an index in the formats that others read",
     "cdxj, cdx and zipnum list the captures, sorted as LC_ALL=C does, for programs that look up "
     "records by URL. jsonl (the default) and parquet hold the rows of --table under the column "
     "names of Common Crawl's tables. The same index gives the same bytes.",
     kExportFlags, "jsonl|parquet|cdxj|cdx|zipnum", kExportExamples, kIndexExits, true,
     RunExport},
    {"verify", "", 0, 0,
     "check an index against its checksums and the archive",
     "Checks the checksums of every file of the index, every row, every body against its SHA-256 "
     "and the ledger against the rows. With --archive every archive file is hashed and its "
     "captures are observed again: each must give the row that is there. A finding names the layer "
     "that caught it. Exits with 1 when anything is wrong, with 3 when a file cannot be read.",
     kVerifyFlags, "jsonl|text|none", kVerifyExamples, kVerifyExits, true, RunVerify},
    {"prove", "[URL|HOST]...", 0, -1,
     "prove what an index holds of a URL or host, or that it holds nothing",
     "Writes, a line each, every row of the URL or host with its path to the root that cards "
     "print; where there is none, the row that spans the gap. `verify-proof` checks it without the "
     "index. With --against or --since it prints the rows added and removed instead, and exits "
     "with 1 when there are any.",
     kProveFlags, "jsonl|text|none", kProveExamples, kProveExits, true, RunProve},
    {"verify-proof", "FILE...", 1, -1,
     "check proofs, and signed notes with the files they name",
     "Needs no index. A proof is checked against the root it brings along, or --root, or --key. A "
     "note is checked with --key, and the files that it names are looked for beside it. Exits with "
     "1 when anything fails.",
     kVerifyProofFlags, "jsonl|text|none", kVerifyProofExamples, kVerifyProofExits, false,
     RunVerifyProof},
    {"keygen", "NAME", 1, 1,
     "make a key that signs cards",
     "Writes an Ed25519 private key to --out, which must not be there yet, and prints the public "
     "key. NAME is the signer's, such as a host name. Keep the private key to yourself.",
     kKeygenFlags, "text|none", kKeygenExamples, kKeygenExits, false, RunKeygen},
    {"merge", "INDEX...", 1, -1,
     "unite indexes",
     "Adds what the indexes hold to --into. Order does not matter, and the same again changes "
     "nothing. Two different files under one name are refused; files that were not read to the "
     "end are left out, which ends in exit 3.",
     kMergeFlags, "jsonl|text|none", kMergeExamples, kIngestExits, false, RunMerge},
    {"index info", "", 0, 0,
     "print files, sizes and versions of an index",
     "The ledger of ingested files with their counts, the size of each family of rows, and the "
     "versions that the index was written with.",
     kInfoFlags, "jsonl|text|none", kInfoExamples, kIndexExits, true, RunIndexInfo},
    {"index compact", "", 0, 0,
     "rewrite an index into as few files as possible",
     "Worth while when many small ingests are done: reads get faster and the index smaller. Needs "
     "as much room on the disk as the largest partition takes.",
     kCompactFlags, "jsonl|text|none", kCompactExamples, kIndexExits, true, RunIndexCompact},
    {"index checkpoint", "DIR", 1, 1,
     "make a second index of the same rows by hard links",
     "DIR becomes an index that holds what this one holds now, whatever happens to this one later. "
     "On the same disk it takes no room of its own.",
     kInfoFlags, "jsonl|text|none", kCheckpointExamples, kIndexExits, true, RunIndexCheckpoint},
    {"index remove", "FILE...", 1, -1,
     "take ingested files out of an index again",
     "Removes every row of the files, named as `index info` names them. An index without a file is "
     "equal to one that never had it.",
     kInfoFlags, "jsonl|text|none", kRemoveExamples, kIndexExits, true, RunIndexRemove},
    {"diff", "[HOST]...", 0, -1,
     "say which hosts changed what they ask for between two dates",
     "Compares the meaning of each host's robots.txt, tdmrep.json and the like as they stood at "
     "--from and at --to, dates or snapshots: what appeared, was tightened or loosened, or "
     "vanished, for each family and agent, with the lines that did it, and how many pages of the "
     "index that is about. With --contradictions the hosts whose own files contradict each other. "
     "Exits with 1 when there is anything.",
     kDiffFlags, "jsonl|text|none", kDiffExamples, kShowExits, true, RunDiff},
    {"study list", "", 0, 0,
     "print the studies that `study` can repeat",
     "A line each: its name, what it counts, and whether it needs rows or takes ranks.",
     kStudyListFlags, "jsonl|text|none", kStudyListExamples, kStudyListExits, false, RunStudyList},
    {"study", "NAME", 1, 1,
     "count an index, or rows, the way a published study did",
     "Prints the exact definition (population, agents, reduction, errors, dialect) with "
     "the digests of what went in, then the numbers. `study list` names the studies; those about "
     "rows need --dataset. --dates takes the place of the study's own dates, --agent of its agent "
     "where it is about one.",
     kStudyFlags, "jsonl|text|none", kStudyExamples, kStudyExits, true, RunStudy},
    {"takedown add", "URL|PREFIX|HOST|DOMAIN", 1, 1,
     "write a request to take content out into a ledger",
     "Appends one line of JSON to the file of --file, which is made when it is missing; an id that "
     "stands in it already is refused. The ledger is archive, not index: `ingest` reads it like "
     "any other input, again whenever it has grown. From then on `check`, `card` and the rest take "
     "what a request covers as not usable, whatever the policy.",
     kTakedownAddFlags, "jsonl|text|none", kTakedownAddExamples, kTakedownAddExits, false,
     RunTakedownAdd},
    {"takedown list", "", 0, 0,
     "print the takedown requests of an index or a ledger",
     "In the order in which they were received. Exits with 1 when there is none.",
     kTakedownListFlags, "jsonl|text|none", kTakedownListExamples, kTakedownListExits, false,
     RunTakedownList},
    {"takedown manifest", "", 0, 0,
     "list every capture that takedown requests cover",
     "A line a capture, over all files of the index: file, offset, length, URL and the requests. "
     "Whoever holds copies of the content applies the list; with --since it lists what comes on "
     "top of an earlier one. Reads the key ranges of the requests, not the index.",
     kTakedownManifestFlags, "jsonl|text|none", kTakedownManifestExamples, kIndexExits, true,
     RunTakedownManifest},
    {"config", "", 0, 0,
     "print the effective value of every flag with its origin",
     "Shows what the defaults, the configuration file and the command line amount to, each value "
     "with its origin. Takes every flag. --man and --completions print generated text instead.",
     Texts(), "jsonl|text|none", kConfigExamples, kConfigExits, false, RunConfig},
});
// clang-format on

}  // namespace

bool Context::json_lines() const {
  const std::string_view format = settings.Text("format");
  if (!format.empty()) return format == "jsonl";
  return !out.is_terminal();
}

std::span<const Command> Commands() {
  return kCommands;
}

std::span<const std::string_view> CommonFlags() {
  return kCommon;
}

bool TakesFlag(const Command& command, std::string_view flag) {
  if (command.run == RunConfig) return true;
  if (std::ranges::find(kCommon, flag) != kCommon.end()) return true;
  return std::ranges::find(command.flags, flag) != command.flags.end();
}

std::vector<const Flag*> FlagsOf(const Command& command) {
  std::vector<const Flag*> flags;
  for (const Flag& flag : Flags()) {
    if (TakesFlag(command, flag.name)) flags.push_back(&flag);
  }
  return flags;
}

}  // namespace crawlcard::tools
