// What verify finds, and which layer says so.
#include "index/verify/verify.h"

#include <map>
#include <random>

#include "base/digest.h"
#include "base/file.h"
#include "index/interchange/cdx_export.h"
#include "index/internal/store_impl.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

class VerifyTest : public IndexTest {
 protected:
  // An archive of two files and a CDX of them, and its index, closed.
  void Build() {
    fs::create_directories(scratch_ / "archive");
    std::vector<IngestInput> inputs;
    for (int file = 0; file < 2; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 6; ++i) {
        const std::string origin = fmt::format("https://{}.example.org", i);
        warc.Robots(origin, "2026-10-02T11:22:33Z",
                    fmt::format("User-agent: *\nDisallow: /{}\n", i % 3));
        warc.Html(origin + "/a", fmt::format("2026-10-0{}T11:22:33Z", file + 1),
                  "<html><meta name=robots content=noai><p>text</p>");
        warc.Metadata(origin + "/a", "2026-10-02T11:22:33Z", "charset-detected: UTF-8\r\n");
      }
      inputs.push_back(PutArchive(fmt::format("{}.warc.gz", file), warc.bytes()));
    }
    const auto store = Open(Path("idx"));
    IngestAll(*store, inputs);
    CdxExportOptions options;
    options.directory = scratch_.string();
    std::string lines;
    ASSERT_TRUE(ExportCdx(*store, options, [&](std::string_view line) -> Status {
      lines += line;
      return {};
    }));
    IngestAll(*store, {PutArchive("a.cdxj", lines)});
  }

  IngestInput PutArchive(const std::string& name, std::string_view bytes) {
    IngestInput input = Put("archive/" + name, bytes);
    input.name = name;
    return input;
  }

  struct Verified {
    std::vector<std::string> layers;
    std::vector<std::string> messages;
    VerifySummary summary;
  };

  Verified Verify(std::uint64_t sample = 0, bool with_archive = true) {
    Verified verified;
    if (!TryOpening(Path("idx"))) {
      verified.layers.emplace_back("trial");
      return verified;
    }
    auto store = Store::Open(Path("idx"), OpenMode::kRead);
    if (!store) {
      verified.layers.emplace_back("open");
      return verified;
    }
    VerifyOptions options;
    if (with_archive) options.archive = Path("archive");
    options.sample = sample;
    const std::atomic<bool> stop{false};
    auto summary = VerifyIndex(
        **store, options,
        [&](const VerifyFinding& finding) -> Status {
          verified.layers.emplace_back(VerifyLayerName(finding.layer));
          verified.messages.push_back(finding.message);
          return {};
        },
        stop);
    EXPECT_TRUE(summary) << summary.error().ToString();
    if (summary) verified.summary = *summary;
    EXPECT_EQ(verified.summary.findings, verified.layers.size());
    return verified;
  }

  // Writes into the index behind its back; RocksDB's own checksums stay right.
  void Tamper(const std::function<void(const Partition&, rocksdb::WriteBatch&)>& change) {
    const auto store = Open(Path("idx"), OpenMode::kWrite);
    Partition& partition = store->impl().partition(0);
    rocksdb::WriteBatch batch;
    change(partition, batch);
    ASSERT_TRUE(partition.Write(batch));
  }
};

std::pair<std::string, std::string> FirstRow(const Partition& store, Family family) {
  const auto rows = store.NewIterator(family, nullptr, false);
  rows->SeekToFirst();
  return {rows->key().ToString(), rows->value().ToString()};
}

TEST_F(VerifyTest, AGoodIndexHasNoFindings) {
  Build();
  for (const std::uint64_t sample : {0U, 1U, 5U}) {
    const Verified verified = Verify(sample);
    EXPECT_THAT(verified.messages, IsEmpty());
    EXPECT_EQ(verified.summary.rows, 48U);
    EXPECT_EQ(verified.summary.blobs, 3U);
    EXPECT_EQ(verified.summary.files_compared, 3U);
    const std::uint64_t compared = verified.summary.records_compared;
    // A sample leaves out the lines of a CDX: hashing the file is all that can be done for them.
    if (sample == 5) {
      EXPECT_LT(compared, 24U);
    } else {
      EXPECT_EQ(compared, sample == 0 ? 48U : 24U);
    }
  }
}

TEST_F(VerifyTest, ARowThatIsGone) {
  Build();
  Tamper([](const Partition& store, rocksdb::WriteBatch& batch) {
    batch.Delete(store.family(Family::kPages), FirstRow(store, Family::kPages).first);
  });
  EXPECT_THAT(Verify(0, false).layers, ElementsAre("ledger"));
  EXPECT_THAT(Verify().layers, ElementsAre("ledger", "record"));
}

TEST_F(VerifyTest, ARowOfNoFileAndARowThatCannotBeRead) {
  Build();
  Tamper([](const Partition& store, rocksdb::WriteBatch& batch) {
    auto [key, value] = FirstRow(store, Family::kPages);
    PageKeyView place;
    ASSERT_TRUE(DecodePageKey(key, place));
    key[place.stored_surt.size() + 1 + kKeyTimeBytes] ^= 1;  // of the file's id
    batch.Put(store.family(Family::kPages), key, value);
    batch.Put(store.family(Family::kPages), "no key", value);
    const auto host = FirstRow(store, Family::kHosts);
    batch.Put(store.family(Family::kHosts), host.first, "no value");
  });
  EXPECT_THAT(Verify(0, false).layers, ElementsAre("row", "row", "row"));
}

TEST_F(VerifyTest, ABodyThatIsAnotherAndOneThatIsGone) {
  Build();
  Tamper([](const Partition& store, rocksdb::WriteBatch& batch) {
    std::string value;
    EncodeBlob("User-agent: *\nAllow: /\n", value);
    batch.Put(store.family(Family::kBlobs), FirstRow(store, Family::kBlobs).first, value);
  });
  EXPECT_THAT(Verify(0, false).layers, ElementsAre("blob"));
  EXPECT_THAT(Verify().layers, Contains("facts"));
  Tamper([](const Partition& store, rocksdb::WriteBatch& batch) {
    batch.Delete(store.family(Family::kBlobs), FirstRow(store, Family::kBlobs).first);
  });
  EXPECT_THAT(Verify(0, false).layers, Contains("blob"));
}

TEST_F(VerifyTest, ABodyWithTheFormOfAnother) {
  Build();
  const std::string body = "User-agent: *\nSitemap: https://a.org/s.xml\n";
  const auto put = [&](const std::function<void(std::string&)>& change) {
    Tamper([&](const Partition& store, rocksdb::WriteBatch& batch) {
      std::string value;
      EncodeBlob(body, value);
      change(value);
      const Sha256Digest digest = Sha256(body);
      batch.Put(store.family(Family::kBlobs), std::string(digest.begin(), digest.end()), value);
    });
    return Verify();
  };
  constexpr std::size_t kHeadBytes = 3;  // version, length, whether a digest follows
  EXPECT_THAT(put([](std::string&) {}).layers, IsEmpty());
  EXPECT_THAT(put([](std::string& value) { value[kHeadBytes] ^= 1; }).layers, ElementsAre("blob"));
  const Verified own = put([](std::string& value) {
    value[kHeadBytes - 1] = 0;
    value.erase(kHeadBytes, sizeof(Sha256Digest));
  });
  EXPECT_THAT(own.layers, ElementsAre("blob"));
  EXPECT_THAT(own.messages, ElementsAre(::testing::HasSubstr("has the form of another body")));
  const Verified first_version = put([](std::string& value) {
    value[0] = 1;
    value.erase(kHeadBytes - 1, 1 + sizeof(Sha256Digest));
  });
  EXPECT_THAT(first_version.layers, IsEmpty()) << "says nothing of its form";
}

TEST_F(VerifyTest, ARowThatSaysOtherwiseThanItsRecord) {
  Build();
  Tamper([](const Partition& store, rocksdb::WriteBatch& batch) {
    const auto rows = store.NewIterator(Family::kPages, nullptr, false);
    Arena arena;
    CaptureView capture;
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      PageKeyView key;
      ASSERT_TRUE(DecodePageKey(ToView(rows->key()), key));
      ASSERT_TRUE(DecodePageRow(ToView(rows->key()), ToView(rows->value()), "a name of no matter",
                                arena, capture));
      if (capture.via == Via::kWarc) break;
    }
    capture.status = 404;
    std::string value;
    EncodeCapture(capture, value);
    batch.Put(store.family(Family::kPages), rows->key(), value);
  });
  EXPECT_THAT(Verify(0, false).layers, IsEmpty()) << "nothing but the archive knows";
  const Verified verified = Verify();
  EXPECT_THAT(verified.layers, ElementsAre("facts"));
  EXPECT_THAT(verified.messages, Contains(::testing::HasSubstr("the row says \"status\":404")));
  EXPECT_THAT(Verify(1).layers, ElementsAre("facts"));
}

TEST_F(VerifyTest, AnArchiveFileThatIsGoneOrCut) {
  Build();
  const std::string path = Path("archive/0.warc.gz");
  const std::uint64_t bytes = fs::file_size(path);
  fs::resize_file(path, bytes - 20);
  EXPECT_THAT(Verify().layers, ElementsAre("record", "file"));
  EXPECT_THAT(Verify(1).layers, Contains("file"));
  fs::remove(path);
  for (const std::uint64_t sample : {0U, 1U}) {
    const Verified gone = Verify(sample);
    EXPECT_THAT(gone.layers, ElementsAre("file"));
    EXPECT_EQ(gone.summary.files_unreadable, 1U);
  }
}

TEST_F(VerifyTest, NoFlippedBitStaysUnseen) {
  Build();
  {
    // Everything in sorted files; the manifest is RocksDB's own business.
    const auto store = Open(Path("idx"), OpenMode::kWrite);
    ASSERT_TRUE(store->Flush());
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(scratch_)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() &&
        (ending == ".sst" || ending == ".blob" || ending == ".gz" || ending == ".cdxj")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  ASSERT_GE(files.size(), 6U);
  std::mt19937_64 random(20261122);
  std::map<std::string, std::map<std::string, int>> caught;  // by ending and first layer
  constexpr int kFlips = 1000;
  for (int i = 0; i < kFlips; ++i) {
    const fs::path& path = files[static_cast<std::size_t>(i) % files.size()];
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(random() % fs::file_size(path));
    const unsigned bit = 1U << random() % 8;
    const auto flip = [&] {
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      file.put(static_cast<char>(static_cast<unsigned>(byte) ^ bit));
      file.flush();
    };
    flip();
    const Verified verified = Verify();
    EXPECT_THAT(verified.layers, Not(IsEmpty())) << path << " at " << at << " bit " << bit;
    ++caught[path.extension().string()][verified.layers.empty() ? "none" : verified.layers.back()];
    flip();
  }
  EXPECT_THAT(Verify().messages, IsEmpty()) << "all bits are back";
  for (const auto& [ending, layers] : caught) {
    for (const auto& [layer, count] : layers) {
      std::printf("%s: %d caught, last by %s\n", ending.c_str(), count, layer.c_str());
    }
  }
}

}  // namespace
}  // namespace crawlcard::index
