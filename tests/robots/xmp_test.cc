#include "robots/xmp.h"

#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "robots/limits.h"
#include "robots/observe_packets.h"

namespace crawlcard::robots {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kNamespaces =
    " xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
    " xmlns:p=\"http://ns.useplus.org/ldf/xmp/1.0/\""
    " xmlns:xr=\"http://ns.adobe.com/xap/1.0/rights/\" "
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
    " xmlns:cc=\"http://creativecommons.org/ns#\" xmlns:dct=\"http://purl.org/dc/terms/\""
    " xmlns:ext=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""
    " xmlns:t=\"http://www.w3.org/ns/tdmrep/\" xmlns:th=\"http://www.w3.org/ns/tdmrep#\"";

std::string Packet(const std::string& inner, const std::string& attributes = "") {
  return "<?xpacket begin=''?><rdf:RDF" + std::string(kNamespaces) +
         "><rdf:Description rdf:about=''" + attributes + ">" + inner +
         "</rdf:Description></rdf:RDF><?xpacket end='w'?>\n\0\0";
}

class XmpTest : public ::testing::Test {
 protected:
  XmpRights Read(const std::string& packet) {
    return ReadXmp(arena_.Copy(packet), "https://p.example/f.jpg", arena_);
  }
  SignalList Signals(const std::string& packet) {
    SignalList signals;
    ObservePacket({PacketForm::kXmp, arena_.Copy(packet), "", true}, "https://p.example/f.jpg",
                  arena_, signals);
    return signals;
  }
  Arena arena_;
};

// RDF/XML writes one property in many ways.
TEST_F(XmpTest, ValuesComeAsTextAttributeOrResource) {
  const std::string uri = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED";
  for (const std::string& packet :
       {Packet("<p:DataMining>\n " + uri + " </p:DataMining>"),
        Packet("<p:DataMining rdf:resource='" + uri + "'/>"),
        Packet("", " p:DataMining='" + uri + "'"),
        Packet("<p:DataMining><rdf:Bag><rdf:li>" + uri + "</rdf:li></rdf:Bag></p:DataMining>"),
        Packet("<p:DataMining><rdf:Seq><rdf:li rdf:resource='" + uri +
               "'/></rdf:Seq></p:DataMining>"),
        Packet("<p:DataMining rdf:parseType='Resource'><rdf:value>" + uri +
               "</rdf:value></p:DataMining>"),
        Packet("<p:DataMining><![CDATA[" + uri.substr(0, 9) + "]]>" + uri.substr(9) +
               "</p:DataMining>")}) {
    const XmpRights rights = Read(packet);
    ASSERT_THAT(rights.data_mining, SizeIs(1)) << packet;
    EXPECT_EQ(rights.data_mining[0].term, "DMI-PROHIBITED") << packet;
    EXPECT_THAT(rights.flags, IsEmpty());
  }
}

TEST_F(XmpTest, PropertiesOfNestedNodesAreNotOfTheFile) {
  const XmpRights rights = Read(
      Packet("<ext:ArtworkOrObject><rdf:Bag><rdf:li><rdf:Description><p:DataMining>DMI-PROHIBITED"
             "</p:DataMining></rdf:Description></rdf:li></rdf:Bag></ext:ArtworkOrObject>"));
  EXPECT_THAT(rights.data_mining, IsEmpty());
}

TEST_F(XmpTest, DefaultLanguageComesFirst) {
  const XmpRights rights =
      Read(Packet("<dc:rights><rdf:Alt><rdf:li xml:lang='de'>Alle Rechte</rdf:li><rdf:li "
                  "xml:lang='x-default'>All rights</rdf:li></rdf:Alt></dc:rights>"));
  EXPECT_EQ(rights.rights_text, "All rights");
}

TEST_F(XmpTest, ConstraintIsTheConditionOfItsTerm) {
  const SignalList signals = Signals(Packet(
      "<p:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-SEECONSTRAINT</p:DataMining>"
      "<p:OtherConstraints><rdf:Alt><rdf:li xml:lang='x-default'>ask first</rdf:li></rdf:Alt>"
      "</p:OtherConstraints>"));
  ASSERT_THAT(signals, SizeIs(2));
  EXPECT_EQ(signals[0].family, Family::kIptcPlus);
  EXPECT_EQ(signals[0].use, Axis::kTdm);
  EXPECT_EQ(signals[0].says, Says::kConditional);
  EXPECT_EQ(signals[0].condition, "ask first");
  EXPECT_EQ(signals[1].key, "plus:OtherConstraints");
}

TEST_F(XmpTest, LicencesAreKeptAsUrls) {
  const XmpRights rights =
      Read(Packet("<dct:license rdf:resource='https://creativecommons.org/licenses/by/4.0/'/>"));
  EXPECT_EQ(rights.licence_url, "https://creativecommons.org/licenses/by/4.0/");
  ASSERT_THAT(rights.properties, SizeIs(1));
  EXPECT_EQ(rights.properties[0].name, "dcterms:license");
  const XmpRights drawn = ReadXmp(
      "<svg xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
      "xmlns:cc='http://web.resource.org/cc/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
      "<metadata><rdf:RDF><cc:Work rdf:about=''><cc:license rdf:resource='L'/><dc:rights><cc:Agent>"
      "<dc:title>A. Painter</dc:title></cc:Agent></dc:rights></cc:Work></rdf:RDF></metadata></svg>",
      "", arena_);
  EXPECT_EQ(drawn.licence_url, "L");
  EXPECT_EQ(drawn.rights_text, "A. Painter");
}

TEST_F(XmpTest, ValuesOutsideTheVocabularyAreKeptWithoutAReading) {
  const SignalList signals = Signals(Packet("<p:DataMining>No AI please</p:DataMining>"));
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0].says, Says::kNothing);
  EXPECT_EQ(signals[0].raw, "No AI please");
  EXPECT_THAT(signals[0].flags, ElementsAre("plus.bad_value"));
}

// W3C TDMRep report, PDF: the namespace ends with a slash.
TEST_F(XmpTest, TdmrepNamespaceWithHashCountsForTheCarefulAlone) {
  const XmpRights slash = Read(Packet("", " t:reservation='1' t:policy='/p.json'"));
  EXPECT_EQ(slash.tdmrep.reservation, Reservation::kReserved);
  EXPECT_EQ(slash.tdmrep.policy, "https://p.example/p.json");
  const XmpRights hash = Read(Packet("<th:reservation>1</th:reservation>"));
  EXPECT_EQ(hash.tdmrep.reservation, Reservation::kUnset);
  EXPECT_EQ(hash.tdmrep.careful, Reservation::kReserved);
  EXPECT_THAT(hash.tdmrep.flags, Contains("tdmrep.bad_namespace"));
}

TEST_F(XmpTest, DamagedPacketsAreWeakEvidence) {
  const std::string whole =
      Packet("<p:DataMining>http://ns.useplus.org/ldf/vocab/DMI-ALLOWED</p:DataMining>");
  const std::string cut = whole.substr(0, whole.find("</rdf:Description>"));
  for (const Signal& signal : Signals(cut)) {
    EXPECT_EQ(signal.confidence, SignalConfidence::kLow);
    EXPECT_THAT(signal.flags, Contains("xmp.syntax"));
  }
  for (std::size_t size = 0; size < whole.size(); ++size) Signals(whole.substr(0, size));
}

TEST_F(XmpTest, DocumentTypesAreRefused) {
  const XmpRights rights =
      Read("<!DOCTYPE a [<!ENTITY b 'DMI-ALLOWED'>]>" + Packet("<p:DataMining>&b;</p:DataMining>"));
  EXPECT_THAT(rights.data_mining, IsEmpty());
  EXPECT_THAT(rights.flags, ElementsAre("xmp.dtd"));
  EXPECT_FALSE(rights.readable);
}

TEST_F(XmpTest, PacketsMayBeUtf16) {
  std::string wide = "\xFE\xFF";
  for (const char c : Packet("<p:DataMining>DMI-PROHIBITED</p:DataMining>")) {
    wide += '\0';
    wide += c;
  }
  ASSERT_THAT(Read(wide).data_mining, SizeIs(1));
}

TEST_F(XmpTest, BytesAreLimited) {
  std::string packet = Packet("<p:DataMining>DMI-PROHIBITED</p:DataMining>");
  packet.erase(packet.find("<?xpacket end"));
  packet += "<!--" + std::string(limits::kXmlBytesMax - packet.size() - 7, 'c') + "-->";
  EXPECT_THAT(Read(packet).data_mining, SizeIs(1));
  const XmpRights over = Read(packet + "<!---->");
  EXPECT_THAT(over.data_mining, IsEmpty());
  EXPECT_THAT(over.flags, ElementsAre("xmp.truncated"));
}

TEST_F(XmpTest, ValuesAndPropertiesAreLimited) {
  const auto repeat = [](const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string term = "<p:DataMining>DMI-ALLOWED</p:DataMining>";
  EXPECT_THAT(Read(Packet(repeat(term, limits::kXmpValuesMax + 1))).data_mining,
              SizeIs(limits::kXmpValuesMax));
  const std::string item = "<rdf:li>a</rdf:li>";
  EXPECT_THAT(Read(Packet("<dc:rights><rdf:Bag>" + repeat(item, limits::kXmpValuesMax + 1) +
                          "</rdf:Bag></dc:rights>"))
                  .properties,
              SizeIs(limits::kXmpValuesMax));
  EXPECT_THAT(
      Read(Packet(repeat("<dc:rights>a</dc:rights>", limits::kXmpPropertiesMax + 1))).properties,
      SizeIs(limits::kXmpPropertiesMax));
}

TEST_F(XmpTest, RslInMetadataIsReadForTheFile) {
  const SignalList signals = Signals(Packet(
      "<r:rsl xmlns:r='https://rslstandard.org/rsl'><r:content url='https://p.example/f.jpg'>"
      "<r:license><r:prohibits "
      "type='usage'>ai-train</r:prohibits></r:license></r:content></r:rsl>"));
  bool found = false;
  for (const Signal& signal : signals) {
    if (signal.family != Family::kRsl || signal.use != Axis::kTrain) continue;
    found = true;
    EXPECT_EQ(signal.says, Says::kDeny);
    EXPECT_EQ(signal.carrier, Carrier::kRslDocument);
  }
  EXPECT_TRUE(found);
}

TEST_F(XmpTest, EpubBindsItsPrefixes) {
  const auto read = [&](const std::string& prefix, const std::string& meta) {
    return ReadEpubTdmrep(
        "<!DOCTYPE package><package" + prefix + "><metadata>" + meta + "</metadata></package>",
        "https://p.example/b.epub", arena_);
  };
  const std::string meta = "<meta property=\"tdm:reservation\">1</meta>";
  const std::string hash = "http://www.w3.org/ns/tdmrep#";
  EXPECT_EQ(read(" prefix=\"a: urn:a tdm: " + hash + "\"", meta).reservation,
            Reservation::kReserved);
  EXPECT_FALSE(read(" prefix=\"tdm: http://other.example/\"", meta).present);
  EXPECT_EQ(
      read(" prefix=\"x: " + hash + "\"", "<meta property=\"x:reservation\">0</meta>").reservation,
      Reservation::kNotReserved);
  const TdmrepStatement undeclared = read("", meta);
  EXPECT_EQ(undeclared.reservation, Reservation::kReserved);
  EXPECT_THAT(undeclared.flags, Contains("tdmrep.undeclared_prefix"));
  EXPECT_FALSE(read("", "<meta refines=\"#c1\" property=\"tdm:reservation\">1</meta>").present);
  EXPECT_FALSE(read("", "<meta name=\"tdm-reservation\" content=\"1\"/>").present);
}

TEST_F(XmpTest, EpubOutsideMetadataSaysNothing) {
  const TdmrepStatement statement = ReadEpubTdmrep(
      "<package><manifest><meta name=\"tdm:reservation\" content=\"1\"/></manifest></package>", "",
      arena_);
  EXPECT_FALSE(statement.present);
}

}  // namespace
}  // namespace crawlcard::robots
