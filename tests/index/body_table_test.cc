// Bodies and their forms get the same numbers whether a value says its form or not.
#include "index/internal/body_table.h"

#include <set>

#include "base/byte_codec.h"
#include "base/digest.h"
#include "index/schema.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kFirst = "User-agent: *\nSitemap: https://a.org/s.xml\n";
constexpr std::string_view kSecond = "User-agent: *\nSitemap: https://b.org/s.xml\n";
constexpr std::string_view kTheirForm = "User-agent: *\nSitemap: /\n";
constexpr std::string_view kOther = "User-agent: *\nDisallow: /\n";

std::string DigestOf(std::string_view body) {
  const Sha256Digest digest = Sha256(body);
  return {digest.begin(), digest.end()};
}

std::string ValueOf(std::string_view body) {
  std::string value;
  EncodeBlob(body, value);
  return value;
}

// As builds before version 2 wrote it.
std::string FirstVersionOf(std::string_view body) {
  const std::string value = ValueOf(body);
  const Result<BlobHead> head = DecodeBlobHead(value);
  std::string old;
  ByteWriter writer(old);
  writer.U8(1);
  writer.Varint(head->bytes);
  writer.Raw(head->frame);
  return old;
}

class BodyTableTest : public IndexTest {
 protected:
  void SetUp() override {
    IndexTest::SetUp();
    store_ = Open(Path("idx"));
  }
  void TearDown() override {
    store_.reset();  // its threads delete files, too
    IndexTest::TearDown();
  }

  void Put(std::string_view body, std::string_view value) {
    const Partition& partition = store_->impl().partition(0);
    rocksdb::WriteBatch batch;
    batch.Put(partition.family(Family::kBlobs), DigestOf(body), ToSlice(value));
    ASSERT_TRUE(store_->impl().partition(0).Write(batch));
  }

  BodyTable Table() const { return {store_->impl(), ScopedSnapshot(store_->impl())}; }

  std::unique_ptr<Store> store_;
};

TEST_F(BodyTableTest, FormsAreTheSameOfBothVersions) {
  for (const bool first_is_old : {false, true}) {
    for (const bool second_is_old : {false, true}) {
      Put(kFirst, first_is_old ? FirstVersionOf(kFirst) : ValueOf(kFirst));
      Put(kSecond, second_is_old ? FirstVersionOf(kSecond) : ValueOf(kSecond));
      Put(kTheirForm, second_is_old ? FirstVersionOf(kTheirForm) : ValueOf(kTheirForm));
      Put(kOther, first_is_old ? FirstVersionOf(kOther) : ValueOf(kOther));
      const BodyTable table = Table();
      EXPECT_EQ(table.bodies(), 4U);
      EXPECT_EQ(table.forms(), 2U);
      const std::uint64_t form = table.Find(DigestOf(kFirst)).form;
      EXPECT_EQ(table.Find(DigestOf(kSecond)).form, form);
      EXPECT_EQ(table.Find(DigestOf(kTheirForm)).form, form);
      EXPECT_NE(table.Find(DigestOf(kOther)).form, form);
      EXPECT_NE(table.Find(DigestOf(kFirst)).body, table.Find(DigestOf(kSecond)).body);
      constexpr std::string_view kThird = "User-agent: *\nSitemap: https://c.org/s.xml\n";
      EXPECT_EQ(table.FindForm(DigestOf(kThird), kThird), form);
    }
  }
}

// Beyond limits::kScanBodiesNumberedMax.
TEST_F(BodyTableTest, WhatTheTableHasNoRoomForIsNumberedAsItIsMet) {
  for (const std::string_view body : {kFirst, kSecond, kTheirForm, kOther}) {
    Put(body, ValueOf(body));
  }
  const ScopedSnapshot snapshot(store_->impl());
  for (const std::size_t room : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    const BodyTable table(store_->impl(), snapshot, room);
    EXPECT_EQ(table.bodies(), room);
    BlobReader blobs(store_->impl());
    BodyNumbers numbers(table, blobs);
    std::set<std::uint64_t> met;
    for (const std::string_view body : {kFirst, kSecond, kTheirForm, kOther}) {
      const BodyNumber number = numbers.Of(DigestOf(body));
      EXPECT_NE(number.form, 0U);
      EXPECT_TRUE(met.insert(number.body).second);
      EXPECT_EQ(numbers.Of(DigestOf(body)).body, number.body);
      // Of another form they never have the number; of the same, where the table has it.
      EXPECT_EQ(number.form == numbers.Of(DigestOf(kOther)).form, body == kOther);
    }
    EXPECT_EQ(numbers.Of(DigestOf("not there")).body, 0U);
  }
}

// Going through a large index must not cost its decoding.
TEST_F(BodyTableTest, ABodyThatStandsWithItsFormIsNotDecoded) {
  const std::string without_end = ValueOf(kFirst);
  Put(kFirst, std::string_view(without_end).substr(0, without_end.size() - 1));
  Put(kSecond, ValueOf(kSecond));
  EXPECT_EQ(Table().Find(DigestOf(kFirst)).form, Table().Find(DigestOf(kSecond)).form);
  const std::string old = FirstVersionOf(kFirst);
  Put(kFirst, std::string_view(old).substr(0, old.size() - 1));
  EXPECT_EQ(Table().Find(DigestOf(kFirst)).body, 0U);
  EXPECT_EQ(Table().bodies(), 1U);
}

}  // namespace
}  // namespace crawlcard::index
