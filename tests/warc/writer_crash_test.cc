// Every operation on the disk fails once, and the process is killed at every one of them: what was
// acknowledged is there, and nothing is there twice or in half.
#include <algorithm>
#include <set>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "warc/internal/repair.h"
#include "writer_testing.h"

namespace crawlcard::warc {
namespace {

using Fate = FaultyFileSystem::Fate;

constexpr int kCaptures = 10;

WriterOptions SmallFiles(const ScratchDirectory& directory, Compression compression) {
  WriterOptions options;
  options.directory = directory.path();
  options.compression = compression;
  options.file_bytes_max = compression == Compression::kNone ? 5'000 : 3'000;
  options.sync_bytes = 1'200;
  return options;
}

// All captures of a directory by URI, after a check that each file is sealed, whole and clean.
std::set<std::string> ResponsesIn(const ScratchDirectory& directory) {
  std::set<std::string> uris;
  for (const std::string& name : directory.Names()) {
    EXPECT_FALSE(name.ends_with(kOpenSuffix)) << name;
    const ReadOutcome read = ReadAll(directory.Bytes(name));
    EXPECT_TRUE(read.errors.empty()) << name << ": " << read.errors.front().ToString();
    EXPECT_FALSE(read.records.empty()) << name;
    for (const OwnedRecord& record : read.records) {
      EXPECT_TRUE(record.notes.empty()) << name;
      EXPECT_EQ(CheckDigest(record.Field("WARC-Block-Digest"), record.block), DigestCheck::kMatch);
      if (record.type != RecordType::kResponse) continue;
      EXPECT_TRUE(uris.insert(record.Field("WARC-Target-URI")).second) << "twice in " << name;
    }
  }
  return uris;
}

// Opens and closes a writer on a disk without faults.
RepairReport Repair(const WriterOptions& options) {
  const auto writer = Writer::Open(DiskFileSystem(), options);
  EXPECT_TRUE(writer) << (writer ? "" : writer.error().ToString());
  return writer ? (*writer)->repaired() : RepairReport{};
}

class WriterCrash : public testing::TestWithParam<Compression> {};

// Goes on after each error as a crawl does, and tries the failed capture no more.
TEST_P(WriterCrash, EveryOperationFailsOnce) {
  for (const Fate fate : {Fate::kFail, Fate::kHalfDone, Fate::kDoneButFails}) {
    for (std::uint64_t n = 1;; ++n) {
      const ScratchDirectory directory;
      const WriterOptions options = SmallFiles(directory, GetParam());
      FaultyFileSystem files(
          [&](std::uint64_t operation) { return operation == n ? fate : Fate::kPass; });
      std::set<std::string> acknowledged;
      std::set<std::string> failed;
      {
        const auto writer = Writer::Open(files, options);
        ASSERT_TRUE(writer);
        for (int i = 0; i < kCaptures; ++i) {
          const SampleCapture sample(i);
          const bool written = (*writer)->WriteCapture(sample.view()).has_value();
          (written ? acknowledged : failed).insert(sample.uri);
        }
        Ignore((*writer)->Seal(), "may be the operation that fails");
      }
      Repair(options);
      const std::set<std::string> found = ResponsesIn(directory);
      for (const std::string& uri : acknowledged) EXPECT_EQ(found.count(uri), 1U) << n;
      // A capture that failed at a sync after its bytes were appended may be there nevertheless.
      for (const std::string& uri : found) {
        EXPECT_EQ(acknowledged.count(uri) + failed.count(uri), 1U);
      }
      if (files.operations() < n) {
        EXPECT_TRUE(failed.empty());
        EXPECT_GT(n, 15U) << "the scenario is too short to mean anything";
        break;
      }
    }
  }
}

// The child is killed inside the n-th operation, half of an append being written. Fork is safe
// here: the test has one thread.
TEST_P(WriterCrash, KilledAtEveryOperation) {
  auto* acknowledged = static_cast<volatile int*>(
      ::mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(acknowledged, MAP_FAILED);
  std::uint64_t kills = 0;
  std::uint64_t cut = 0;
  for (std::uint64_t n = 1;; ++n) {
    const ScratchDirectory directory;
    const WriterOptions options = SmallFiles(directory, GetParam());
    *acknowledged = 0;
    const pid_t child = ::fork();
    if (child == 0) {
      bool doomed = false;
      FaultyFileSystem files([&](std::uint64_t operation) {
        // The operation itself is done by half; the next one, which undoes it, is never reached.
        if (doomed) ::kill(::getpid(), SIGKILL);
        doomed = operation == n;
        return doomed ? Fate::kHalfDone : Fate::kPass;
      });
      auto writer = Writer::Open(files, options);
      for (int i = 0; writer && i < kCaptures; ++i) {
        const SampleCapture sample(i);
        const bool written = (*writer)->WriteCapture(sample.view()).has_value();
        if (doomed) ::kill(::getpid(), SIGKILL);
        if (written) *acknowledged = i + 1;
      }
      if (writer) Ignore((*writer)->Seal(), "the end");
      if (doomed) ::kill(::getpid(), SIGKILL);
      ::_exit(0);
    }
    int state = 0;
    ASSERT_EQ(::waitpid(child, &state, 0), child);
    const RepairReport repaired = Repair(options);
    cut += repaired.files_cut;
    const std::set<std::string> found = ResponsesIn(directory);
    for (int i = 0; i < *acknowledged; ++i) {
      EXPECT_EQ(found.count(SampleCapture(i).uri), 1U) << "killed at " << n;
    }
    EXPECT_LE(found.size(), static_cast<std::size_t>(*acknowledged) + 1);
    if (!WIFSIGNALED(state)) break;
    ++kills;
  }
  EXPECT_GT(kills, 15U);
  EXPECT_GT(cut, 3U) << "half appends were met";
  ::munmap(const_cast<int*>(acknowledged), sizeof(int));
}

INSTANTIATE_TEST_SUITE_P(Forms, WriterCrash,
                         testing::Values(Compression::kGzip, Compression::kZstd,
                                         Compression::kNone));

struct WrittenFile {
  std::string name;
  std::string bytes;
  std::vector<std::uint64_t> ends;  // of its records
};

WrittenFile TwoCaptures(Compression compression, std::uint8_t seed = 0) {
  const ScratchDirectory directory;
  WriterOptions options = SmallFiles(directory, compression);
  options.file_bytes_max = 1 << 20;
  options.id_seed.fill(seed);
  WrittenFile file;
  const auto writer = Writer::Open(DiskFileSystem(), options);
  EXPECT_TRUE(writer);
  for (int i = 0; i < 2; ++i) {
    const SampleCapture sample(i);
    const auto written = (*writer)->WriteCapture(sample.view());
    EXPECT_TRUE(written);
    file.name = written->file;
    for (const WrittenRecord* record :
         {&*written->request, &written->response, &*written->metadata}) {
      if (file.ends.empty()) file.ends.push_back(record->extent.offset);
      file.ends.push_back(record->extent.offset + record->extent.length);
    }
  }
  EXPECT_TRUE((*writer)->Seal());
  file.bytes = directory.Bytes(file.name);
  EXPECT_EQ(file.ends.back(), file.bytes.size());
  return file;
}

// A crash of the machine may also leave zeros behind what was synced.
TEST_P(WriterCrash, WholeRecordsOfAFileCutAtAnyByte) {
  const WrittenFile file = TwoCaptures(GetParam());
  for (const std::size_t zeros : {0U, 1U, 100U, 5000U}) {
    for (std::size_t size = 0; size <= file.bytes.size(); ++size) {
      const std::string bytes = file.bytes.substr(0, size) + std::string(zeros, '\0');
      // The zeros may be the very ones that were cut off.
      std::size_t same = size;
      while (same < std::min(bytes.size(), file.bytes.size()) && file.bytes[same] == '\0') ++same;
      MemorySource tail(bytes);
      MemorySource source(bytes);
      const bool plain = GetParam() == Compression::kNone;
      const auto whole = WholeRecords(source, plain ? *ZeroTailStart(tail) : bytes.size());
      const auto past = std::upper_bound(file.ends.begin(), file.ends.end(), same);
      ASSERT_TRUE(whole);
      const std::uint64_t end = past == file.ends.begin() ? 0 : *std::prev(past);
      const std::vector<ByteRange> expected =
          end == 0 ? std::vector<ByteRange>{} : std::vector<ByteRange>{{0, end}};
      EXPECT_EQ(*whole, expected) << size << " " << zeros;
    }
  }
}

TEST_P(WriterCrash, CutFilesAreSealedOrRemoved) {
  const WrittenFile file = TwoCaptures(GetParam());
  const ScratchDirectory directory;
  ASSERT_TRUE(DiskFileSystem().MakeDirectories(directory.path()));
  const std::string path = directory.path() + "/" + file.name;
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, file.bytes.size() - 1,
                                 std::size_t{file.ends[3]}, file.bytes.size()}) {
    std::filesystem::remove(path);
    ASSERT_TRUE(WriteFileAtomically(path + std::string(kOpenSuffix), file.bytes.substr(0, size)));
    const auto repaired = RepairDirectory(DiskFileSystem(), directory.path(), "CRAWLCARD");
    ASSERT_TRUE(repaired);
    const auto past = std::upper_bound(file.ends.begin(), file.ends.end(), size);
    const std::uint64_t end = past == file.ends.begin() ? 0 : *std::prev(past);
    EXPECT_EQ(repaired->bytes_cut, size - end);
    EXPECT_EQ(repaired->files_removed, end == 0 ? 1U : 0U);
    EXPECT_EQ(repaired->files_sealed, end == 0 ? 0U : 1U);
    EXPECT_EQ(repaired->files_cut, end > 0 && end < size ? 1U : 0U);
    EXPECT_EQ(directory.Bytes(file.name), file.bytes.substr(0, end));
    EXPECT_EQ(directory.Names().size(), end == 0 ? 0U : 1U);
  }
}

// A page of the disk that came back as zeros, or one flipped bit.
TEST_P(WriterCrash, WhatIsWholeBehindDamageIsKept) {
  const WrittenFile file = TwoCaptures(GetParam());
  for (std::size_t hurt = 0; hurt + 1 < file.ends.size(); ++hurt) {
    for (const bool zeros : {false, true}) {
      const ScratchDirectory directory;
      ASSERT_TRUE(DiskFileSystem().MakeDirectories(directory.path()));
      std::string bytes = file.bytes;
      const std::size_t begin = file.ends[hurt];
      const std::size_t length = file.ends[hurt + 1] - begin;
      if (zeros) {
        bytes.replace(begin, length, length, '\0');
      } else {
        bytes[begin + length - 10] = static_cast<char>(bytes[begin + length - 10] ^ 0x10);
      }
      const std::string path = directory.path() + "/" + file.name;
      ASSERT_TRUE(WriteFileAtomically(path + std::string(kOpenSuffix), bytes));
      const auto repaired = RepairDirectory(DiskFileSystem(), directory.path(), "CRAWLCARD");
      ASSERT_TRUE(repaired);
      EXPECT_EQ(repaired->files_sealed, 1U);
      EXPECT_EQ(repaired->files_cut, 1U);
      EXPECT_EQ(repaired->bytes_cut, length) << hurt;
      ASSERT_EQ(directory.Names().size(), 1U);
      std::string rest = file.bytes;
      EXPECT_EQ(directory.Bytes(directory.Names()[0]), rest.erase(begin, length)) << hurt;
      EXPECT_EQ(repaired->sealed, directory.Names());
    }
  }
}

// What a page holds is not taken for a record of ours, not even behind damage.
TEST_P(WriterCrash, RecordsOfAPageBehindDamageAreNone) {
  const std::string foreign = TwoCaptures(GetParam(), 1).bytes;
  const WrittenFile file = TwoCaptures(GetParam());
  std::string bytes = file.bytes.substr(0, file.ends[3]);
  bytes[bytes.size() - 10] = static_cast<char>(bytes[bytes.size() - 10] ^ 0x10);
  bytes += foreign;
  MemorySource source(bytes);
  const auto whole = WholeRecords(source, bytes.size());
  ASSERT_TRUE(whole);
  EXPECT_EQ(*whole, (std::vector<ByteRange>{{0, file.ends[2]}}));
}

TEST_P(WriterCrash, EveryOperationOfASalvageFailsOnce) {
  const WrittenFile file = TwoCaptures(GetParam());
  std::string bytes = file.bytes;
  const std::size_t length = file.ends[3] - file.ends[2];
  bytes.replace(file.ends[2], length, length, '\0');
  std::string rest = file.bytes;
  rest.erase(file.ends[2], length);
  for (std::uint64_t n = 1;; ++n) {
    const ScratchDirectory directory;
    ASSERT_TRUE(DiskFileSystem().MakeDirectories(directory.path()));
    const std::string path = directory.path() + "/" + file.name;
    ASSERT_TRUE(WriteFileAtomically(path + std::string(kOpenSuffix), bytes));
    FaultyFileSystem files(
        [&](std::uint64_t operation) { return operation == n ? Fate::kHalfDone : Fate::kPass; });
    const bool passed = RepairDirectory(files, directory.path(), "CRAWLCARD").has_value();
    ASSERT_TRUE(RepairDirectory(DiskFileSystem(), directory.path(), "CRAWLCARD")) << n;
    ASSERT_EQ(directory.Names().size(), 1U) << n;
    EXPECT_EQ(directory.Bytes(directory.Names()[0]), rest) << n;
    if (files.operations() < n) {
      EXPECT_TRUE(passed);
      EXPECT_GT(n, 4U);
      break;
    }
  }
}

TEST(Repair, LeavesFilesOfOthersAlone) {
  const ScratchDirectory directory;
  ASSERT_TRUE(DiskFileSystem().MakeDirectories(directory.path()));
  for (const char* name : {"OTHER-1.warc.gz.open", "CRAWLCARD-1.txt.open", "CRAWLCARD-1.warc.gz"}) {
    ASSERT_TRUE(WriteFileAtomically(directory.path() + "/" + name, "half"));
  }
  const auto repaired = RepairDirectory(DiskFileSystem(), directory.path(), "CRAWLCARD");
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->files_sealed + repaired->files_removed + repaired->files_in_use, 0U);
  EXPECT_EQ(directory.Names().size(), 3U);
}

TEST(Repair, NeverReplacesASealedFile) {
  const ScratchDirectory directory;
  const WriterOptions options = SmallFiles(directory, Compression::kNone);
  ASSERT_TRUE(DiskFileSystem().MakeDirectories(directory.path()));
  const std::string sealed = directory.path() + "/CRAWLCARD-1.warc";
  ASSERT_TRUE(WriteFileAtomically(sealed, "precious"));
  ASSERT_TRUE(WriteFileAtomically(sealed + ".open", WarcRecord("warcinfo", "", "x")));
  const auto writer = Writer::Open(DiskFileSystem(), options);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), ErrorCode::kConflict);
  EXPECT_EQ(directory.Bytes("CRAWLCARD-1.warc"), "precious");
}

TEST(DiskFileSystem, FinishesARenameThatACrashLeftHalfDone) {
  const ScratchDirectory directory;
  ASSERT_TRUE(DiskFileSystem().MakeDirectories(directory.path()));
  const std::string path = directory.path() + "/a";
  ASSERT_TRUE(WriteFileAtomically(path + ".open", "x"));
  std::filesystem::create_hard_link(path + ".open", path);
  ASSERT_TRUE(DiskFileSystem().RenameDurably(path + ".open", path));
  EXPECT_EQ(directory.Names(), std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace crawlcard::warc
