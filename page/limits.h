// page/limits.h - how much of a page is looked at. Every constant has a test at and past it.
#pragma once

#include <cstddef>

namespace crawlcard::page::limits {

// HTTP. Servers refuse heads of 8 to 64 KiB; ten times the largest leaves room for cookies.
inline constexpr std::size_t kHttpHeadBytesMax = 640 * 1024;
// Clients in use accept 100 to 256 fields.
inline constexpr std::size_t kHttpFieldsMax = 1000;
// Decoded body; the archive itself cuts at 1 or 5 MiB, other crawlers at about 100 MB.
inline constexpr std::size_t kHttpBodyBytesMax = 64 * 1024 * 1024;
// Stacked codings of one body. Two have been seen in honest use.
inline constexpr std::size_t kHttpCodingsMax = 4;
// RFC 6838 section 4.2 allows 127 characters on each side of the slash.
inline constexpr std::size_t kContentTypeEssenceBytesMax = 255;

// URLs. Longer ones are cut by crawlers; Common Crawl keeps none beyond 2 KiB.
inline constexpr std::size_t kUrlBytesMax = 64 * 1024;
// A DNS name has 253 characters; percent-encoding may triple them, and IDNA needs some more.
inline constexpr std::size_t kHostBytesMax = 1024;

// WHATWG HTML, "prescan a byte stream": the bytes looked at for a meta element.
inline constexpr std::size_t kCharsetPrescanBytes = 1024;
// Bytes looked at to tell UTF-8 from an unlabelled 8-bit text.
inline constexpr std::size_t kCharsetSniffBytesMax = 64 * 1024;

// Languages named for one page: CLD2 gives three.
inline constexpr std::size_t kLanguagesMax = 3;
// The archive's annotation is about 400 bytes long.
inline constexpr std::size_t kLanguageJsonBytesMax = 16 * 1024;
// Text handed to CLD2, which takes some 270 instructions a byte: docs/formats/facts.md says how
// often more would have changed the answer.
inline constexpr std::size_t kLanguageSampleBytesMax = 1024;
// RFC 5646 section 4.4.1: tags fit into 35 characters.
inline constexpr std::size_t kLanguageTagBytesMax = 64;

// HTML. Browsers cap the depth of open elements at 512.
inline constexpr std::size_t kOpenElementsMax = 512;
// Attributes of one tag; the busiest honest tags have some dozens.
inline constexpr std::size_t kAttributesMax = 128;
// Metas kept of one page; feeds of Open Graph tags reach some hundreds.
inline constexpr std::size_t kMetasMax = 2000;
// Content of one meta. Descriptions reach some KiB; a signal needs no more than a line.
inline constexpr std::size_t kMetaContentBytesMax = 8 * 1024;
// Name of one meta; longer ones name nothing that is read.
inline constexpr std::size_t kMetaNameBytesMax = 256;
// Rights links kept of one page.
inline constexpr std::size_t kRightsLinksMax = 256;
// Elements with a rule of their own kept of one page; shops mark every price.
inline constexpr std::size_t kFragmentsMax = 1000;
// Title; search engines show some 60 characters.
inline constexpr std::size_t kTitleBytesMax = 1024;

// JSON-LD, signals.md section 14: larger or deeper blocks state nothing.
inline constexpr std::size_t kJsonLdBytesMax = 1024 * 1024;
inline constexpr std::size_t kJsonLdDepthMax = 64;
// Blocks read of one page; shops have a block for each product.
inline constexpr std::size_t kJsonLdBlocksMax = 256;

// Licence statements kept of one page; galleries name one for each picture.
inline constexpr std::size_t kLicencesMax = 256;
// What was written, kept as evidence (contract: 500 bytes).
inline constexpr std::size_t kRawBytesMax = 500;
// Items of microdata and RDFa of one page.
inline constexpr std::size_t kItemsMax = 10000;
// Passages of text kept as evidence, and the span of markup read around a licence word.
inline constexpr std::size_t kProsePassagesMax = 16;
inline constexpr std::size_t kProseSpanBytesMax = 4 * 1024;
// A licence URL: everything read is far shorter.
inline constexpr std::size_t kLicenceUrlBytesMax = 2 * 1024;

// Metadata inside pictures, documents and books (page/media/). Packets kept of one payload, and the
// bytes of one, signals.md section 14.
inline constexpr std::size_t kPacketsMax = 64;
inline constexpr std::size_t kPacketBytesMax = 1024 * 1024;
// Parts of one packet that was cut into segments; JPEG needs 17 for a megabyte.
inline constexpr std::size_t kPacketPartsMax = 1024;
// Content credentials carry thumbnails and earlier manifests.
inline constexpr std::size_t kJumbfBytesMax = 8 * 1024 * 1024;
// Boxes, chunks, segments and directory entries looked at in one payload.
inline constexpr std::size_t kBoxesMax = 100'000;
// Image directories of one TIFF: faxes have one a page.
inline constexpr std::size_t kTiffDirectoriesMax = 64;
// Places in one PDF that look like the start of a stream of interest, and object streams unpacked
// to find the catalog.
inline constexpr std::size_t kPdfMarksMax = 1024;
inline constexpr std::size_t kPdfUnpackedMax = 64;
// How far an object of a PDF is searched for its dictionary.
inline constexpr std::size_t kPdfDictionaryBytesMax = 64 * 1024;
// Entries of one book; the largest honest ones have some thousands.
inline constexpr std::size_t kZipEntriesMax = 20'000;

}  // namespace crawlcard::page::limits
