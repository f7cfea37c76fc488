#include "page/charset.h"

#include <optional>

#include "base/find.h"
#include "base/text.h"
#include "page/internal/encodings.h"
#include "page/internal/prescan.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using internal::PrescanAttribute;
using internal::PrescanReader;

// Labels are short; the longest has 19 characters.
constexpr std::size_t kLabelBytesMax = 32;

// Reads the attributes of a meta tag. The encoding it declares, or empty.
std::string_view EncodingOfMeta(PrescanReader& reader) {
  bool saw_equiv = false;
  bool saw_content = false;
  bool saw_charset = false;
  bool got_pragma = false;
  std::optional<bool> need_pragma;
  std::string_view encoding;
  bool has_encoding = false;  // "charset" may set it to failure, which is not the same as unset
  while (const std::optional<PrescanAttribute> attribute = reader.NextAttribute()) {
    if (EqualsIgnoreCase(attribute->name, "http-equiv") && !saw_equiv) {
      saw_equiv = true;
      got_pragma = EqualsIgnoreCase(attribute->value, "content-type");
    } else if (EqualsIgnoreCase(attribute->name, "content") && !saw_content) {
      saw_content = true;
      const std::string_view found =
          EncodingForLabel(internal::LabelOfMetaContent(attribute->value));
      if (found.empty() || has_encoding) continue;
      encoding = found;
      has_encoding = true;
      need_pragma = true;
    } else if (EqualsIgnoreCase(attribute->name, "charset") && !saw_charset) {
      saw_charset = true;
      encoding = EncodingForLabel(attribute->value);
      has_encoding = true;
      need_pragma = false;
    }
  }
  if (reader.AtEnd() || !need_pragma) return {};
  if (*need_pragma && !got_pragma) return {};
  // A page whose meta can be read as ASCII is not in UTF-16.
  if (encoding == "utf-16be" || encoding == "utf-16le") return "utf-8";
  if (encoding == "x-user-defined") return "windows-1252";
  return encoding;
}

Charset BomOf(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) return {"utf-8", CharsetSource::kBom, 3};
  if (body.starts_with("\xFE\xFF")) return {"utf-16be", CharsetSource::kBom, 2};
  if (body.starts_with("\xFF\xFE")) return {"utf-16le", CharsetSource::kBom, 2};
  return {};
}

}  // namespace

std::string_view EncodingForLabel(std::string_view label) {
  label = TrimAscii(label);
  if (label.empty() || label.size() > kLabelBytesMax) return {};
  char lower[kLabelBytesMax];
  for (std::size_t i = 0; i < label.size(); ++i) lower[i] = AsciiLower(label[i]);
  const std::size_t index = internal::EncodingIndexForLabel({lower, label.size()});
  return index == internal::kEncodingCount ? std::string_view() : internal::kEncodings[index].name;
}

std::string_view PrescanForEncoding(std::string_view body) {
  using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): literals only
  const std::string_view window = body.substr(0, limits::kCharsetPrescanBytes);
  if (window.starts_with("<\0?\0x\0"sv)) return "utf-16le";
  if (window.starts_with("\0<\0?\0x"sv)) return "utf-16be";
  // No meta names an encoding without the word.
  if (FindIgnoreCase(window, "charset") == std::string_view::npos) return {};
  PrescanReader reader(window);
  while (reader.NextTag()) {
    const std::string_view rest = reader.rest();
    const char next = rest.size() > 1 ? rest[1] : '\0';
    if (next == '!' && rest.starts_with("<!--")) {
      reader.Skip(2);  // the dashes that open a comment may close it too
      reader.SkipPast("-->");
    } else if (AsciiLower(next) == 'm' && StartsWithIgnoreCase(rest, "<meta") && rest.size() > 5 &&
               (IsAsciiSpace(rest[5]) || rest[5] == '/')) {
      reader.Skip(5);
      const std::string_view encoding = EncodingOfMeta(reader);
      if (!encoding.empty()) return encoding;
    } else if (IsAsciiAlpha(next) || (next == '/' && rest.size() > 2 && IsAsciiAlpha(rest[2]))) {
      reader.SkipTagName();
      while (reader.NextAttribute()) continue;
    } else if (next == '!' || next == '/' || next == '?') {
      reader.SkipPast(">");
    } else {
      reader.Skip(1);
    }
  }
  return {};
}

Charset DetectCharset(std::string_view body, std::string_view http_charset, bool is_markup) {
  if (const Charset bom = BomOf(body); bom.bom_bytes > 0) return bom;
  if (const auto encoding = EncodingForLabel(http_charset); !encoding.empty()) {
    return {encoding, CharsetSource::kHttp, 0};
  }
  if (is_markup) {
    if (const auto encoding = PrescanForEncoding(body); !encoding.empty()) {
      return {encoding, CharsetSource::kMeta, 0};
    }
    const std::string_view window = body.substr(0, limits::kCharsetPrescanBytes);
    if (const auto encoding = EncodingForLabel(internal::LabelOfXmlDeclaration(window));
        !encoding.empty()) {
      const bool is_utf16 = encoding == "utf-16be" || encoding == "utf-16le";
      return {is_utf16 ? "utf-8" : encoding, CharsetSource::kXml, 0};
    }
  }
  const std::string_view sample = body.size() > limits::kCharsetSniffBytesMax
                                      ? Utf8Prefix(body, limits::kCharsetSniffBytesMax)
                                      : body;
  if (IsUtf8(sample)) return {"utf-8", CharsetSource::kSniffed, 0};
  return {"windows-1252", CharsetSource::kDefault, 0};
}

bool IsAsciiCompatible(std::string_view encoding) {
  return encoding != "utf-16be" && encoding != "utf-16le" && encoding != "iso-2022-jp" &&
         encoding != "replacement";
}

}  // namespace crawlcard::page
