#include "warc/record.h"

#include "base/text.h"

namespace crawlcard::warc {

std::string_view RecordTypeName(RecordType type) {
  switch (type) {
    case RecordType::kWarcinfo:
      return "warcinfo";
    case RecordType::kResponse:
      return "response";
    case RecordType::kResource:
      return "resource";
    case RecordType::kRequest:
      return "request";
    case RecordType::kMetadata:
      return "metadata";
    case RecordType::kRevisit:
      return "revisit";
    case RecordType::kConversion:
      return "conversion";
    case RecordType::kContinuation:
      return "continuation";
    case RecordType::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view RecordView::Field(std::string_view name) const {
  for (const HeaderField& field : fields) {
    if (field.name.size() == name.size() && EqualsIgnoreCase(field.name, name)) return field.value;
  }
  return {};
}

// WARC 1.0 writes the URI between angle brackets in its grammar, and some writers do.
std::string_view RecordView::target_uri() const {
  std::string_view uri = TrimAscii(Field("WARC-Target-URI"));
  if (uri.size() >= 2 && uri.front() == '<' && uri.back() == '>') {
    uri = TrimAscii(uri.substr(1, uri.size() - 2));
  }
  return uri;
}

std::optional<UnixSeconds> RecordView::date() const {
  return ParseRfc3339(Field("WARC-Date"));
}

}  // namespace crawlcard::warc
