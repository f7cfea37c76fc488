// A snapshot over a mirror that fails in every way gives the index that local files give.
#include "crawler/snapshot/snapshot_job.h"

#include <thread>

#include "../index/index_fixture.h"
#include "crawler/snapshot/limits.h"
#include "fake_mirror.h"

namespace crawlcard::crawler {
namespace {

using index::WarcBuilder;

constexpr const char* kId = "CC-MAIN-2026-40";

class SnapshotTest : public index::IndexTest {
 protected:
  void SetUp() override {
    IndexTest::SetUp();
    // Hundreds of indexes are made and synced: in memory, where there is some.
    if (::access("/dev/shm", W_OK) == 0) {
      std::filesystem::remove_all(scratch_);
      scratch_ = "/dev/shm" / scratch_.filename();
      std::filesystem::remove_all(scratch_);
      std::filesystem::create_directories(scratch_);
    }
    for (const Subset subset : {Subset::kRobotstxt, Subset::kWarc}) {
      std::string listing;
      for (int i = 0; i < 3; ++i) {
        const std::string path = fmt::format("crawl-data/{}/segments/1.{}/{}/F-{:05}.warc.gz", kId,
                                             i, SubsetName(subset), i);
        files_[path] = Archive(subset, i, "");
        listing += path + "\n";
      }
      files_[ListingPath(kId, subset)] = GzipMember(listing, 6);
    }
    for (const auto& [path, bytes] : files_) PutDeep("mirror/" + path, bytes);
    reference_ = Reference("reference");
  }

  static std::string Archive(Subset subset, int file, const std::string& more) {
    WarcBuilder warc;
    warc.Info("software: test\r\n");
    for (int i = 0; i < 12; ++i) {
      const std::string host = fmt::format("http://h{}-{}.example.org", file, i);
      if (subset == Subset::kRobotstxt) {
        warc.Robots(host, "2026-10-01T00:00:00Z",
                    fmt::format("User-agent: *\nDisallow: /{}\n{}", i, more));
      } else {
        // Text that does not pack well, so that a file is a few pieces long.
        std::string body = "<p>" + more;
        for (unsigned k = 0; k < 200; ++k) {
          body += std::to_string((k * 2654435761U + static_cast<unsigned>(i * 97 + file)) % 99991);
        }
        warc.Html(host + "/", "2026-10-01T00:00:01Z", body);
      }
    }
    return warc.bytes();
  }

  void PutDeep(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    Put(name, bytes);
  }

  // The dump of an index of the files as they stand in the mirror's directory.
  std::string Reference(const std::string& name) {
    const auto store = Open(Path(name));
    SnapshotOptions options;
    options.id = kId;
    options.mirror = *Mirror::Parse("file://" + Path("mirror"));
    index::IngestProgress progress;
    const std::atomic<bool> stop{false};
    const auto summary = RunSnapshot(*store, nullptr, options, {}, progress, stop);
    EXPECT_TRUE(summary) << (summary ? "" : summary.error().ToString());
    EXPECT_EQ(summary->files_ingested, 6U);
    return DumpOf(*store);
  }

  struct Outcome {
    Result<SnapshotSummary> summary;
    std::vector<MirrorRequest> log;
    std::string dump;
    std::size_t paused = 0;
  };

  Outcome Fetch(const std::string& directory, FakeMirror::Fault fault,
                const std::function<void(SnapshotOptions&)>& change = {},
                const std::function<void(FakeMirror&)>& prepare = {}) {
    EventLoop loop;
    FakeMirror server(loop, files_, std::move(fault));
    if (prepare) prepare(server);
    const SystemClock clock;
    SegmentFetcherOptions transfer;
    transfer.mirror = *Mirror::Parse("http://127.0.0.1:1/");
    transfer.gate.rate = {10'000, 100};
    transfer.gate.base_ms = 2;
    transfer.gate.block_ms = 20;
    transfer.probe_path = ListingPath(kId, Subset::kWarc);
    transfer.feed_bytes = 4000;
    SegmentFetcher fetcher(loop, server, clock, transfer, nullptr);
    auto hold = std::make_unique<EventLoop::Hold>(loop);
    std::thread network([&] { loop.Run(); });
    SnapshotOptions options;
    options.id = kId;
    options.mirror = transfer.mirror;
    options.transfers = 2;
    if (change) change(options);
    index::IngestProgress progress;
    Outcome outcome;
    stop_ = false;
    {
      const auto store = Open(directory);
      outcome.summary = RunSnapshot(*store, &fetcher, options, {}, progress, stop_);
      outcome.dump = DumpOf(*store);
    }
    hold.reset();
    loop.Stop();
    network.join();
    outcome.log = server.log();
    outcome.paused = server.paused();
    return outcome;
  }

  static std::size_t SegmentRequests(const Outcome& outcome) {
    return static_cast<std::size_t>(
        std::count_if(outcome.log.begin(), outcome.log.end(), [](const MirrorRequest& request) {
          return request.path.find("/segments/") != std::string::npos;
        }));
  }

  std::map<std::string, std::string> files_;
  std::string reference_;
  std::atomic<bool> stop_{false};
};

TEST_F(SnapshotTest, SameIndexAsLocalFilesAndNothingIsAskedTwice) {
  const Outcome first = Fetch(Path("idx"), {});
  ASSERT_TRUE(first.summary) << first.summary.error().ToString();
  EXPECT_EQ(first.dump, reference_);
  EXPECT_EQ(SegmentRequests(first), 6U);
  EXPECT_EQ(first.log.size(), 8U) << "two listings";
  for (const MirrorRequest& request : first.log) EXPECT_EQ(request.range, "");
  EXPECT_GT(first.paused, 0U) << "a feed smaller than a file pauses the transfer";

  const Outcome second = Fetch(Path("idx"), {});
  EXPECT_EQ(second.summary->files_finished, 6U);
  EXPECT_EQ(SegmentRequests(second), 0U);
  EXPECT_EQ(second.dump, reference_);
}

// Each fault at each request, once.
TEST_F(SnapshotTest, OneFaultAnywhereChangesNothing) {
  for (const MirrorFault fault :
       {MirrorFault::kBusy, MirrorFault::kServerError, MirrorFault::kBlock, MirrorFault::kReset,
        MirrorFault::kResetAtOnce, MirrorFault::kShortLength, MirrorFault::kLongLength,
        MirrorFault::kNoRange, MirrorFault::kCorrupt}) {
    for (int n = 1; n <= 8; ++n) {
      const Outcome outcome = Fetch(Path(fmt::format("idx{}-{}", static_cast<int>(fault), n)),
                                    [&](const MirrorRequest&, int number) {
                                      return number == n ? fault : MirrorFault::kNone;
                                    });
      ASSERT_TRUE(outcome.summary) << outcome.summary.error().ToString();
      EXPECT_EQ(outcome.summary->files_failed, 0U);
      EXPECT_EQ(outcome.dump, reference_) << static_cast<int>(fault) << " at " << n;
    }
  }
}

// Segments whose every first answers are bad, and mixtures by seed.
TEST_F(SnapshotTest, StormsOfFaultsChangeNothing) {
  constexpr std::array kFaults{
      MirrorFault::kBusy,        MirrorFault::kServerError, MirrorFault::kReset,
      MirrorFault::kResetAtOnce, MirrorFault::kShortLength, MirrorFault::kLongLength,
      MirrorFault::kNoRange,     MirrorFault::kOtherRange,  MirrorFault::kCorrupt};
  std::size_t resumed = 0;
  int exact = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Jitter dice(seed);
    int faults = 0;
    const Outcome outcome =
        Fetch(Path(fmt::format("idx{}", seed)), [&](const MirrorRequest& request, int) {
          const bool listing = request.path.find("/segments/") == std::string::npos;
          if (listing || dice.UpTo(99) >= 50 || faults >= 25) return MirrorFault::kNone;
          ++faults;
          return kFaults[static_cast<std::size_t>(dice.UpTo(kFaults.size() - 1))];
        });
    ASSERT_TRUE(outcome.summary) << outcome.summary.error().ToString();
    resumed += outcome.summary->network.bodies_resumed;
    // A file that came damaged four times is kept as it is, and said: no test of this one.
    if (outcome.summary->files_damaged + outcome.summary->files_failed > 0) continue;
    EXPECT_EQ(outcome.dump, reference_) << "seed " << seed;
    ++exact;
  }
  EXPECT_GT(resumed, 20U);
  EXPECT_GE(exact, 25);
}

TEST_F(SnapshotTest, ShortContentLengthIsFoundOut) {
  const Outcome outcome = Fetch(Path("idx"), [](const MirrorRequest& request, int) {
    const bool segment = request.path.find("/segments/") != std::string::npos;
    return segment && request.range.empty() ? MirrorFault::kShortLength : MirrorFault::kNone;
  });
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.summary->files_damaged, 0U);
  EXPECT_EQ(outcome.summary->files_reread, 6U);
  EXPECT_EQ(outcome.dump, reference_);
}

TEST_F(SnapshotTest, FileThatChangesMidwayIsReadAnewAndNeverGlued) {
  const std::string path = fmt::format("crawl-data/{}/segments/1.0/warc/F-00000.warc.gz", kId);
  const std::string other = Archive(Subset::kWarc, 0, "another version ");
  PutDeep("mirror/" + path, other);
  const std::string changed_reference = Reference("changed");
  ASSERT_NE(changed_reference, reference_);
  int asked = 0;
  const Outcome outcome = Fetch(
      Path("idx"),
      [&](const MirrorRequest& request, int) {
        if (request.path != path) return MirrorFault::kNone;
        ++asked;
        return asked == 1   ? MirrorFault::kReset
               : asked == 2 ? MirrorFault::kChange
                            : MirrorFault::kNone;
      },
      {}, [&](FakeMirror& server) { server.changed_[path] = other; });
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.summary->files_reread, 1U);
  EXPECT_EQ(outcome.dump, changed_reference);
}

TEST_F(SnapshotTest, StopEndsTransfersThatHangAndTheNextRunGoesOn) {
  int segments = 0;
  const Outcome stopped = Fetch(Path("idx"), [&](const MirrorRequest& request, int) {
    const bool segment = request.path.find("/segments/") != std::string::npos;
    if (!segment || ++segments < 3) return MirrorFault::kNone;
    if (segments == 4) stop_ = true;
    return MirrorFault::kHang;
  });
  ASSERT_FALSE(stopped.summary);
  EXPECT_EQ(stopped.summary.error().code(), ErrorCode::kCancelled);
  const Outcome again = Fetch(Path("idx"), {});
  ASSERT_TRUE(again.summary);
  EXPECT_EQ(again.summary->files_finished, 2U);
  EXPECT_EQ(SegmentRequests(again), 4U);
  EXPECT_EQ(again.dump, reference_);
}

TEST_F(SnapshotTest, MissingFilesFailAndTheRestIsThere) {
  files_.erase(fmt::format("crawl-data/{}/segments/1.1/warc/F-00001.warc.gz", kId));
  const Outcome outcome = Fetch(Path("idx"), {});
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.summary->files_failed, 1U);
  EXPECT_EQ(outcome.summary->files_ingested, 5U);
  ASSERT_EQ(outcome.summary->first_errors.size(), 1U);
  EXPECT_NE(outcome.summary->first_errors[0].ToString().find("404"), std::string::npos);
}

// A path that is refused while others are answered is missing: it must not stop the job for hours.
TEST_F(SnapshotTest, PathThatIsRefusedAfterAGoodProbeIsGivenUp) {
  const std::string path = fmt::format("crawl-data/{}/segments/1.1/warc/F-00001.warc.gz", kId);
  const Outcome outcome = Fetch(Path("idx"), [&](const MirrorRequest& request, int) {
    return request.path == path ? MirrorFault::kBlock : MirrorFault::kNone;
  });
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.summary->files_failed, 1U);
  EXPECT_EQ(outcome.summary->files_ingested, 5U);
  EXPECT_GE(outcome.summary->network.gate.probes, 1U);
}

TEST_F(SnapshotTest, UnknownCrawlSaysWhatTheMirrorHas) {
  files_["collinfo.json"] = R"([{"id":"CC-MAIN-2026-41"},{"id":"CC-MAIN-2026-40"}])";
  const Outcome outcome =
      Fetch(Path("idx"), {}, [](SnapshotOptions& options) { options.id = "CC-MAIN-2026-99"; });
  ASSERT_FALSE(outcome.summary);
  EXPECT_EQ(outcome.summary.error().code(), ErrorCode::kNotFound);
  EXPECT_NE(outcome.summary.error().message().find("the latest is CC-MAIN-2026-41"),
            std::string::npos);
}

TEST_F(SnapshotTest, LimitAndShards) {
  std::set<std::string> asked;
  for (std::uint64_t i = 0; i < 2; ++i) {
    const Outcome outcome = Fetch(Path("idx"), {}, [&](SnapshotOptions& options) {
      options.shard = {i, 2};
      options.subsets = {Subset::kWarc};
    });
    EXPECT_EQ(outcome.summary->files_listed, i == 0 ? 2U : 1U);
    for (const MirrorRequest& request : outcome.log) {
      if (request.path.find("/segments/") == std::string::npos) continue;
      EXPECT_TRUE(asked.insert(request.path).second);
    }
  }
  EXPECT_EQ(asked.size(), 3U);
  const Outcome limited =
      Fetch(Path("idx2"), {}, [](SnapshotOptions& options) { options.limit = 1; });
  EXPECT_EQ(limited.summary->files_ingested, 2U) << "one of each subset";
}

// --- --keep -------------------------------------------------------------------------------------

class KeepTest : public SnapshotTest {
 protected:
  void Keep(SnapshotOptions& options) const { options.keep_directory = Path("keep"); }
  std::string path_ = fmt::format("crawl-data/{}/segments/1.0/warc/F-00000.warc.gz", kId);
};

TEST_F(KeepTest, CopiesAreWholeAndServeTheNextIndexWithoutARequest) {
  const auto keep = [this](SnapshotOptions& options) { Keep(options); };
  const Outcome first = Fetch(Path("idx"), {}, keep);
  ASSERT_TRUE(first.summary);
  EXPECT_EQ(first.dump, reference_);
  for (const auto& [path, bytes] : files_) {
    if (path.find("/segments/") == std::string::npos) continue;
    EXPECT_EQ(ReadFile(Path("keep/" + path), 1 << 20).value(), bytes);
    EXPECT_FALSE(std::filesystem::exists(Path("keep/" + path + ".part")));
    EXPECT_FALSE(std::filesystem::exists(Path("keep/" + path + ".head")));
  }
  const Outcome second = Fetch(Path("idx2"), {}, keep);
  EXPECT_EQ(SegmentRequests(second), 0U);
  EXPECT_EQ(second.dump, reference_);
}

TEST_F(KeepTest, HalfFileGoesOnAtItsLastWholeRecord) {
  const std::string& bytes = files_[path_];
  for (const std::size_t size : {std::size_t{1}, bytes.size() / 2, bytes.size() - 1}) {
    std::filesystem::remove_all(Path("keep"));
    PutDeep("keep/" + path_ + ".part", bytes.substr(0, size) + "rubble");
    PutDeep("keep/" + path_ + ".head", "\"v0\"");
    const Outcome outcome = Fetch(Path(fmt::format("idx{}", size)), {},
                                  [this](SnapshotOptions& options) { Keep(options); });
    ASSERT_TRUE(outcome.summary);
    EXPECT_EQ(outcome.dump, reference_);
    EXPECT_EQ(ReadFile(Path("keep/" + path_), 1 << 20).value(), bytes);
    const auto request =
        std::find_if(outcome.log.begin(), outcome.log.end(),
                     [this](const MirrorRequest& one) { return one.path == path_; });
    ASSERT_NE(request, outcome.log.end());
    EXPECT_EQ(request->range.empty(), size == 1) << request->range;
  }
}

TEST_F(KeepTest, HalfFileOfAnotherVersionIsThrownAway) {
  const std::string other = Archive(Subset::kWarc, 0, "an older version ");
  PutDeep("keep/" + path_ + ".part", other.substr(0, other.size() / 2));
  PutDeep("keep/" + path_ + ".head", "\"old\"");
  const Outcome outcome =
      Fetch(Path("idx"), {}, [this](SnapshotOptions& options) { Keep(options); });
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.dump, reference_);
  EXPECT_EQ(ReadFile(Path("keep/" + path_), 1 << 20).value(), files_[path_]);
}

TEST_F(KeepTest, DamageThatWasNotTheServersIsNotKept) {
  int asked = 0;
  const Outcome outcome = Fetch(
      Path("idx"),
      [&](const MirrorRequest& request, int) {
        return request.path == path_ && ++asked == 1 ? MirrorFault::kCorrupt : MirrorFault::kNone;
      },
      [this](SnapshotOptions& options) { Keep(options); });
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.dump, reference_);
  EXPECT_EQ(ReadFile(Path("keep/" + path_), 1 << 20).value(), files_[path_]);
}

// --- the feed -----------------------------------------------------------------------------------

TEST(SegmentFeed, BoundedAndNothingIsLost) {
  std::atomic<int> calls{0};
  SegmentFeed feed(limits::kFeedBytesMax, [&] { ++calls; });
  const std::string piece(limits::kFeedBytesMax / 4, 'x');
  int taken = 0;
  while (feed.Offer(piece) == SegmentFeed::Taken::kYes) ++taken;
  EXPECT_EQ(taken, 4) << "at the limit, not beyond";
  std::string to(piece.size(), '\0');
  EXPECT_EQ(*feed.Read(to.data(), to.size()), piece.size());
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(*feed.Read(to.data(), to.size()), piece.size());
  EXPECT_EQ(calls, 1) << "half is free";
  feed.Fail(Error(ErrorCode::kIo, "broken"));
  EXPECT_TRUE(feed.Read(to.data(), to.size()));
  EXPECT_TRUE(feed.Read(to.data(), to.size()));
  EXPECT_FALSE(feed.Read(to.data(), to.size())) << "what was offered first, then the error";
  EXPECT_EQ(feed.Offer("y"), SegmentFeed::Taken::kNobody);
}

TEST(SegmentFeed, BoundedInPiecesToo) {
  SegmentFeed feed(limits::kFeedBytesMax, [] {});
  std::size_t taken = 0;
  while (feed.Offer("x") == SegmentFeed::Taken::kYes) ++taken;
  EXPECT_EQ(taken, limits::kFeedItemsMax);
}

}  // namespace
}  // namespace crawlcard::crawler
