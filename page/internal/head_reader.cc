// page/internal/head_reader.cc - see head_reader.h.
#include "page/internal/head_reader.h"

#include <string>

#include "base/link_field.h"
#include "base/text.h"

namespace crawlcard::page::internal {

bool IsTextType(std::string_view essence) {
  return essence.starts_with("text/") || essence == "application/json" ||
         essence == "application/xml" || essence == "application/javascript" ||
         essence.ends_with("+json") || essence.ends_with("+xml");
}

bool IsHtmlType(std::string_view essence) {
  return essence == "text/html" || essence == "application/xhtml+xml";
}

bool MayBeHtml(std::string_view identified) {
  return identified.empty() || IsHtmlType(identified) || IsTextType(identified) ||
         identified == "application/octet-stream";
}

bool IsUnsaidType(std::string_view essence) {
  return essence.empty() || essence == "unknown/unknown" || essence == "application/unknown" ||
         essence == "*/*";
}

void ReadLinkFields(const HttpHead& head, licence::Collector& collector) {
  for (const HttpField& field : head.fields) {
    if (!EqualsIgnoreCase(field.name, "link")) continue;
    LinkReader reader(field.value);
    FieldLink link;
    while (reader.Next(link)) {
      if (!HasToken(link.rel, "license")) continue;
      if (StartsWithIgnoreCase(link.type, "application/rsl+xml")) continue;
      licence::Place place;
      place.location = "http-link";
      place.scope = "response";
      place.region = "http";
      place.confidence = Confidence::kHigh;
      std::string subject;
      if (!link.anchor.empty() && !collector.IsPage(link.anchor)) {
        subject = collector.Resolve(link.anchor);
        place.scope = "other-resource";
        place.subject = subject;
      }
      collector.AddUrl(place, link.target, licence::Accept::kAny);
    }
  }
}

}  // namespace crawlcard::page::internal
