// page/facts.cc - see facts.h. Decides what the response is, then lets the page reader read it.
#include "page/facts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "page/charset.h"
#include "page/html/body_map.h"
#include "page/html/page_reader.h"
#include "page/html/page_scanner.h"
#include "page/html/sniff.h"
#include "page/html/text_counter.h"
#include "page/html/text_scan.h"
#include "page/html/tokenizer.h"
#include "page/internal/head_reader.h"
#include "page/licence/collector.h"
#include "page/limits.h"

namespace crawlcard::page {
std::string_view WhereName(Where where) {
  switch (where) {
    case Where::kHead:
      return "head";
    case Where::kBody:
      return "body";
    case Where::kNoscript:
      return "noscript";
  }
  return "body";
}

std::string_view LanguageSourceName(LanguageSource source) {
  switch (source) {
    case LanguageSource::kNone:
      return "none";
    case LanguageSource::kHtmlLang:
      return "html-lang";
    case LanguageSource::kSample:
      return "sample";
    case LanguageSource::kArchive:
      return "archive";
  }
  return "none";
}

class Observer::Impl {
 public:
  explicit Impl(const ObserveOptions& options)
      : options_(options), tokenizer_({}, html::AttributeMode::kPicked) {}

  PageFacts Observe(const Response& response, Arena& arena) {
    PageFacts facts;
    facts.payload_bytes = response.body.size();
    collector_.Begin(response.url, arena);
    const ContentType type = ParseContentType(response.content_type, arena);
    ReadType(response, type, arena, facts);
    if (response.head != nullptr) internal::ReadLinkFields(*response.head, collector_);
    if (facts.is_html || internal::IsTextType(facts.content_type)) {
      const Charset charset = DetectCharset(response.body, type.charset, facts.is_html);
      facts.charset = charset.encoding;
      const bool wanted = facts.is_html || facts.content_type == "text/plain";
      if (wanted) ReadText(Utf8Body(response.body, charset), arena, facts);
    }
    collector_.Finish();
    facts.licences = collector_.licences();
    facts.rights = collector_.rights();
    facts.notes = arena.CopySpan(std::span<const std::string_view>(collector_.notes()));
    return facts;
  }

 private:
  // The header decides; where it says nothing, what the archive found, then the first bytes.
  static void ReadType(const Response& response, const ContentType& type, Arena& arena,
                       PageFacts& facts) {
    facts.content_type = type.essence;
    const std::string_view identified = ParseContentType(response.identified_type, arena).essence;
    if (internal::IsHtmlType(type.essence)) {
      facts.is_html = internal::MayBeHtml(identified);
      return;
    }
    if (!internal::IsUnsaidType(type.essence)) return;
    facts.is_html = internal::IsHtmlType(identified) ||
                    (identified.empty() && html::LooksLikeHtml(response.body));
    facts.content_type = facts.is_html ? std::string_view("text/html") : identified;
  }

  std::string_view Utf8Body(std::string_view body, const Charset& charset) {
    body.remove_prefix(std::min(charset.bom_bytes, body.size()));
    if (charset.encoding == "utf-8" || charset.encoding.empty()) return body;
    if (IsAsciiCompatible(charset.encoding) && AsciiPrefix(body) == body.size()) return body;
    utf8_.clear();
    if (!converter_.Append(charset.encoding, body, limits::kHttpBodyBytesMax, utf8_)) {
      collector_.Note("html.converted_cut");
    }
    return utf8_;
  }

  void ReadText(std::string_view body, Arena& arena, PageFacts& facts) {
    if (facts.is_html) {
      ReadHtml(body, arena, facts);
      return;
    }
    plain_text_.Reset(options_.text_sample_bytes);
    const std::size_t kept = std::min(body.size(), 4 * options_.text_sample_bytes);
    plain_text_.Add(body.substr(0, kept));
    map_.Reset(body);
    map_.PrepareAll();
    plain_text_.Add(body.substr(kept), html::ScanText(map_, body, kept, body.size()));
    facts.text_bytes = plain_text_.bytes();
    sample_.clear();
    AppendValidUtf8(plain_text_.sample(), sample_);
    facts.text_sample = arena.Copy(Utf8Prefix(sample_, options_.text_sample_bytes));
  }

  void ReadHtml(std::string_view body, Arena& arena, PageFacts& facts) {
    reader_.Begin(body, collector_, arena, options_.text_sample_bytes);
    const bool dropped = options_.by_tokenizer ? html::ReadByTokenizer(body, tokenizer_, reader_)
                                               : scanner_.Read(body, reader_);
    if (dropped) collector_.Note("html.attributes_dropped");
    reader_.Finish(facts);
  }

  ObserveOptions options_;
  licence::Collector collector_;
  html::PageReader reader_;
  html::PageScanner scanner_;
  html::Tokenizer tokenizer_;
  html::TextCounter plain_text_;
  html::BodyMap map_;  // of plain text
  Converter converter_;
  std::string utf8_;
  std::string sample_;
};

Observer::Observer(const ObserveOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Observer::~Observer() = default;

PageFacts Observer::Observe(const Response& response, Arena& arena) {
  return impl_->Observe(response, arena);
}

}  // namespace crawlcard::page
