// Takedown requests: what a scope covers, how a ledger becomes rows, and who honours them.
#include "index/takedown.h"

#include <algorithm>

#include "base/file_system.h"
#include "check_fixture.h"
#include "index/batch.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"
#include "index/merge.h"
#include "index/takedown_ledger.h"
#include "index/takedown_table.h"
#include "index/verdict_json.h"
#include "index/verify/verify.h"
#include "page/url.h"
#include "takedown_fixture.h"

namespace crawlcard::index {
namespace {

std::string IdsOf(const TakedownTable& table, std::string_view url) {
  std::vector<const Takedown*> found;
  table.FindAll(url, page::HostOf(url), found);
  std::string ids;
  for (const Takedown* request : found) ids += request->id + " ";
  return ids;
}

TEST(TakedownTable, EachScopeCoversWhatItNames) {
  const TakedownTable table({
      Request("u", TakedownScope::kUrl, "https://www.example.org/a?b=1"),
      Request("p", TakedownScope::kPrefix, "http://www.example.org/dir/"),
      Request("q", TakedownScope::kPrefix, "http://www.example.org/dir/sub"),
      Request("h", TakedownScope::kHost, "Shop.Example.com"),
      Request("d", TakedownScope::kDomain, "example.net"),
      Request("n", TakedownScope::kDomain, "deep.example.com"),
  });
  EXPECT_EQ(IdsOf(table, "http://www.example.org/a?b=1"), "u ");
  EXPECT_EQ(IdsOf(table, "https://user@WWW.example.org:443/a?b=1#x"), "u ");
  EXPECT_EQ(IdsOf(table, "https://www.example.org/A?b=1"), "");
  EXPECT_EQ(IdsOf(table, "https://www.example.org:8443/a?b=1"), "");
  EXPECT_EQ(IdsOf(table, "https://example.org/a?b=1"), "");
  EXPECT_EQ(IdsOf(table, "https://www.example.org/dir/sub/x"), "p q ");
  EXPECT_EQ(IdsOf(table, "https://www.example.org/dir/other"), "p ");
  EXPECT_EQ(IdsOf(table, "https://www.example.org/dir"), "");
  EXPECT_EQ(IdsOf(table, "https://shop.example.com/"), "h ");
  EXPECT_EQ(IdsOf(table, "https://a.shop.example.com/"), "");
  EXPECT_EQ(IdsOf(table, "https://x.y.example.net/z"), "d ");
  EXPECT_EQ(IdsOf(table, "https://badexample.net/z"), "");
  EXPECT_EQ(IdsOf(table, "https://a.deep.example.com:81/z"), "n ");
  EXPECT_TRUE(TakedownTable().empty());
}

TEST(TakedownTable, TheEarliestOfThoseReceivedByThenIsNamed) {
  const TakedownTable table({
      Request("late", TakedownScope::kHost, "a.example.org", "2026-11-01"),
      Request("b", TakedownScope::kPrefix, "http://a.example.org/x", "2026-10-03"),
      Request("a", TakedownScope::kPrefix, "http://a.example.org/", "2026-10-03"),
      Request("old", TakedownScope::kPrefix, "http://a.example.org/x/y", "2026-10-01"),
      Request("old", TakedownScope::kPrefix, "http://a.example.org/x/y", "2026-10-01"),
  });
  EXPECT_EQ(table.size(), 4U);  // the same request in two ledgers
  const auto at = [&](std::string_view url, std::string_view when) {
    const Takedown* found = table.Find(url, "a.example.org", ParseRfc3339(when));
    return found == nullptr ? std::string() : found->id;
  };
  EXPECT_EQ(at("http://a.example.org/x/y/z", "2026-09-30"), "");
  EXPECT_EQ(at("http://a.example.org/x/y/z", "2026-10-01"), "old");
  EXPECT_EQ(at("http://a.example.org/x/z", "2026-10-02"), "");
  EXPECT_EQ(at("http://a.example.org/x/z", "2026-12-01"), "a");
  // The host as a whole: requests for its parts say nothing.
  EXPECT_EQ(at("", "2026-10-15"), "");
  EXPECT_EQ(at("", "2026-11-15"), "late");
}

TEST(TakedownRequest, IsReadAsItWasWrittenAndChecked) {
  Takedown request = Request("R-1", TakedownScope::kPrefix, "https://www.example.org/\"a\"/");
  request.deadline = *ParseRfc3339("2026-11-02T12:00:00Z");
  request.basis = "Art. 17 GDPR, \xC3\xA9";
  TakedownReader reader;
  const std::string line = LineOf(request);
  EXPECT_EQ(*reader.Read(std::string_view(line).substr(0, line.size() - 1)), request);
  const std::string good = R"({"schema":"crawlcard.takedown.v1","id":"a","scope":"host",)"
                           R"("value":"a.org","received":"2026"})";
  ASSERT_TRUE(reader.Read(good));
  const auto with = [&good](std::string_view part, std::string_view other) {
    std::string changed = good;
    return changed.replace(changed.find(part), part.size(), other);
  };
  for (const std::string& bad :
       {std::string(), std::string("[]"), std::string("{}"), with("v1", "v2"),
        with(R"("id":"a")", R"("id":"")"), with(R"("host")", R"("site")"),
        with(R"(,"received":"2026")", ""), with("2026", "soon"), with("}", R"(,"deadline":"x"})"),
        with(R"("host")", R"("url")")}) {
    const auto read = reader.Read(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().code(), ErrorCode::kCorrupt) << bad;
  }
  const auto refused = [](TakedownScope scope, std::string_view value) {
    return !CheckTakedown(Request("a", scope, std::string(value)));
  };
  EXPECT_TRUE(refused(TakedownScope::kHost, "http://example.org"));
  EXPECT_TRUE(refused(TakedownScope::kHost, "example.org:80"));
  EXPECT_TRUE(refused(TakedownScope::kHost, "example.org/a"));
  EXPECT_FALSE(refused(TakedownScope::kHost, "localhost"));
  EXPECT_FALSE(refused(TakedownScope::kHost, "2001:db8::1"));
  EXPECT_TRUE(refused(TakedownScope::kDomain, "com"));
  EXPECT_TRUE(refused(TakedownScope::kDomain, "co.uk"));
  EXPECT_TRUE(refused(TakedownScope::kDomain, "192.0.2.1"));
  EXPECT_FALSE(refused(TakedownScope::kDomain, "example.co.uk"));
  EXPECT_FALSE(refused(TakedownScope::kDomain, "github.io"));
}

TEST(TakedownRequest, LimitsHold) {
  Takedown request =
      Request(std::string(limits::kTakedownIdBytesMax, 'i'), TakedownScope::kHost, "a.example.org");
  request.basis.assign(limits::kTakedownBasisBytesMax, 'b');
  EXPECT_TRUE(CheckTakedown(request));
  request.basis.push_back('b');
  EXPECT_EQ(CheckTakedown(request).error().code(), ErrorCode::kTooLarge);
  request.basis.pop_back();
  request.id.push_back('i');
  EXPECT_EQ(CheckTakedown(request).error().code(), ErrorCode::kTooLarge);
  request.id = "a\nb";
  EXPECT_EQ(CheckTakedown(request).error().code(), ErrorCode::kInvalidArgument);
}

// --- rows ---------------------------------------------------------------------------------------

class TakedownTest : public CheckTest {
 protected:
  static std::vector<std::string> IdsIn(const Store& store) {
    std::vector<std::string> ids;
    const auto table = LoadTakedowns(store);
    EXPECT_TRUE(table);
    (*table)->ForEach([&ids](const Takedown& request) { ids.push_back(request.id); });
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  static WarcBuilder Site() {
    WarcBuilder warc;
    for (const std::string_view host : {"a.example.org", "www.example.org", "b.example.net"}) {
      warc.Robots(fmt::format("https://{}", host), "2026-01-01T00:00:00Z", kOpen);
      for (int i = 0; i < 4; ++i) {
        warc.Html(fmt::format("https://{}/p{}", host, i), "2026-01-02T00:00:00Z", "<p>text");
      }
    }
    return warc;
  }
  static std::vector<Takedown> Three() {
    return {Request("T-1", TakedownScope::kHost, "a.example.org"),
            Request("T-2", TakedownScope::kUrl, "https://b.example.net/p1", "2026-10-05"),
            Request("T-3", TakedownScope::kDomain, "example.com", "2026-10-09")};
  }
};

TEST_F(TakedownTest, ALedgerIsAnInputLikeAnyOther) {
  const std::string text = LedgerOf(Three());
  const IngestInput warc = Put("a.warc.gz", Site().bytes());
  const IngestInput plain = Put("takedowns.jsonl", text);
  const auto store = Open(Path("idx"));
  EXPECT_EQ(IngestAll(*store, {warc, plain}).files_ingested, 2U);
  EXPECT_EQ(IdsIn(*store), (std::vector<std::string>{"T-1", "T-2", "T-3"}));
  const std::string dump = DumpOf(*store);
  EXPECT_EQ(CountLines(dump, R"({"family":"takedowns",)"), 3U);

  // Any order, partitions, bulk or not, merged from parts; again changes nothing.
  EXPECT_EQ(IngestAll(*store, {plain}).files_skipped, 1U);
  EXPECT_EQ(DumpOf(*store), dump);
  auto many = Store::Open(Path("many"), OpenMode::kCreate, {.partitions = 5});
  ASSERT_TRUE(many);
  IngestOptions bulk;
  bulk.bulk = BulkMode::kAlways;
  IngestAll(**many, {plain, warc}, bulk);
  EXPECT_EQ(DumpOf(**many), dump);
  const auto left = Open(Path("left"));
  IngestAll(*left, {plain});
  const auto right = Open(Path("right"));
  IngestAll(*right, {warc});
  auto united = Store::Open(Path("united"), OpenMode::kCreate, {.partitions = 3});
  ASSERT_TRUE(united);
  std::vector<std::unique_ptr<Store>> sources;
  ASSERT_TRUE(left->Flush());
  ASSERT_TRUE(right->Flush());
  sources.push_back(Open(Path("left"), OpenMode::kRead));
  sources.push_back(Open(Path("right"), OpenMode::kRead));
  const std::atomic<bool> stop{false};
  ASSERT_TRUE(Merge(**united, sources, {}, stop));
  EXPECT_EQ(DumpOf(**united), dump);

  // Without the file, as if it had never been there.
  ASSERT_TRUE((*united)->RemoveFile("takedowns.jsonl"));
  EXPECT_EQ(DumpOf(**united), DumpOf(*right));
}

TEST_F(TakedownTest, PackedLedgersAreReadToo) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("takedowns.jsonl.gz", GzipMember(LedgerOf(Three()), 6))});
  EXPECT_EQ(IdsIn(*store).size(), 3U);
}

TEST_F(TakedownTest, ALedgerThatHasGrownIsCompleted) {
  const std::vector<Takedown> all = Three();
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("t.jsonl", LedgerOf({all[0]}))});
  EXPECT_EQ(IngestAll(*store, {Put("t.jsonl", LedgerOf({all[0], all[1]}))}).files_ingested, 1U);
  // Cut in the middle of a line, as after a crash of whoever wrote it.
  const std::string whole = LedgerOf(all);
  EXPECT_EQ(IngestAll(*store, {Put("t.jsonl", whole.substr(0, whole.size() - 9))}).files_damaged,
            1U);
  EXPECT_EQ(IdsIn(*store).size(), 2U);
  EXPECT_EQ(IngestAll(*store, {Put("t.jsonl", whole)}).files_damaged, 0U);
  const auto fresh = Open(Path("fresh"));
  IngestAll(*fresh, {Put("t.jsonl", whole)});
  EXPECT_EQ(DumpOf(*store), DumpOf(*fresh));

  // Bytes that changed, or went, are another file.
  const auto other =
      TryIngest(*store, {Put("t.jsonl", LedgerOf({all[1], all[0], all[2], all[2]}))});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->files_failed, 1U);
  EXPECT_EQ(TryIngest(*store, {Put("t.jsonl", LedgerOf({all[0]}))})->files_failed, 1U);
  IngestOptions replace;
  replace.replace = true;
  IngestAll(*store, {Put("t.jsonl", LedgerOf({all[2]}))}, replace);
  EXPECT_EQ(IdsIn(*store), std::vector<std::string>{"T-3"});
}

TEST_F(TakedownTest, WhatCannotBeReadIsDamageAndTheRestIsIn) {
  const std::vector<Takedown> all = Three();
  const std::string text = LineOf(all[0]) + "\n{broken\n" + LineOf(all[0]) + LineOf(all[1]);
  const auto store = Open(Path("idx"));
  const IngestSummary summary = IngestAll(*store, {Put("t.jsonl", text)});
  EXPECT_EQ(summary.files_damaged, 1U);
  ASSERT_EQ(summary.first_errors.size(), 2U);  // no JSON; an id that came before
  EXPECT_EQ(summary.first_errors[0].offset(), LineOf(all[0]).size() + 1);
  EXPECT_EQ(summary.first_errors[1].code(), ErrorCode::kConflict);
  EXPECT_EQ(IdsIn(*store), (std::vector<std::string>{"T-1", "T-2"}));

  // The first request has to be near the start: what else begins so is no ledger.
  const std::string near(limits::kTakedownSniffBytesMax - LineOf(all[0]).size(), '\n');
  const auto far = Open(Path("far"));
  EXPECT_TRUE(TryIngest(*far, {Put("n.jsonl", near + LineOf(all[0]))}));
  EXPECT_EQ(IdsIn(*far).size(), 1U);
  EXPECT_TRUE(TryIngest(*far, {Put("f.jsonl", near + near + LineOf(all[1]))}));
  EXPECT_EQ(IdsIn(*far).size(), 1U);
}

TEST_F(TakedownTest, AnIndexFromBeforeThereWereRequestsOpens) {
  const IngestInput warc = Put("a.warc.gz", Site().bytes());
  std::string dump;
  {
    const auto store = Open(Path("idx"));
    IngestAll(*store, {warc});
    dump = DumpOf(*store);
    const Partition& partition = store->impl().partition(0);
    ASSERT_TRUE(partition.db().DropColumnFamily(partition.family(Family::kTakedowns)).ok());
  }
  {
    const auto old = Open(Path("idx"), OpenMode::kRead);
    EXPECT_EQ(old->impl().partition(0).family(Family::kTakedowns), nullptr);
    EXPECT_EQ(DumpOf(*old), dump);
    EXPECT_TRUE(old->Sizes());
    EXPECT_TRUE(Check(*old, "https://a.example.org/p1").verdict.usable);
    EXPECT_TRUE(IdsIn(*old).empty());
  }
  const auto store = Open(Path("idx"), OpenMode::kWrite);
  IngestAll(*store, {Put("t.jsonl", LedgerOf(Three()))});
  EXPECT_FALSE(Check(*store, "https://a.example.org/p1").verdict.usable);
}

TEST_F(TakedownTest, VerifyCountsAndChecksTheRows) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", Site().bytes()), Put("t.jsonl", LedgerOf(Three()))});
  const std::atomic<bool> stop{false};
  std::vector<std::string> found;
  const auto verify = [&] {
    found.clear();
    VerifyOptions options;
    options.archive = scratch_.string();
    EXPECT_TRUE(VerifyIndex(
        *store, options,
        [&](const VerifyFinding& finding) -> Status {
          found.push_back(finding.message);
          return {};
        },
        stop));
  };
  verify();
  EXPECT_TRUE(found.empty()) << found.front();
  const auto rows = store->impl().NewIterator(Family::kTakedowns, nullptr);
  rows->SeekToFirst();
  rocksdb::WriteBatch batch;
  batch.Delete(store->impl().partition(0).family(Family::kTakedowns), rows->key());
  ASSERT_TRUE(store->impl().partition(0).Write(batch));
  verify();
  EXPECT_THAT(found, ::testing::ElementsAre("3 takedown requests were counted, 2 rows are there"));
}

// --- who honours them ---------------------------------------------------------------------------

TEST_F(TakedownTest, ACheckIsNotUsableUnderAnyPolicyAndDecidesAsBefore) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", Site().bytes())});
  const UrlVerdict before = Check(*store, "https://a.example.org/p1");
  ASSERT_TRUE(before.verdict.usable);
  IngestAll(*store, {Put("t.jsonl", LedgerOf(Three()))});
  for (const std::string_view name : robots::BuiltInPolicyNames()) {
    JudgeOptions options = Options();
    options.policy = *robots::BuiltInPolicy(name);
    const UrlVerdict after = Check(*store, "https://a.example.org/p1", options);
    EXPECT_FALSE(after.verdict.usable) << name;
    ASSERT_TRUE(after.takedown) << name;
    EXPECT_EQ(after.takedown->id, "T-1");
    if (name != "eu-tdm") continue;
    EXPECT_EQ(after.verdict.decision, before.verdict.decision);
  }
  EXPECT_TRUE(Check(*store, "https://b.example.net/p2").verdict.usable);
  EXPECT_FALSE(Check(*store, "http://b.example.net/p1").verdict.usable);
  EXPECT_FALSE(Check(*store, "a.example.org").verdict.usable);
  EXPECT_TRUE(Check(*store, "b.example.net").verdict.usable);  // a part of it, not the host
  // Never captured, and still asked not to be.
  EXPECT_TRUE(Check(*store, "https://x.example.com/").takedown);

  // From its receipt on; and as this index knew it by then.
  EXPECT_TRUE(Check(*store, "https://a.example.org/p1", Options("2026-10-01")).verdict.usable);
  EXPECT_FALSE(Check(*store, "https://a.example.org/p1", Options("2026-10-03")).verdict.usable);
  JudgeOptions known = Options();
  known.known_by = *ParseRfc3339("2026-10-03");
  EXPECT_TRUE(Check(*store, "https://a.example.org/p1", known).takedown);
  EXPECT_FALSE(Check(*store, "https://b.example.net/p1", known).takedown);
}

class UsableFold final : public Fold {
 public:
  Status OnPage(const ScannedPage& page) override {
    const bool usable = page.codes != nullptr ? page.codes->usable : page.verdict->usable;
    lines.push_back(fmt::format("{} {} {}", page.capture->url, usable,
                                page.takedown == nullptr ? "" : page.takedown->id));
    return {};
  }
  Status OnHostRow(const ScannedHostRow&) override { return {}; }
  std::vector<std::string> lines;
};

TEST_F(TakedownTest, AScanTellsItOfEachPageWithAndWithoutText) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", Site().bytes()), Put("t.jsonl", LedgerOf(Three()))});
  std::vector<std::string> seen[2];
  for (const bool codes : {false, true}) {
    ScanOptions options;
    options.codes_only = codes;
    options.judge_options = Options();
    const auto folds = Scan(*store, options, [] { return std::make_unique<UsableFold>(); });
    ASSERT_TRUE(folds);
    for (const auto& fold : *folds) {
      const auto& lines = static_cast<const UsableFold&>(*fold).lines;
      seen[codes].insert(seen[codes].end(), lines.begin(), lines.end());
    }
  }
  EXPECT_EQ(seen[0], seen[1]);
  // A fold that looks at no URL is told all the same.
  ScanOptions bare;
  bare.codes_only = true;
  bare.parts = RowParts{};
  bare.judge_options = Options();
  std::size_t told = 0;
  const auto bare_folds = Scan(*store, bare, [] { return std::make_unique<UsableFold>(); });
  ASSERT_TRUE(bare_folds);
  for (const auto& fold : *bare_folds) {
    for (const std::string& line : static_cast<const UsableFold&>(*fold).lines) {
      if (line.find(" T-") != std::string::npos) ++told;
    }
  }
  EXPECT_EQ(told, static_cast<std::size_t>(
                      std::count_if(seen[0].begin(), seen[0].end(), [](const std::string& line) {
                        return line.find(" T-") != std::string::npos;
                      })));
  EXPECT_GT(told, 0U);
  EXPECT_THAT(seen[0], ::testing::Contains("https://a.example.org/p3 false T-1"));
  EXPECT_THAT(seen[0], ::testing::Contains("https://b.example.net/p1 false T-2"));
  EXPECT_THAT(seen[0], ::testing::Contains("https://b.example.net/p2 true "));
}

TEST_F(TakedownTest, ABatchTellsItAsSingleQuestionsDo) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", Site().bytes()), Put("t.jsonl", LedgerOf(Three()))});
  const std::vector<std::string_view> urls{"https://a.example.org/p3",
                                           "https://b.example.net/p1",
                                           "https://b.example.net/p2",
                                           "a.example.org",
                                           "b.example.net",
                                           "https://b.example.net/p1"};
  std::size_t covered = 0;
  for (const std::optional<std::string_view> instant :
       {std::optional<std::string_view>(), std::optional<std::string_view>("2026-12-01"),
        std::optional<std::string_view>("2020-01-01")}) {
    for (const bool pages : {true, false}) {
      BatchOptions options;
      options.questions = {Options(instant)};
      options.pages = pages;
      options.json = true;
      const auto batch = Batch::Open(*store, options);
      ASSERT_TRUE(batch);
      const auto worker = (*batch)->NewWorker();
      std::vector<AskedUrl> asked;
      for (const std::string_view url : urls) asked.push_back({url, {}});
      for (int round = 0; round < 2; ++round) {
        const auto answers = worker->Judge(asked);
        ASSERT_TRUE(answers);
        for (std::size_t i = 0; i < urls.size(); ++i) {
          const BatchAnswer& answer = (*answers)[i];
          const UrlVerdict single = Check(*store, urls[i], Options(instant));
          EXPECT_EQ(answer.takedown == nullptr ? "" : answer.takedown->id,
                    single.takedown ? single.takedown->id : "")
              << urls[i];
          covered += answer.takedown != nullptr ? 1 : 0;
          if (!pages) continue;
          std::string line;
          JsonWriter json(line);
          WriteVerdict(single, Options(instant), json);
          EXPECT_EQ(answer.json, line);
        }
      }
    }
  }
  EXPECT_GT(covered, 8U);
}

// --- the file -----------------------------------------------------------------------------------

TEST_F(TakedownTest, AppendingKeepsTheLedgerAndRefusesAKnownId) {
  const std::string path = Path("l.jsonl");
  const std::vector<Takedown> all = Three();
  EXPECT_TRUE(AppendTakedown(DiskFileSystem(), path, all[0]));
  EXPECT_TRUE(AppendTakedown(DiskFileSystem(), path, all[1]));
  const auto again = AppendTakedown(DiskFileSystem(), path, all[0]);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::kConflict);
  EXPECT_EQ(*ReadFile(path, 1 << 20), LedgerOf({all[0], all[1]}));

  // A last line that somebody wrote without its end is not joined with the next.
  std::string text = LedgerOf({all[0]});
  text.pop_back();
  Put("l.jsonl", text);
  EXPECT_TRUE(AppendTakedown(DiskFileSystem(), path, all[1]));
  EXPECT_EQ(*ReadFile(path, 1 << 20), LedgerOf({all[0], all[1]}));

  // What cannot be read might be the same id: nothing is written behind it.
  Put("l.jsonl", LedgerOf({all[0]}) + "{\"schema\":");
  const auto torn = AppendTakedown(DiskFileSystem(), path, all[1]);
  ASSERT_FALSE(torn);
  EXPECT_EQ(torn.error().code(), ErrorCode::kCorrupt);
  EXPECT_EQ(torn.error().offset(), LineOf(all[0]).size());
  Put("l.jsonl", GzipMember(LedgerOf({all[0]}), 6));
  EXPECT_EQ(AppendTakedown(DiskFileSystem(), path, all[1]).error().code(), ErrorCode::kUnsupported);
  EXPECT_EQ(AppendTakedown(DiskFileSystem(), path, Request("", TakedownScope::kHost, "a.org"))
                .error()
                .code(),
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crawlcard::index
