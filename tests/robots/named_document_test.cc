// Which bodies are documents that others name, and how several licences come to one word.
#include "robots/named_document.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/limits.h"
#include "robots/rsl.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kRoot = "<rsl xmlns=\"https://rslstandard.org/rsl\">";

std::string Document(std::string_view licence) {
  return std::string(kRoot) + "<content url=\"/\"><license>" + std::string(licence) +
         "</license></content></rsl>";
}
constexpr std::string_view kRefusal = "<prohibits type=\"usage\">ai-train</prohibits>";
constexpr std::string_view kGrant = "<permits type=\"usage\">ai-train</permits>";

TEST(DetectDocument, RslByTheNamespaceOfItsRoot) {
  EXPECT_EQ(DetectDocument("text/html", Document(kGrant)), DocumentKind::kRsl);
  EXPECT_EQ(
      DetectDocument("", "\xEF\xBB\xBF\n<?xml version='1.0'?><!-- > -->\n" + Document(kGrant)),
      DocumentKind::kRsl);
  EXPECT_EQ(DetectDocument("application/rsl+xml", "<rsl><content/></rsl>"), DocumentKind::kNone);
  EXPECT_EQ(DetectDocument("text/xml", "<rss><x xmlns=\"https://rslstandard.org/rsl\"/></rss>"),
            DocumentKind::kNone);
  for (const std::string_view cut :
       {"", " ", "<", "<?", "<!--", "<!", "<?xml ?><", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(DetectDocument("text/xml", cut), DocumentKind::kNone) << cut;
  }
}

TEST(DetectDocument, TdmPolicyByTypeAndVocabulary) {
  const std::string body = R"({"profile":"http://www.w3.org/ns/tdmrep"})";
  EXPECT_EQ(DetectDocument("application/ld+json; charset=utf-8", body), DocumentKind::kTdmPolicy);
  EXPECT_EQ(DetectDocument("text/plain", body), DocumentKind::kNone);
  EXPECT_EQ(DetectDocument("application/json", R"({"a":1})"), DocumentKind::kNone);
}

TEST(AppendRslContents, StatementsAreLimited) {
  std::string body(kRoot);
  for (std::size_t i = 0; i < limits::kRslContentsMax; ++i) {
    body += "<content url=\"/" + std::to_string(i) + "\"><license>" + std::string(kRefusal) +
            "</license></content>";
  }
  body += "</rsl>";
  Arena arena;
  SignalList signals(&arena);
  AppendRslContents(body, arena, signals);
  EXPECT_GE(signals.size(), limits::kRslContentSignalsMax);
  EXPECT_LT(signals.size(), limits::kRslContentSignalsMax + kAxisCount);
}

struct Place {
  RslScopeKind scope;
  std::string_view licence;  // empty: no document
};

// What the places say about training.
Says Training(std::initializer_list<Place> named, bool page_speaks = false) {
  Arena arena;
  std::vector<std::string> bodies;
  std::vector<RslDocument> documents;
  bodies.reserve(named.size());
  documents.reserve(named.size());
  std::vector<NamedLicence> places;
  for (const Place& one : named) {
    NamedLicence place;
    place.scope = one.scope;
    if (!one.licence.empty()) {
      bodies.push_back(Document(one.licence));
      documents.push_back(ParseRsl(bodies.back(), arena));
      place.document = &documents.back();
    }
    places.push_back(place);
  }
  std::vector<Statement> statements;
  CollectRsl(places, "https://example.org/a", page_speaks, arena, statements);
  Says says = Says::kNothing;
  for (const Statement& one : statements) {
    if (one.signal.use == Axis::kTrain) says = Stricter(says, one.signal.says);
  }
  return says;
}

TEST(CollectRsl, NarrowerPlacesSetWiderOnesAside) {
  using enum RslScopeKind;
  EXPECT_EQ(Training({{kGlobal, kRefusal}}), Says::kDeny);
  EXPECT_EQ(Training({{kGlobal, kRefusal}, {kGroup, kGrant}}), Says::kAllow);
  EXPECT_EQ(Training({{kGroup, kRefusal}, {kResponse, kGrant}}), Says::kAllow);
  EXPECT_EQ(Training({{kDocument, kRefusal}, {kResponse, kGrant}}), Says::kDeny);
  EXPECT_EQ(Training({{kElement, kGrant}, {kGlobal, kRefusal}}), Says::kDeny);
  EXPECT_EQ(Training({{kElement, kRefusal}}), Says::kNothing);
  EXPECT_EQ(Training({{kGlobal, kRefusal}}, true), Says::kNothing);
}

TEST(CollectRsl, WhatCouldNotBeReadGrantsNothing) {
  using enum RslScopeKind;
  EXPECT_EQ(Training({{kDocument, ""}, {kGlobal, kGrant}}), Says::kNothing);
  EXPECT_EQ(Training({{kDocument, ""}, {kGlobal, kRefusal}}), Says::kDeny);
  EXPECT_EQ(Training({{kDocument, "<unknown/>"}, {kGlobal, kGrant}}), Says::kNothing);
}

TEST(NamesLicence, OnlyAbsoluteUrlsName) {
  Signal signal;
  signal.family = Family::kRsl;
  signal.key = kRslLicenceKey;
  signal.value = "/license.xml";
  EXPECT_EQ(NamesLicence(signal), std::nullopt);
  signal.value = "https://example.org/license.xml";
  EXPECT_EQ(NamesLicence(signal), RslScopeKind::kGlobal);
  signal.agent = "GPTBot";
  EXPECT_EQ(NamesLicence(signal), RslScopeKind::kGroup);
  signal.carrier = Carrier::kHtmlLink;
  signal.scope = "div";
  EXPECT_EQ(NamesLicence(signal), RslScopeKind::kElement);
}

}  // namespace
}  // namespace crawlcard::robots
