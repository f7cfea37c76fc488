#include "robots/c2pa.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "robots/limits.h"
#include "robots/observe_packets.h"
#include "robots/tdm_policy.h"

namespace crawlcard::robots {
namespace {

using namespace std::string_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kLabel = "cawg.training-mining";

// CBOR, RFC 8949: short forms only where the length fits.
std::string Head(unsigned major, std::size_t value) {
  if (value < 24) return std::string(1, static_cast<char>(major << 5 | value));
  if (value < 256) {
    return std::string(1, static_cast<char>(major << 5 | 24)) + static_cast<char>(value);
  }
  return std::string(1, static_cast<char>(major << 5 | 25)) + static_cast<char>(value >> 8) +
         static_cast<char>(value);
}
std::string Text(const std::string& text) {
  return Head(3, text.size()) + text;
}
std::string Entry(const std::string& key, const std::string& use) {
  return Text(key) + Head(5, 1) + Text("use") + Text(use);
}
std::string Entries(std::size_t count, const std::string& entries) {
  return Head(5, 1) + Text("entries") + Head(5, count) + entries;
}

class C2paTest : public ::testing::Test {
 protected:
  C2paAssertion Json(const std::string& entries, std::string_view label = kLabel) {
    return ReadC2paJson(label, "{\"entries\":{" + entries + "}}", arena_);
  }
  C2paAssertion Cbor(const std::string& bytes) { return ReadC2paCbor(kLabel, bytes, arena_); }
  Arena arena_;
};

TEST_F(C2paTest, LabelsMayHaveAnInstanceNumber) {
  EXPECT_TRUE(IsTrainingMiningLabel("cawg.training-mining"));
  EXPECT_TRUE(IsTrainingMiningLabel("c2pa.training-mining__2"));
  EXPECT_FALSE(IsTrainingMiningLabel("cawg.training-mining2"));
  EXPECT_FALSE(IsTrainingMiningLabel("other.training-mining"));
  EXPECT_FALSE(IsTrainingMiningLabel("c2pa"));
}

TEST_F(C2paTest, JsonAndCborSayTheSame) {
  const C2paAssertion json = Json("\"cawg.ai_generative_training\":{\"use\":\"notAllowed\"}");
  const C2paAssertion cbor = Cbor(Entries(1, Entry("cawg.ai_generative_training", "notAllowed")));
  for (const C2paAssertion& assertion : {json, cbor}) {
    EXPECT_TRUE(assertion.readable);
    ASSERT_THAT(assertion.entries, SizeIs(1));
    EXPECT_EQ(assertion.entries[0].axis, Axis::kTrain);
    EXPECT_EQ(assertion.entries[0].says, Says::kDeny);
    EXPECT_THAT(assertion.flags, IsEmpty());
  }
}

// CAWG 1.1: ai_training means models that generate nothing.
TEST_F(C2paTest, TrainingOfOtherModelsSaysNothingAboutGenerativeOnes) {
  const AxisMap axes = C2paAxes(Json("\"cawg.ai_training\":{\"use\":\"notAllowed\"}"));
  EXPECT_EQ(axes.At(Axis::kTrainAny), Says::kDeny);
  EXPECT_EQ(axes.At(Axis::kTrain), Says::kNothing);
  const AxisMap mining = C2paAxes(Json("\"cawg.data_mining\":{\"use\":\"notAllowed\"}"));
  EXPECT_EQ(mining.At(Axis::kTrain), Says::kDeny);
}

TEST_F(C2paTest, ConstrainedNeedsAConstraint) {
  const auto says = [&](const std::string& more) {
    return Json("\"cawg.data_mining\":{\"use\":\"constrained\"" + more + "}").entries[0].says;
  };
  EXPECT_EQ(says(""), Says::kDeny);
  EXPECT_EQ(says(",\"constraint_info\":\" \""), Says::kDeny);
  EXPECT_EQ(says(",\"constraint_info\":\"ask\""), Says::kConditional);
  EXPECT_EQ(says(",\"constraints_info\":\"ask\""), Says::kConditional);
}

TEST_F(C2paTest, IngredientsDoNotSpeakForTheFile) {
  SignalList signals;
  const std::string json = "{\"entries\":{\"cawg.data_mining\":{\"use\":\"notAllowed\"}}}";
  ObservePacket({PacketForm::kC2paJson, json, kLabel, false}, "", arena_, signals);
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0].says, Says::kNothing);
  EXPECT_EQ(signals[0].scope, "ingredient");
  EXPECT_EQ(signals[0].confidence, SignalConfidence::kLow);
  EXPECT_THAT(signals[0].flags, ElementsAre("c2pa.ingredient"));
  ObservePacket({PacketForm::kC2paJson, json, kLabel, true}, "", arena_, signals);
  EXPECT_EQ(signals[1].says, Says::kDeny);
  EXPECT_EQ(signals[1].carrier, Carrier::kC2paBox);
  EXPECT_EQ(signals[1].raw, "cawg.data_mining=notAllowed");
}

TEST_F(C2paTest, CborMayBeIndefiniteTaggedAndCarryOtherThings) {
  const std::string entries = "\xBF"s + Text("cawg.ai_inference") + "\xBF" + Text("note") +
                              "\x9F\x01\xF5\xFF"s + Text("use") + "\x7F" + Text("not") +
                              Text("Allowed") + "\xFF" + Head(0, 7) + "\xF6" + "\xFF\xFF";
  const C2paAssertion assertion = Cbor("\xC1"s + Head(5, 2) + Text("metadata") +
                                       "\x82\x01\x42"
                                       "ab"s +
                                       Text("entries") + entries);
  EXPECT_TRUE(assertion.readable);
  ASSERT_THAT(assertion.entries, SizeIs(1));
  EXPECT_EQ(assertion.entries[0].axis, Axis::kAiInput);
  EXPECT_EQ(assertion.entries[0].says, Says::kDeny);
}

TEST_F(C2paTest, CutCborIsNotWhole) {
  const std::string whole = Entries(1, Entry("cawg.data_mining", "notAllowed"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(Cbor(whole.substr(0, size)).readable) << size;
  }
  EXPECT_FALSE(
      Cbor(Head(5, 1) + Text("entries") + "\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").readable);
  EXPECT_FALSE(Cbor("\x7B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").readable);
  EXPECT_THAT(Cbor("text").flags, Contains("c2pa.syntax"));
}

TEST_F(C2paTest, DepthIsLimited) {
  const auto nested = [](std::size_t depth) {
    return Head(5, 2) + Text("x") + std::string(depth - 1, '\x81') + "\x01" + Text("entries") +
           Head(5, 0);
  };
  EXPECT_TRUE(Cbor(nested(limits::kC2paDepthMax)).readable);
  EXPECT_FALSE(Cbor(nested(limits::kC2paDepthMax + 1)).readable);
  EXPECT_FALSE(Cbor(std::string(60000, '\x81')).readable);
}

TEST_F(C2paTest, BytesAndEntriesAreLimited) {
  const std::string json = "{\"entries\":{}}";
  const std::string padding(limits::kC2paAssertionBytesMax - json.size(), ' ');
  EXPECT_TRUE(ReadC2paJson(kLabel, json + padding, arena_).readable);
  EXPECT_FALSE(ReadC2paJson(kLabel, json + padding + " ", arena_).readable);
  EXPECT_FALSE(Cbor(std::string(limits::kC2paAssertionBytesMax + 1, '\0')).readable);
  std::string entries;
  for (std::size_t i = 0; i <= limits::kC2paEntriesMax; ++i) entries += Entry("k", "allowed");
  const C2paAssertion many = Cbor(Entries(limits::kC2paEntriesMax + 1, entries));
  EXPECT_THAT(many.entries, SizeIs(limits::kC2paEntriesMax));
  EXPECT_THAT(many.flags, Contains("c2pa.truncated"));
}

class TdmPolicyTest : public ::testing::Test {
 protected:
  TdmPolicy Read(const std::string& more) {
    const std::string body =
        R"({"@context":["http://www.w3.org/ns/odrl.jsonld","http://www.w3.org/ns/tdmrep.jsonld"],)"
        R"("@type":"Offer","profile":"http://www.w3.org/ns/tdmrep","uid":"u","assigner":{"uid":"a"})" +
        more + "}";
    return ReadTdmPolicy(200, "application/ld+json; charset=utf-8", body, arena_);
  }
  Arena arena_;
};

TEST_F(TdmPolicyTest, PermissionWithoutConditionsAllows) {
  const TdmPolicy policy = Read(R"(,"permission":[{"action":"tdm:mine"}])");
  EXPECT_TRUE(policy.valid);
  EXPECT_EQ(policy.hint, TdmPolicyHint::kAllow);
  EXPECT_EQ(TdmPolicyHintName(policy.hint), "allow");
}

TEST_F(TdmPolicyTest, LonePermissionIsTolerated) {
  const TdmPolicy policy =
      Read(R"(,"permission":{"action":"tdm:mine","duty":[{"action":"compensate"}]})");
  EXPECT_TRUE(policy.valid);
  EXPECT_EQ(policy.hint, TdmPolicyHint::kConditional);
  EXPECT_THAT(policy.flags, ElementsAre("tdmpolicy.lone_permission"));
}

TEST_F(TdmPolicyTest, UnreadableConstraintsKeepItConditional) {
  const TdmPolicy policy =
      Read(R"(,"permission":[{"action":"tdm:mine","constraint":[{"leftOperand":"spatial"}]}])");
  EXPECT_EQ(policy.hint, TdmPolicyHint::kConditional);
  EXPECT_EQ(Read(R"(,"permission":[{"action":"tdm:mine"}],"prohibition":[{}])").hint,
            TdmPolicyHint::kConditional);
}

TEST_F(TdmPolicyTest, FaultsAreNamed) {
  EXPECT_EQ(Read("").hint, TdmPolicyHint::kUnknownConditions);
  const TdmPolicy bare = ReadTdmPolicy(200, "application/json", "{}", arena_);
  EXPECT_FALSE(bare.valid);
  EXPECT_THAT(bare.flags, Contains("tdmpolicy.assigner"));
  EXPECT_THAT(ReadTdmPolicy(200, "application/json", "[", arena_).flags,
              ElementsAre("tdmpolicy.not_json"));
  EXPECT_EQ(ReadTdmPolicy(503, "text/html", "", arena_).kind, TdmPolicyKind::kUnreachable);
  EXPECT_EQ(TdmPolicyKindName(ReadTdmPolicy(200, "text/html", "", arena_).kind), "human");
}

TEST_F(TdmPolicyTest, BytesAndPermissionsAreLimited) {
  std::string permissions = R"({"action":"tdm:mine"})";
  for (std::size_t i = 1; i < limits::kTdmPolicyPermissionsMax; ++i) {
    permissions += R"(,{"action":"tdm:mine"})";
  }
  EXPECT_TRUE(Read(",\"permission\":[" + permissions + "]").valid);
  EXPECT_FALSE(Read(",\"permission\":[" + permissions + ",{\"action\":\"tdm:mine\"}]").valid);
  const std::string body = "{}" + std::string(limits::kTdmPolicyBytesMax - 2, ' ');
  EXPECT_THAT(ReadTdmPolicy(200, "application/json", body, arena_).flags,
              Contains("tdmpolicy.type"));
  EXPECT_THAT(ReadTdmPolicy(200, "application/json", body + " ", arena_).flags,
              ElementsAre("tdmpolicy.truncated"));
}

}  // namespace
}  // namespace crawlcard::robots
