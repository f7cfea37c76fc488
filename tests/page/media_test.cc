#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "page/media/packets.h"
#include "tests/page/media_builders.h"

namespace crawlcard::page::media {
namespace {

using namespace build;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kXmp = Xmp("DMI-PROHIBITED");

struct Found {
  Format format = Format::kNone;
  std::vector<std::string> bytes;
  std::vector<Packet> packets;
  std::vector<std::string> notes;
};

Found Scan(std::string_view payload, std::string_view content_type = "") {
  Arena arena;
  const MediaScan scan = ScanMedia(content_type, payload, arena);
  Found found;
  found.format = scan.format;
  for (const Packet& packet : scan.packets) {
    found.bytes.emplace_back(packet.bytes);
    found.packets.push_back(packet);
    if (packet.offset != Packet::kAssembled) {
      EXPECT_EQ(payload.substr(packet.offset, packet.bytes.size()), packet.bytes);
    }
  }
  for (const std::string_view note : scan.notes) found.notes.emplace_back(note);
  return found;
}

TEST(Media, FormatsAreToldByTheirFirstBytes) {
  EXPECT_EQ(SniffFormat("", Jpeg("")), Format::kJpeg);
  EXPECT_EQ(SniffFormat("text/html", Png("")), Format::kPng);
  EXPECT_EQ(SniffFormat("", Gif("")), Format::kGif);
  EXPECT_EQ(SniffFormat("", Tiff(700, kXmp)), Format::kTiff);
  EXPECT_EQ(SniffFormat("", BigTiff(700, kXmp)), Format::kTiff);
  EXPECT_EQ(SniffFormat("", Webp("")), Format::kWebp);
  EXPECT_EQ(SniffFormat("", "\n%PDF-1.7\n"), Format::kPdf);
  EXPECT_EQ(SniffFormat("", kFtyp), Format::kBmff);
  EXPECT_EQ(SniffFormat("", Epub("", false)), Format::kEpub);
  EXPECT_EQ(SniffFormat("", Zip({{"a.txt", "text"}})), Format::kNone);
  EXPECT_EQ(SniffFormat("image/svg+xml; charset=utf-8", "<!-- --><svg/>"), Format::kSvg);
  EXPECT_EQ(SniffFormat("text/xml", "<?xml version='1.0'?><svg xmlns='s'/>"), Format::kSvg);
  EXPECT_EQ(SniffFormat("text/html", "<p><svg></svg>"), Format::kNone);
  EXPECT_EQ(SniffFormat("", "<html><svg></svg></html>"), Format::kNone);
  EXPECT_EQ(SniffFormat("", ""), Format::kNone);
  EXPECT_EQ(SniffFormat("image/jpeg", "not a picture"), Format::kNone);
}

TEST(Media, XmpOfJpegStandsInApp1) {
  const std::string file = Jpeg(Segment(0xE1, "Exif\0\0MM"s) + XmpSegment(kXmp));
  const Found found = Scan(file);
  ASSERT_THAT(found.bytes, ElementsAre(kXmp));
  EXPECT_EQ(found.packets[0].offset, file.find(kXmp));
  EXPECT_THAT(found.notes, IsEmpty());
}

// XMP part 3, 1.1.3.1: parts in any order, joined by the GUID that the main packet names.
TEST(Media, ExtendedXmpIsJoined) {
  const std::string guid = "0123456789ABCDEF0123456789ABCDEF";
  const std::string main = kXmp + "<!-- HasExtendedXMP " + guid + " -->";
  const std::string extended = "<rdf:RDF>" + std::string(900, 'x') + "</rdf:RDF>";
  const std::string parts = ExtendedSegment(guid, extended.size(), 400, extended.substr(400)) +
                            ExtendedSegment(guid, extended.size(), 0, extended.substr(0, 400)) +
                            ExtendedSegment(guid, extended.size(), 0, extended.substr(0, 400));
  EXPECT_THAT(Scan(Jpeg(XmpSegment(main) + parts)).bytes, ElementsAre(main, extended));

  const Found foreign = Scan(Jpeg(XmpSegment(kXmp) + parts));
  EXPECT_THAT(foreign.bytes, ElementsAre(kXmp)) << "the main packet names no extension";
  const Found hole = Scan(
      Jpeg(XmpSegment(main) + ExtendedSegment(guid, extended.size(), 400, extended.substr(400))));
  EXPECT_THAT(hole.bytes, ElementsAre(main));
  EXPECT_THAT(hole.notes, ElementsAre("media.truncated"));
}

TEST(Media, CredentialsOfJpegAreJoinedFromApp11) {
  const std::string store = Store(Manifest("c2ma", JsonAssertion("notAllowed")));
  const Found found = Scan(Jpeg(JumbfSegments(store, 100)));
  ASSERT_THAT(found.packets, SizeIs(1));
  EXPECT_EQ(found.packets[0].kind, PacketKind::kC2paJson);
  EXPECT_EQ(found.packets[0].offset, Packet::kAssembled);
  EXPECT_TRUE(found.packets[0].active);
  EXPECT_THAT(found.bytes[0], HasSubstr("notAllowed"));
}

TEST(Media, LastManifestIsTheActiveOne) {
  const std::string store = Store(Manifest("c2ma", JsonAssertion("allowed")) +
                                  Manifest("c2ma", JsonAssertion("notAllowed")));
  const Found found = Scan(Png(Chunk("caBX", store)));
  ASSERT_THAT(found.packets, SizeIs(2));
  EXPECT_FALSE(found.packets[0].active);
  EXPECT_TRUE(found.packets[1].active);
}

TEST(Media, UpdateManifestLeavesTheEarlierOneActive) {
  const std::string store =
      Store(Manifest("c2ma", JsonAssertion("allowed")) +
            Manifest("c2ma", JsonAssertion("notAllowed")) + Manifest("c2um", ""));
  const Found found = Scan(Png(Chunk("caBX", store)));
  ASSERT_THAT(found.packets, SizeIs(2));
  EXPECT_FALSE(found.packets[0].active);
  EXPECT_TRUE(found.packets[1].active);
}

TEST(Media, OtherAssertionsAndCompressedManifestsGiveNoPacket) {
  const std::string store = Store(Manifest("c2ma", Assertion("cbor", "c2pa.actions", "\xA0") +
                                                       Assertion("cbor", "c2pa.training-mining",
                                                                 "\xA1\x67"
                                                                 "entries\xA0")) +
                                  SuperBox("c2cm", "urn:uuid:2", Box("brob", "packed")));
  const Found found = Scan(Png(Chunk("caBX", store)));
  ASSERT_THAT(found.packets, SizeIs(1));
  EXPECT_EQ(found.packets[0].kind, PacketKind::kC2paCbor);
  EXPECT_THAT(found.notes, ElementsAre("media.compressed_manifest"));
}

TEST(Media, XmpOfPngIsPlainOrDeflated) {
  EXPECT_THAT(Scan(Png(XmpChunk(kXmp, false))).bytes, ElementsAre(kXmp));
  const Found packed = Scan(Png(XmpChunk(Deflate(kXmp), true)));
  EXPECT_THAT(packed.bytes, ElementsAre(kXmp));
  EXPECT_EQ(packed.packets[0].offset, Packet::kAssembled);
  EXPECT_THAT(Scan(Png(Chunk("iTXt", "Comment\0\0\0\0\0"s + kXmp))).bytes, IsEmpty());
  const Found damaged = Scan(Png(XmpChunk("no deflate", true)));
  EXPECT_THAT(damaged.bytes, IsEmpty());
  EXPECT_THAT(damaged.notes, ElementsAre("media.bad_deflate"));
}

TEST(Media, XmpOfGifEndsBeforeItsTrailer) {
  const Found found = Scan(Gif("!\xFE\3abc\0"s + GifXmp(kXmp)));
  EXPECT_THAT(found.bytes, ElementsAre(kXmp));
  EXPECT_THAT(found.notes, IsEmpty());
  EXPECT_THAT(Scan(Gif("!\xFF\x0BNETSCAPE2.0\3\1\0\0\0"s)).bytes, IsEmpty());
}

TEST(Media, XmpAndCredentialsOfTiff) {
  EXPECT_THAT(Scan(Tiff(700, kXmp)).bytes, ElementsAre(kXmp));
  EXPECT_THAT(Scan(BigTiff(700, kXmp)).bytes, ElementsAre(kXmp));
  EXPECT_THAT(Scan(Tiff(270, kXmp)).bytes, IsEmpty());
  const std::string store = Store(Manifest("c2ma", JsonAssertion("allowed")));
  EXPECT_THAT(Scan(Tiff(0xCD41, store)).packets, SizeIs(1));
}

TEST(Media, XmpAndCredentialsOfWebp) {
  const std::string store = Store(Manifest("c2ma", JsonAssertion("allowed")));
  const Found found =
      Scan(Webp(WebpChunk("ODD ", "abc") + WebpChunk("XMP ", kXmp) + WebpChunk("C2PA", store)));
  ASSERT_THAT(found.packets, SizeIs(2));
  EXPECT_EQ(found.bytes[0], kXmp);
  EXPECT_EQ(found.packets[1].kind, PacketKind::kC2paJson);
}

TEST(Media, CatalogOfPdfNamesTheStreamOfTheDocument) {
  const std::string other = Xmp("DMI-ALLOWED");
  const std::string file = "%PDF-1.7\n" + PdfCatalog(1, 7) + PdfStream(7, kPdfXmlKeys, kXmp) +
                           PdfStream(9, kPdfXmlKeys, other);
  EXPECT_THAT(Scan(file).bytes, ElementsAre(kXmp));
  const std::string revised = file + PdfStream(7, kPdfXmlKeys, other);
  EXPECT_THAT(Scan(revised).bytes, ElementsAre(other)) << "the last revision counts";
}

TEST(Media, MetadataOfPicturesInAPdfIsNotItsOwn) {
  const std::string file = "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" +
                           PdfStream(7, kPdfXmlKeys, kXmp);
  EXPECT_THAT(Scan(file).bytes, IsEmpty());
}

TEST(Media, StreamsOfPdfAreInflated) {
  const std::string keys = "/Filter /FlateDecode " + kPdfXmlKeys;
  const std::string file = "%PDF-1.7\n" + PdfCatalog(1, 7) + PdfStream(7, keys, Deflate(kXmp));
  EXPECT_THAT(Scan(file).bytes, ElementsAre(kXmp));
  const std::string other =
      "%PDF-1.7\n" + PdfCatalog(1, 7) + PdfStream(7, "/Filter /LZWDecode " + kPdfXmlKeys, "packed");
  EXPECT_THAT(Scan(other).notes, ElementsAre("media.unknown_packing"));
}

TEST(Media, CatalogInAnObjectStreamIsFound) {
  const std::string objects = "1 0 2 60 << /Type /Catalog /Metadata 8 0 R >> << /Type /Pages >>";
  const std::string file = "%PDF-1.7\n" + PdfStream(7, kPdfXmlKeys, Xmp("DMI-ALLOWED")) +
                           PdfStream(8, kPdfXmlKeys, kXmp) +
                           PdfStream(9, kPdfXmlKeys, Xmp("DMI-UNSPECIFIED")) +
                           PdfStream(5, "/Type /ObjStm /Filter /FlateDecode", Deflate(objects));
  EXPECT_THAT(Scan(file).bytes, ElementsAre(kXmp));
}

TEST(Media, PacketMarksAreTheLastResortForPdf) {
  const std::string packet =
      "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>" + kXmp + "<?xpacket end='w'?>";
  const Found found = Scan("%PDF-1.4\nno streams " + packet + " tail");
  EXPECT_THAT(found.bytes, ElementsAre(packet));
  EXPECT_THAT(found.notes, ElementsAre("media.pdf_packet_scan"));
}

TEST(Media, EncryptedMetadataOfPdfIsPassedOver) {
  const Found found =
      Scan("%PDF-1.7\n" + PdfCatalog(1, 7) + PdfStream(7, kPdfXmlKeys, "\x8F\x01 noise"));
  EXPECT_THAT(found.bytes, IsEmpty());
  EXPECT_THAT(found.notes, ElementsAre("media.pdf_no_rdf"));
}

TEST(Media, XmpOfMp4StandsInUuidOrUserData) {
  EXPECT_THAT(Scan(kFtyp + XmpUuid(kXmp)).bytes, ElementsAre(kXmp));
  const std::string movie = Box("moov", Box("udta", Box("XMP_", kXmp)));
  EXPECT_THAT(Scan(kFtyp + movie).bytes, ElementsAre(kXmp));
  const std::string large = Be(1, 4) + "free" + Be(20, 8) + "abcd";  // 64-bit size
  EXPECT_THAT(Scan(kFtyp + large + XmpUuid(kXmp)).bytes, ElementsAre(kXmp));
}

TEST(Media, CredentialsOfMp4StandInUuid) {
  const std::string store = Store(Manifest("c2ma", JsonAssertion("notAllowed")));
  ASSERT_THAT(Scan(kFtyp + C2paUuid(store)).packets, SizeIs(1));
}

// ISO 14496-12, 8.11.3: an item lies in the file or in idat, in one or more extents.
TEST(Media, XmpOfHeifIsAnItem) {
  const std::string in_data = kFtyp + HeifMeta({{0, kXmp.size()}}, 1, kXmp);
  EXPECT_THAT(Scan(in_data).bytes, ElementsAre(kXmp));

  const std::string tail = kXmp.substr(0, 10) + "##" + kXmp.substr(10);
  const std::size_t at = kFtyp.size() + HeifMeta({{0, 0}, {0, 0}}, 0, "").size();
  const std::string in_file =
      kFtyp + HeifMeta({{at, 10}, {at + 12, kXmp.size() - 10}}, 0, "") + tail;
  EXPECT_THAT(Scan(in_file).bytes, ElementsAre(kXmp));
}

TEST(Media, MetadataOfSvgComesWithTheNamespacesOfItsRoot) {
  const std::string svg =
      "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b>'>]><!-- <metadata>RDF</metadata> -->"
      "<svg width='1' xmlns=\"http://www.w3.org/2000/svg\" xmlns:rdf='R' title='a > b'>"
      "<style><![CDATA[ <metadata>RDF</metadata> ]]></style>"
      "<metadata id='m'><rdf:RDF><!-- </metadata> --></rdf:RDF></metadata><g><metadata/></g></svg>";
  const Found found = Scan(svg, "image/svg+xml");
  EXPECT_THAT(
      found.bytes,
      ElementsAre("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:rdf='R'>"
                  "<metadata id='m'><rdf:RDF><!-- </metadata> --></rdf:RDF></metadata></svg>"));
}

TEST(Media, PackageOfEpubIsNamedByItsContainer) {
  const std::string opf = "<package><metadata/></package>";
  for (const bool packed : {false, true}) {
    const Found found = Scan(Epub(opf, packed));
    ASSERT_THAT(found.bytes, ElementsAre(opf));
    EXPECT_EQ(found.packets[0].kind, PacketKind::kEpubPackage);
  }
  const std::string without_container =
      Zip({{"mimetype", "application/epub+zip"}, {"x/y.opf", opf, true}});
  EXPECT_THAT(Scan(without_container).bytes, ElementsAre(opf));
}

TEST(Media, NamesAreStable) {
  EXPECT_EQ(FormatName(Format::kBmff), "bmff");
  EXPECT_EQ(FormatName(Format::kNone), "");
  EXPECT_EQ(PacketKindName(PacketKind::kEpubPackage), "opf");
  EXPECT_EQ(PacketKindName(PacketKind::kC2paCbor), "c2pa-cbor");
}

}  // namespace
}  // namespace crawlcard::page::media
