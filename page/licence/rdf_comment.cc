// page/licence/rdf_comment.cc - see rdf_comment.h.
#include "page/licence/rdf_comment.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/text.h"
#include "page/html/tag.h"
#include "page/html/tokenizer.h"

namespace crawlcard::page::licence {
namespace {

// Local name of "cc:license"; RDF/XML distinguishes case, but <License> describes a licence.
std::string_view LocalName(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view AttributeOf(const html::Token& tag, std::string_view local_name) {
  for (const html::Attribute& attribute : tag.attributes) {
    if (LocalName(attribute.name) == local_name) return attribute.value;
  }
  return {};
}

}  // namespace

void ReadRdfComment(std::string_view comment, Collector& out) {
  if (comment.find("rdf:RDF") == std::string_view::npos) return;
  html::Tokenizer tokenizer(comment);
  tokenizer.DisableSwitching();
  std::string subject;  // of the Work being described; empty: the page
  while (true) {
    const html::Token& tag = tokenizer.Next();
    if (tag.kind == html::TokenKind::kEnd) return;
    if (tag.kind != html::TokenKind::kStartTag) continue;
    const std::string_view name = LocalName(tag.name);
    if (name == "Work") {
      const std::string_view about = TrimAscii(AttributeOf(tag, "about"));
      subject = about.empty() || out.IsPage(about) ? std::string() : out.Resolve(about);
    }
    const std::string_view target = AttributeOf(tag, "resource");
    if (name != "license" || target.empty()) continue;
    Place place;
    place.location = "rdf-comment";
    place.scope = subject.empty() ? "page" : "other-resource";
    place.region = "body";
    place.confidence = Confidence::kLow;
    place.subject = subject;
    out.AddUrl(place, target, Accept::kKnownOnly);
  }
}

}  // namespace crawlcard::page::licence
