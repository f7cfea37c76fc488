// One file read by many workers gives what one worker gives, byte for byte: whole, damaged and
// misleading files, cut every few bytes and every few kilobytes.

#include "index/ingest/split_file.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "index/capture.h"
#include "index/ingest/capture_sink.h"
#include "index/ingest/crew.h"
#include "index/ingest/observe.h"
#include "index/limits.h"
#include "tests/index/warc_builder.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kDate = "2026-10-01T00:00:00Z";

struct Outcome {
  std::string captures;  // lines in file order
  std::string damage;
  std::string error;
  FileCounts counts;
  FileInfo info;

  bool operator==(const Outcome&) const = default;
};

void AppendFacts(const CaptureView& capture, std::string& out) {
  std::string line;
  JsonWriter json(line);
  WriteFacts(capture, json);
  out += line + '\n';
}

class TextSink final : public CaptureSink {
 public:
  explicit TextSink(std::string& out) : out_(out) {}
  Status Take(const CaptureView& capture) override {
    AppendFacts(capture, text_);
    return released_ ? Release() : Status();
  }
  Status Release() override {
    released_ = true;
    out_ += text_;
    text_.clear();
    return {};
  }
  Status Close() override { return Release(); }
  std::size_t held_bytes() const override { return text_.size(); }

 private:
  std::string& out_;
  std::string text_;
  bool released_ = false;
};

Outcome ReadAtOnce(std::string_view bytes) {
  Outcome outcome;
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& capture) -> Status {
    AppendFacts(capture, outcome.captures);
    return {};
  };
  handlers.on_damage = [&](const Error& error) { outcome.damage += error.ToString() + '\n'; };
  MemorySource source(bytes);
  Result<ObservedFile> observed = ObserveFile(source, "t.warc.gz", {}, handlers);
  if (observed) {
    outcome.counts = observed->counts;
    outcome.info = observed->info;
  } else {
    outcome.error = observed.error().ToString();
  }
  return outcome;
}

struct SplitRun {
  Outcome outcome;
  unsigned sinks = 0;  // one a stretch
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t read_to = 0;
};

class SplitFileTest : public testing::Test {
 protected:
  SplitFileTest()
      : path_((std::filesystem::temp_directory_path() /
               ("crawlcard-split-" + std::to_string(::getpid())))
                  .string()) {}
  ~SplitFileTest() override { std::filesystem::remove(path_); }

  const std::string& path() const { return path_; }
  void Write(std::string_view bytes) { ASSERT_TRUE(WriteFileAtomically(path_, bytes)); }

  SplitRun ReadSplit(unsigned workers, const SplitOptions& options) {
    SplitRun run;
    std::atomic<unsigned> sinks{0};
    std::atomic<std::uint64_t> records{0};
    std::atomic<std::uint64_t> bytes{0};
    auto source = FileSource::Open(path_);
    SplitHandlers handlers;
    handlers.new_sink = [&] {
      ++sinks;
      return std::make_unique<TextSink>(run.outcome.captures);
    };
    handlers.on_damage = [&](const Error& e) { run.outcome.damage += e.ToString() + '\n'; };
    handlers.on_progress = [&](std::uint64_t more_records, std::uint64_t more_bytes) {
      records += more_records;
      bytes += more_bytes;
    };
    handlers.on_read = [&](std::uint64_t offset) -> Status {
      EXPECT_GE(offset, run.read_to);
      run.read_to = offset;
      return {};
    };
    Crew crew(workers);
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < workers; ++i) helpers.emplace_back([&crew] { crew.Help(); });
    SplitFile file(crew, **source, "t.warc.gz", {}, options, handlers);
    Result<ObservedFile> observed = file.Run();
    crew.Help();
    helpers.clear();
    if (observed) {
      run.outcome.counts = observed->counts;
      run.outcome.info = observed->info;
    } else {
      run.outcome.error = observed.error().ToString();
    }
    run.sinks = sinks;
    run.records = records;
    run.bytes = bytes;
    return run;
  }

  // Several cuts and numbers of workers against one reader.
  void ExpectSame(std::string_view bytes) {
    Write(bytes);
    const Outcome expected = ReadAtOnce(bytes);
    for (const std::uint64_t stretch : {1U, 7U, 100U, 1000U, 10'000U, 100'000U}) {
      for (const unsigned workers : {1U, 2U, 5U}) {
        SplitOptions options;
        options.stretch_bytes = std::max<std::uint64_t>(stretch, bytes.size() / 5000);
        options.guesses_max = workers;
        options.held_bytes_max = stretch % 3 == 0 ? 0 : 1 << 20;
        const SplitRun run = ReadSplit(workers, options);
        SCOPED_TRACE(testing::Message() << stretch << " bytes, " << workers << " workers");
        ASSERT_EQ(run.outcome.damage, expected.damage);
        ASSERT_EQ(run.outcome.captures, expected.captures);
        ASSERT_EQ(run.outcome.error, expected.error);
        ASSERT_EQ(run.outcome.counts, expected.counts);
        ASSERT_EQ(run.outcome.info, expected.info);
        if (!expected.error.empty()) continue;
        ASSERT_EQ(run.records, expected.counts.records);
        ASSERT_EQ(run.bytes, run.read_to);
      }
    }
  }

 private:
  std::string path_;
};

std::string Noise(std::mt19937& random, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (char& c : out) c = static_cast<char>(random() & 0xFF);
  return out;
}

// Captures of all kinds with annotations, some of them far from the start of a stretch.
void AddCaptures(std::mt19937& random, int count, WarcBuilder& warc) {
  for (int i = 0; i < count; ++i) {
    const std::string url =
        "https://www.example" + std::to_string(i % 7) + ".org/p?n=" + std::to_string(i);
    warc.Record("request", url, kDate, {{"Content-Type", "application/http; msgtype=request"}},
                "GET / HTTP/1.1\r\n\r\n");
    switch (random() % 4) {
      case 0:
        warc.Robots(url, kDate, "User-agent: *\nDisallow: /" + std::to_string(random()));
        break;
      case 1:
        warc.Record("resource", url, kDate, {{"Content-Type", "text/plain"}},
                    Noise(random, random() % 3000));
        break;
      default:
        warc.Html(url, kDate,
                  "<html><head><meta name=robots content=noai><link rel=license "
                  "href=https://creativecommons.org/licenses/by/4.0/></head><body>" +
                      std::string(random() % 5000, 'x'));
    }
    if (random() % 2 == 0) {
      warc.Metadata(url, kDate,
                    "languages-cld2: {\"reliable\":true,\"languages\":[{\"code\":\"de\","
                    "\"text-covered\":0.9,\"score\":1,\"name\":\"GERMAN\"}]}\r\n");
    }
  }
}

std::string SomeFile(unsigned seed, int captures) {
  std::mt19937 random(seed);
  WarcBuilder warc;
  warc.Info("isPartOf: CC-MAIN-2026-40\r\nsoftware: s\r\n");
  AddCaptures(random, captures, warc);
  return warc.bytes();
}

TEST_F(SplitFileTest, WholeFileIsTheSame) {
  ExpectSame(SomeFile(1, 60));
}

TEST_F(SplitFileTest, LargeFileIsSharedOut) {
  const std::string bytes = SomeFile(2, 2000);
  Write(bytes);
  SplitOptions options;
  options.stretch_bytes = bytes.size() / 20;
  options.guesses_max = 4;
  const SplitRun run = ReadSplit(4, options);
  EXPECT_EQ(run.outcome, ReadAtOnce(bytes));
  EXPECT_GE(run.sinks, 2U);
}

TEST_F(SplitFileTest, NoWorkerIsFreeNothingIsGuessed) {
  Write(SomeFile(3, 50));
  SplitOptions options;
  options.stretch_bytes = 1000;
  options.guesses_max = 0;
  EXPECT_EQ(ReadSplit(3, options).sinks, 1U);
}

// Notes the most that it ever held back; that of the first stretch, which alone is certain from its
// start, waits until another held back more than `enough`, or for ten seconds.
class SlowStartSink final : public CaptureSink {
 public:
  SlowStartSink(std::size_t enough, std::atomic<std::size_t>& peak)
      : enough_(enough), peak_(peak) {}
  Status Take(const CaptureView& capture) override {
    for (int ms = 0; released_ && peak_ <= enough_ && ms < 10'000; ++ms) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    AppendFacts(capture, text_);
    if (released_) text_.clear();
    peak_ = std::max(peak_.load(), text_.size());
    return {};
  }
  Status Release() override {
    released_ = true;
    text_.clear();
    return {};
  }
  Status Close() override { return {}; }
  std::size_t held_bytes() const override { return text_.size(); }

 private:
  const std::size_t enough_;
  std::atomic<std::size_t>& peak_;
  std::string text_;
  bool released_ = false;
};

TEST_F(SplitFileTest, GuessedStretchWaitsAtTheLimit) {
  EXPECT_EQ(SplitOptions().held_bytes_max, limits::kStretchHeldBytesMax);
  const std::string bytes = SomeFile(12, 400);
  Write(bytes);
  std::atomic<std::size_t> peak{0};
  constexpr std::size_t kHeldBytesMax = 20'000;
  SplitHandlers handlers;
  handlers.new_sink = [&] { return std::make_unique<SlowStartSink>(kHeldBytesMax, peak); };
  auto source = FileSource::Open(path());
  Crew crew(2);
  std::jthread helper([&crew] { crew.Help(); });
  SplitOptions options;
  options.stretch_bytes = bytes.size() / 2;
  options.held_bytes_max = kHeldBytesMax;
  SplitFile file(crew, **source, "t.warc.gz", {}, options, handlers);
  EXPECT_TRUE(file.Run());
  crew.Help();
  constexpr std::size_t kLineBytesMax = 4000;
  EXPECT_GT(peak, options.held_bytes_max);
  EXPECT_LT(peak, options.held_bytes_max + kLineBytesMax);
}

TEST_F(SplitFileTest, CutFiles) {
  const std::string bytes = SomeFile(4, 12);
  ExpectSame(std::string_view(bytes).substr(0, bytes.size() - 1));
  ExpectSame(std::string_view(bytes).substr(0, bytes.size() / 2));
  ExpectSame(std::string_view(bytes).substr(0, 5));
  ExpectSame("");
}

TEST_F(SplitFileTest, GarbageBetweenMembers) {
  std::mt19937 random(5);
  WarcBuilder warc;
  warc.Info("isPartOf: CC\r\n");
  for (int i = 0; i < 8; ++i) {
    AddCaptures(random, 6, warc);
    warc.Raw(i % 2 == 0 ? Noise(random, 700) : std::string(300, '\0'));
  }
  ExpectSame(warc.bytes());
}

TEST_F(SplitFileTest, PlainRecordsAmongMembers) {
  std::mt19937 random(6);
  WarcBuilder plain(false);
  AddCaptures(random, 5, plain);
  WarcBuilder warc;
  AddCaptures(random, 8, warc);
  warc.Raw(plain.bytes());
  AddCaptures(random, 8, warc);
  ExpectSame(warc.bytes());
  ExpectSame(plain.bytes());
}

// Members that hold an archive: from the middle of the file they look like records of it.
TEST_F(SplitFileTest, ArchivesInsideRecords) {
  std::mt19937 random(7);
  WarcBuilder inner;
  AddCaptures(random, 12, inner);
  WarcBuilder warc;
  AddCaptures(random, 3, warc);
  // Stored blocks: the bytes of the inner members stand in the file as they are.
  std::string outer;
  for (int i = 0; i < 3; ++i) {
    WarcBuilder one(false);
    one.Record("resource", "https://example.org/inner.warc.gz", kDate,
               {{"Content-Type", "application/gzip"}}, inner.bytes());
    outer += GzipMember(one.bytes(), 0);
    warc.Raw(outer);
    AddCaptures(random, 3, warc);
  }
  ExpectSame(warc.bytes());
}

TEST_F(SplitFileTest, OneMemberForAllRecords) {
  std::mt19937 random(8);
  WarcBuilder plain(false);
  AddCaptures(random, 30, plain);
  ExpectSame(GzipMember(plain.bytes(), 6));
}

TEST_F(SplitFileTest, RecordsThatSpanMembers) {
  std::mt19937 random(9);
  WarcBuilder plain(false);
  AddCaptures(random, 30, plain);
  std::string bytes;
  for (std::size_t at = 0; at < plain.bytes().size(); at += 1500) {
    bytes += GzipMember(plain.bytes().substr(at, 1500), 6);
  }
  ExpectSame(bytes);
}

std::string ZstdFrame(std::string_view text, std::string_view dictionary) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  out.resize(ZSTD_compress_usingDict(context, out.data(), out.size(), text.data(), text.size(),
                                     dictionary.data(), dictionary.size(), 3));
  ZSTD_freeCCtx(context);
  return out;
}

std::string DictionaryFrame(std::string_view dictionary) {
  std::string out("\x5d\x2a\x4d\x18", 4);
  for (int shift = 0; shift < 32; shift += 8) {
    out += static_cast<char>(dictionary.size() >> shift & 0xFF);
  }
  return out.append(dictionary);
}

std::string ZstdFile(std::mt19937& random, std::string_view dictionary, int captures) {
  std::string out;
  for (int i = 0; i < captures; ++i) {
    WarcBuilder one(false);
    AddCaptures(random, 1, one);
    std::string_view rest = one.bytes();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find("\r\n\r\nWARC/1.0\r\n"), rest.size() - 4) + 4;
      out += ZstdFrame(rest.substr(0, end), dictionary);
      rest.remove_prefix(end);
    }
  }
  return out;
}

TEST_F(SplitFileTest, ZstdFramesWithAndWithoutDictionary) {
  std::mt19937 random(10);
  ExpectSame(ZstdFile(random, "", 20));
  const std::string dictionary =
      "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n";
  const std::string with = DictionaryFrame(dictionary) + ZstdFile(random, dictionary, 20);
  ExpectSame(with);
  // A second dictionary holds for what follows it alone.
  const std::string other = "https://www.example.org/ HTTP/1.1 200 OK text/html; charset=utf-8";
  ExpectSame(with + DictionaryFrame(other) + ZstdFile(random, other, 20));
}

// Random damage and random cuts.
TEST_F(SplitFileTest, RandomDamageIsTheSame) {
  std::mt19937 random(11);
  for (int round = 0; round < 40; ++round) {
    std::string bytes = SomeFile(100 + static_cast<unsigned>(round), 10);
    for (int i = 0; i < 4; ++i) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 400);
          break;
        default:
          bytes.insert(at, Noise(random, random() % 400));
      }
    }
    Write(bytes);
    const Outcome expected = ReadAtOnce(bytes);
    for (int run = 0; run < 6; ++run) {
      SplitOptions options;
      options.stretch_bytes = 1 + random() % (run < 3 ? 300 : 20'000);
      options.guesses_max = 1 + static_cast<unsigned>(random() % 4);
      options.held_bytes_max = random() % 20'000;
      ASSERT_EQ(ReadSplit(2 + static_cast<unsigned>(random() % 3), options).outcome, expected)
          << "round " << round << ", " << options.stretch_bytes << " bytes";
    }
  }
}

}  // namespace
}  // namespace crawlcard::index
