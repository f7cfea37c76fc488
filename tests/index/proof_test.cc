// Proofs of presence and absence, and what tampering does to them.
#include "index/proof/proof.h"

#include <map>
#include <random>

#include "base/base64.h"
#include "base/file.h"
#include "base/signed_note.h"
#include "index/internal/store_impl.h"
#include "index/proof/consistency.h"
#include "index/proof/leaves.h"
#include "index/proof/tree_note.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

constexpr int kSites = 70;
constexpr int kPages = 40;

class ProofTest : public IndexTest {
 protected:
  // 2,870 leaves: three blocks, the last not full.
  IngestInput PutSites(const std::string& name = "a.warc.gz", int pages = kPages) const {
    WarcBuilder warc;
    for (int site = 0; site < kSites; ++site) {
      const std::string host = fmt::format("http://site{}.example", site);
      warc.Robots(host, "2026-10-01T00:00:00Z", "User-agent: *\nDisallow: /x\n");
      for (int page = 0; page < pages; ++page) {
        warc.Html(fmt::format("{}/{}", host, page), "2026-10-05T00:00:01Z", "<p>text");
      }
    }
    return Put(name, warc.bytes());
  }
  std::unique_ptr<Store> Build(const std::string& name, unsigned partitions,
                               const std::vector<IngestInput>& inputs) const {
    auto store = Store::Open(Path(name), OpenMode::kCreate, {.partitions = partitions});
    EXPECT_TRUE(store) << store.error().ToString();
    IngestAll(**store, inputs);
    return std::move(*store);
  }
  static LeafTree TreeOf(const Store& store, unsigned jobs = 1) {
    Result<LeafTree> tree = BuildTree(store, {.jobs = jobs, .known_by = {}});
    EXPECT_TRUE(tree) << tree.error().ToString();
    return tree ? std::move(*tree) : LeafTree();
  }
  static ProofFindings Verified(std::string_view proof, const VerifyProofOptions& options = {}) {
    Result<ProofFindings> found = VerifyProof(proof, options);
    EXPECT_TRUE(found) << found.error().ToString();
    return found ? std::move(*found) : ProofFindings();
  }
  static std::string Proof(const Store& store, const LeafTree& tree, std::string_view asked,
                           const ProofOptions& options = {}) {
    Result<std::string> proof = Prove(store, tree, asked, options);
    EXPECT_TRUE(proof) << proof.error().ToString();
    return proof ? std::move(*proof) : "";
  }
};

// Where the one row of a page is.
std::string KeyOf(const Store& store, std::string_view url) {
  std::string found;
  EXPECT_TRUE(ReadLeaves(store, std::nullopt, {}, [&](const LeafView& leaf) -> Result<bool> {
    const bool is_it = leaf.line.find(fmt::format(R"("url":"{}")", url)) != std::string::npos;
    if (is_it) found = leaf.key.substr(1);
    return !is_it;
  }));
  return found;
}

// Writes a row anew, behind the index's back; RocksDB's own checksums stay right.
void ChangeRow(const Store& store, std::string_view url,
               const std::function<void(CaptureView&)>& edit) {
  const std::string key = KeyOf(store, url);
  Partition& partition = store.impl().partition(store.impl().PartitionOfKey(key));
  std::string value;
  ASSERT_TRUE(*partition.Get(Family::kPages, key, value));
  Arena arena;
  CaptureView row;
  ASSERT_TRUE(DecodePageRow(key, value, "a.warc.gz", arena, row));
  edit(row);
  std::string other;
  EncodeCapture(row, other);
  rocksdb::WriteBatch batch;
  batch.Put(partition.family(Family::kPages), key, other);
  ASSERT_TRUE(partition.Write(batch));
}

TEST_F(ProofTest, RootIsThatOfTheLeavesForAnyPartitionsAndJobs) {
  const IngestInput input = PutSites();
  const auto store = Build("one", 1, {input});
  std::vector<MerkleHash> hashes;
  std::string last;
  ASSERT_TRUE(ReadLeaves(*store, std::nullopt, {}, [&](const LeafView& leaf) -> Result<bool> {
    EXPECT_LT(last, leaf.key);
    EXPECT_NE(leaf.line.find(fmt::format(R"("previous":"{}")", Hex(last))), std::string::npos);
    last = leaf.key;
    hashes.push_back(LeafHash(leaf.line));
    return true;
  }));
  ASSERT_EQ(hashes.size(), std::size_t{kSites} * (kPages + 1));
  const MerkleHash root = RootOf(hashes);
  for (const unsigned jobs : {1U, 2U, 8U}) EXPECT_EQ(TreeOf(*store, jobs).root, root);
  const auto other = Build("five", 5, {input});
  EXPECT_EQ(TreeOf(*other, 2).root, root);
  EXPECT_EQ(TreeOf(*other, 2).size, hashes.size());
}

TEST_F(ProofTest, ShowsWhatIsThereAndWhatIsNot) {
  const auto store = Build("idx", 2, {PutSites()});
  const LeafTree tree = TreeOf(*store, 2);
  const std::map<std::string, std::uint64_t> asked{
      {"http://site3.example/7", 1},
      {"http://site3.example/robots.txt", 1},
      {"https://site3.example/7", 0},  // another URL under the same key
      {"http://site3.example/none", 0},
      {"http://aaa.aaaa/", 0},
      {"http://zzz.zzzz/", 0},
      {"site3.example", kPages + 1},
      {"www.site3.example", kPages + 1},
      {"site3.example.org", 0},
      {"example", 0},
  };
  for (const auto& [question, leaves] : asked) {
    const ProofFindings found = Verified(Proof(*store, tree, question));
    EXPECT_EQ(found.leaves, leaves) << question;
    EXPECT_EQ(found.present, leaves > 0) << question;
    EXPECT_TRUE(found.complete) << question;
  }
  const ProofFindings some =
      Verified(Proof(*store, tree, "site3.example", {.leaves_max = 5, .known_by = {}, .note = {}}));
  EXPECT_TRUE(some.present);
  EXPECT_FALSE(some.complete);
  EXPECT_EQ(some.leaves, 6U);  // five pages and the robots.txt
}

TEST_F(ProofTest, AnEmptyIndexProvesAbsence) {
  const auto store = Open(Path("idx"));
  const LeafTree tree = TreeOf(*store);
  const ProofFindings found = Verified(Proof(*store, tree, "site3.example"));
  EXPECT_FALSE(found.present);
  EXPECT_TRUE(found.complete);
}

TEST_F(ProofTest, EveryFlippedByteIsNoticed) {
  const auto store = Build("idx", 1, {PutSites()});
  const LeafTree tree = TreeOf(*store);
  const NoteSigner signer = *NoteSigner::Make("cards.example.org");
  const std::string note = *signer.Sign(FormatTreeNote(MakeTreeNote(tree.size, tree.root)));
  const VerifyProofOptions trusted{Base64(tree.root), signer.PublicKey()};
  for (const std::string_view question : {"http://site3.example/7", "http://site3.example/none"}) {
    const std::string proof = Proof(*store, tree, question, {.known_by = {}, .note = note});
    const ProofFindings whole = Verified(proof, trusted);
    EXPECT_TRUE(whole.signature_checked);
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
      std::string other = proof;
      const std::size_t at = random() % other.size();
      other[at] = static_cast<char>(other[at] ^ (1 << random() % 8));
      const Result<ProofFindings> found = VerifyProof(other, trusted);
      // A letter of another case asks another question under the same key.
      if (!found || found->asked != question) continue;
      // What is left says the same, or less.
      EXPECT_EQ(found->present, whole.present) << at;
      EXPECT_LE(found->complete, whole.complete) << at;
    }
  }
}

TEST_F(ProofTest, AChangedRowIsNoticed) {
  const IngestInput input = PutSites();
  const auto store = Build("idx", 1, {input});
  const LeafTree tree = TreeOf(*store);
  const std::string proof = Proof(*store, tree, "http://site3.example/7");
  // The text of a leaf with its path, but other facts.
  std::string other = proof;
  const std::size_t at = other.find(R"(\"status\":200)");
  ASSERT_NE(at, std::string::npos);
  other[at + 11] = '4';
  EXPECT_FALSE(VerifyProof(other, {}));

  // An index with one row more has another root, and gives no proof under the old one.
  WarcBuilder more;
  more.Html("http://site3.example/7", "2026-10-06T00:00:01Z", "<p>text");
  IngestAll(*store, {Put("b.warc.gz", more.bytes())});
  EXPECT_NE(TreeOf(*store).root, tree.root);
  const Result<std::string> stale = Prove(*store, tree, "http://site3.example/7", {});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code(), ErrorCode::kConflict);
}

// Behind the back of ledger and archive, as who wants another card would.
TEST_F(ProofTest, ARowChangedInsideAnIndexIsNoticed) {
  const IngestInput input = PutSites();
  const auto before = Build("before", 2, {input});
  const auto after = Build("after", 2, {input});
  const std::string url = "http://site3.example/7";
  const LeafTree tree = TreeOf(*before);
  const std::string proof = Proof(*before, tree, url);
  ASSERT_EQ(TreeOf(*after).root, tree.root);
  const LeafTree kept = *ReadTree(*WriteTree(tree, *before, std::nullopt), *after, std::nullopt);

  const auto change = [&](const std::function<void(CaptureView&)>& edit) {
    ChangeRow(*after, url, [&](CaptureView& row) { edit(row); });
  };
  change([](CaptureView& row) { row.status = 404; });
  const LeafTree changed = TreeOf(*after, 2);
  EXPECT_NE(changed.root, tree.root);
  EXPECT_EQ(changed.size, tree.size);
  // The old proof fails against the new card, and a new one against the old.
  EXPECT_FALSE(VerifyProof(proof, {.root = Base64(changed.root), .public_key = {}}));
  const std::string other = Proof(*after, changed, url);
  EXPECT_TRUE(Verified(other, {.root = Base64(changed.root), .public_key = {}}).present);
  EXPECT_FALSE(VerifyProof(other, {.root = Base64(tree.root), .public_key = {}}));
  // A tree that was kept from before gives no proof of this block.
  const Result<std::string> stale = Prove(*after, kept, url, {});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code(), ErrorCode::kConflict);
  // The report names the row.
  std::vector<std::string> lines;
  const auto keep = [&](RowChange, std::string_view leaf) -> Status {
    lines.emplace_back(leaf);
    return {};
  };
  const Consistency report = *CompareRows({before.get(), {}}, {after.get(), {}}, keep);
  EXPECT_EQ(report.changed, 1U);
  EXPECT_EQ(report.same + 1, tree.size);
  EXPECT_EQ(report.added + report.removed, 0U);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(fmt::format(R"("url":"{}")", url)), std::string::npos);
  EXPECT_NE(lines[0].find(R"("status":404)"), std::string::npos);

  // Back again: the same root. Of languages facts show names alone: other shares are no change.
  static constexpr std::array<page::Language, 1> kLittle{{{"eng", 0.2F}}};
  static constexpr std::array<page::Language, 1> kMuch{{{"eng", 0.9F}}};
  change([](CaptureView& row) { row.status = 200; });
  EXPECT_EQ(TreeOf(*after).root, tree.root);
  change([](CaptureView& row) { row.languages = {page::LanguageSource::kSample, kLittle, true}; });
  const MerkleHash with_language = TreeOf(*after).root;
  EXPECT_NE(with_language, tree.root);
  const auto third = Build("third", 2, {input});
  ChangeRow(*third, url, [](CaptureView& row) {
    row.languages = {page::LanguageSource::kSample, kMuch, true};
  });
  EXPECT_EQ(TreeOf(*third).root, with_language);
  lines.clear();
  EXPECT_EQ((*CompareRows({third.get(), {}}, {after.get(), {}}, keep)).changed, 0U);
  EXPECT_TRUE(lines.empty());
}

TEST_F(ProofTest, ARowAddedOrTakenInsideAnIndexIsNoticed) {
  const IngestInput input = PutSites();
  const auto before = Build("before", 1, {input});
  const LeafTree tree = TreeOf(*before);
  const std::string url = "http://site3.example/7";
  const std::string host = Proof(*before, tree, "site3.example");
  const auto after = Build("after", 1, {input});
  const std::string key = KeyOf(*after, url);
  rocksdb::WriteBatch batch;
  batch.Delete(after->impl().partition(0).family(Family::kPages), key);
  ASSERT_TRUE(after->impl().partition(0).Write(batch));
  const LeafTree fewer = TreeOf(*after);
  EXPECT_EQ(fewer.size + 1, tree.size);
  EXPECT_FALSE(VerifyProof(host, {.root = Base64(fewer.root), .public_key = {}}));
  EXPECT_FALSE(Verified(Proof(*after, fewer, url)).present);
  EXPECT_FALSE(
      VerifyProof(Proof(*after, fewer, url), {.root = Base64(tree.root), .public_key = {}}));
  const auto count = [&](RowChange change, std::string_view leaf) -> Status {
    EXPECT_EQ(change, RowChange::kRemoved);
    EXPECT_NE(leaf.find(Hex("p" + key)), std::string::npos);
    return {};
  };
  EXPECT_EQ((*CompareRows({before.get(), {}}, {after.get(), {}}, count)).removed, 1U);
}

// The SURT key of a host that is no plain name is worked out again from what was typed.
TEST_F(ProofTest, HostsOfAllKindsCanBeAskedFor) {
  const auto store = Build("idx", 1, {PutSites("a.warc.gz", 1)});
  const LeafTree tree = TreeOf(*store);
  for (const std::string_view asked :
       {"[2001:DB8::1]", "[2001:db8:0::1]:8080", "[::ffff:1.2.3.4]", "site3.example:8080",
        "WWW.Site3.example.", "10.0.258", "fa\xC3\x9F.example", "http://[2001:db8::1]/robots.txt",
        "gopher://site3.example/1", "wss://site3.example:8443/robots.txt"}) {
    const ProofFindings found = Verified(Proof(*store, tree, asked));
    EXPECT_EQ(found.asked, asked);
    EXPECT_TRUE(found.complete) << asked;
  }
}

TEST_F(ProofTest, AKeyThatStandsTwiceIsRefused) {
  const auto store = Build("idx", 1, {PutSites("a.warc.gz", 1)});
  const std::string proof = Proof(*store, TreeOf(*store), "http://site3.example/0");
  for (const std::string_view member :
       {R"("asked":"http://site3.example/0")", R"("complete":true)", R"("kind":"url")"}) {
    std::string twice = proof;
    const std::size_t at = twice.find(member);
    ASSERT_NE(at, std::string::npos);
    twice.insert(at, fmt::format("{},", member));
    const Result<ProofFindings> found = VerifyProof(twice, {});
    ASSERT_FALSE(found) << member;
    EXPECT_NE(found.error().message().find("stands twice"), std::string::npos);
  }
}

TEST_F(ProofTest, LeavesMayNotBeLeftOut) {
  const auto store = Build("idx", 1, {PutSites()});
  const LeafTree tree = TreeOf(*store);
  const std::string proof = Proof(*store, tree, "site3.example");
  // Without one of the leaves in the middle.
  const std::size_t first = proof.find(R"({"index":)", proof.rfind(R"("lower")"));
  const std::size_t second = proof.find(R"({"index":)", first + 1);
  const std::size_t third = proof.find(R"({"index":)", second + 1);
  EXPECT_FALSE(VerifyProof(proof.substr(0, second) + proof.substr(third), {}));
  // Without the first.
  EXPECT_FALSE(VerifyProof(proof.substr(0, first) + proof.substr(second), {}));
}

TEST_F(ProofTest, AKeptTreeIsReadAgainUntilTheIndexChanges) {
  const auto store = Build("idx", 1, {PutSites()});
  const LeafTree tree = TreeOf(*store);
  const std::string text = *WriteTree(tree, *store, std::nullopt);
  const Result<LeafTree> kept = ReadTree(text, *store, std::nullopt);
  ASSERT_TRUE(kept) << kept.error().ToString();
  EXPECT_EQ(kept->root, tree.root);
  EXPECT_EQ(kept->size, tree.size);
  ASSERT_EQ(kept->blocks.size(), 3U);
  EXPECT_EQ(kept->blocks[1].last_key, tree.blocks[1].last_key);

  EXPECT_FALSE(ReadTree("", *store, std::nullopt));
  EXPECT_FALSE(ReadTree(text.substr(0, text.size() / 2), *store, std::nullopt));
  WarcBuilder more;
  more.Html("http://site3.example/7", "2026-10-06T00:00:01Z", "<p>text");
  IngestAll(*store, {Put("b.warc.gz", more.bytes())});
  const Result<LeafTree> stale = ReadTree(text, *store, std::nullopt);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code(), ErrorCode::kConflict);
}

TEST_F(ProofTest, TwoSnapshotsDifferByRowsAddedAndRemoved) {
  const IngestInput few = PutSites("few.warc.gz", 2);
  const IngestInput more = PutSites("more.warc.gz", 3);
  const auto before = Build("before", 1, {few});
  const auto after = Build("after", 3, {few, more});
  std::map<RowChange, int> rows;
  const auto count = [&](RowChange change, std::string_view leaf) -> Status {
    EXPECT_NE(leaf.find("more.warc.gz"), std::string::npos);
    ++rows[change];
    return {};
  };
  const Consistency grown = *CompareRows({before.get(), {}}, {after.get(), {}}, count);
  EXPECT_EQ(grown.same, std::uint64_t{kSites} * 3);
  EXPECT_EQ(grown.added, std::uint64_t{kSites} * 4);
  EXPECT_EQ(grown.removed, 0U);
  EXPECT_EQ(grown.changed, 0U);
  EXPECT_EQ(rows[RowChange::kAdded], kSites * 4);
  const Consistency back = *CompareRows({after.get(), {}}, {before.get(), {}}, count);
  EXPECT_EQ(back.removed, grown.added);
  const Consistency none = *CompareRows({after.get(), {}}, {after.get(), {}}, count);
  EXPECT_EQ(none.added + none.removed + none.changed, 0U);
  EXPECT_EQ(none.same, grown.same + grown.added);
}

TEST_F(ProofTest, LimitsAreKept) {
  const auto store = Build("idx", 1, {PutSites("a.warc.gz", 1)});
  const LeafTree tree = TreeOf(*store);
  const Result<std::string> proof =
      Prove(*store, tree, "site3.example",
            {.leaves_max = limits::kProofLeavesMax + 1, .known_by = {}, .note = {}});
  ASSERT_FALSE(proof);
  EXPECT_EQ(proof.error().code(), ErrorCode::kInvalidArgument);

  // A file beyond the limit is refused by its size.
  const std::string path = Path("huge.tree");
  std::ofstream(path).close();
  fs::resize_file(path, limits::kTreeFileBytesMax + 1);
  const Result<std::string> text = ReadFile(path, limits::kTreeFileBytesMax);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code(), ErrorCode::kTooLarge);
  // A block of rows waits in the queue whatever its size.
  EXPECT_GE(limits::kTreeQueueBytesMax, kTreeBlockLeaves * limits::kKeyUrlBytesMax);
}

TEST_F(ProofTest, HostileProofsAreRefused) {
  for (const std::string_view text : {"", "{}", "[]", "null", "{\"schema\":\"crawlcard.proof.v1\"}",
                                      "\xff\xfe", "{\"schema\":1}"}) {
    EXPECT_FALSE(VerifyProof(text, {})) << text;
  }
  EXPECT_FALSE(VerifyProof(std::string(100'000, '['), {}));
  EXPECT_FALSE(VerifyProof(std::string(limits::kProofBytesMax + 1, ' '), {}));
}

}  // namespace
}  // namespace crawlcard::index
