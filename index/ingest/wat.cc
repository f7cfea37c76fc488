#include "index/ingest/wat.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>

#include <simdjson.h>

#include "base/find.h"
#include "base/text.h"
#include "index/ingest/wat_links.h"
#include "index/limits.h"
#include "page/limits.h"

namespace crawlcard::index {
namespace {

namespace json = simdjson::ondemand;
using simdjson::error_code;
using warc::RecordType;

// A member of the wrong type leaves the walk whole; everything else ends it.
bool IsFatal(error_code error) {
  return error != simdjson::SUCCESS && error != simdjson::INCORRECT_TYPE &&
         error != simdjson::STRING_ERROR;
}

RecordType TypeOf(std::string_view name) {
  if (EqualsIgnoreCase(name, "response")) return RecordType::kResponse;
  if (EqualsIgnoreCase(name, "revisit")) return RecordType::kRevisit;
  return RecordType::kUnknown;
}

// Calls `visit(key, value)` for each member of an object. Keys are compared as written: writers
// escape none of the letters of a name. Gives INCORRECT_TYPE for a value that is no object.
template <class Visit>
error_code ForEachMemberOf(json::object& object, Visit visit) {
  for (auto next : object) {
    json::field field;
    if (const error_code error = std::move(next).get(field)) return error;
    if (const error_code error = visit(field)) return error;
  }
  return simdjson::SUCCESS;
}

template <class Visit>
error_code ForEachMember(json::value value, Visit visit) {
  json::object object;
  if (const error_code error = value.get_object().get(object)) return error;
  return ForEachMemberOf(object, visit);
}

template <class Visit>
error_code ForEachElement(json::value value, Visit visit) {
  json::array array;
  if (const error_code error = value.get_array().get(array)) return error;
  for (auto next : array) {
    json::value element;
    if (const error_code error = std::move(next).get(element)) return error;
    if (const error_code error = visit(element)) return error;
  }
  return simdjson::SUCCESS;
}

// A name of known length is compared as one or two words.
template <std::size_t N>
bool Is(json::field& field, const char (&name)[N]) {
  static_assert(N <= simdjson::SIMDJSON_PADDING);
  return field.key().unsafe_is_equal(std::string_view(name, N - 1));
}

}  // namespace

class WatReader::Impl {
 public:
  Result<const WatRecord*> Read(std::string_view block, bool padded) {
    if (block.size() > limits::kWatJsonBytesMax) {
      return Fail(ErrorCode::kTooLarge, "WAT record of {} bytes", block.size());
    }
    Clear();
    if (CutLinks(block, buffer_)) {
      block = PadBuffer();
    } else if (!padded) {
      buffer_ = block;
      block = PadBuffer();
    }
    // What one giant needed is not kept for the rest.
    constexpr std::size_t kKeptBytes = 4 << 20;
    if (parser_.capacity() > kKeptBytes && block.size() <= kKeptBytes) parser_ = json::parser();
    const error_code error = Walk(block.data(), block.size());
    if (error != simdjson::SUCCESS) {
      return Fail(ErrorCode::kCorrupt, "JSON of a WAT record: {}", simdjson::error_message(error));
    }
    if (!is_wat_ || (has_type_ && record_.type == RecordType::kUnknown)) return nullptr;
    if (!has_type_) return Fail(ErrorCode::kCorrupt, "WAT record without WARC-Type");
    return &record_;
  }

 private:
  void Clear() {
    // Vectors keep their memory.
    WatRecord fresh;
    fresh.fields.swap(record_.fields);
    fresh.metas.swap(record_.metas);
    fresh.links.swap(record_.links);
    fresh.fields.clear();
    fresh.metas.clear();
    fresh.links.clear();
    record_ = std::move(fresh);
    is_wat_ = false;
    has_type_ = false;
  }

  // Whether what is described is known to be no capture: nothing more is read.
  bool Done() const { return has_type_ && record_.type == RecordType::kUnknown; }

  // What the buffer holds, with octets behind it that the parser may read.
  std::string_view PadBuffer() {
    const std::size_t bytes = buffer_.size();
    buffer_.append(simdjson::SIMDJSON_PADDING, '\0');
    return std::string_view(buffer_).substr(0, bytes);
  }

  error_code Walk(const char* text, std::size_t bytes) {
    json::document document;
    if (const error_code error =
            parser_.iterate(text, bytes, bytes + simdjson::SIMDJSON_PADDING).get(document)) {
      return error;
    }
    json::object root;
    if (const error_code error = document.get_object().get(root)) {
      return error;
    }
    for (auto next : root) {
      json::field field;
      if (const error_code error = std::move(next).get(field)) return error;
      error_code error = simdjson::SUCCESS;
      if (Is(field, "Container")) {
        error = Tolerate(ReadContainer(field.value()), record_.damaged_envelope);
      } else if (Is(field, "Envelope")) {
        is_wat_ = true;
        error = Tolerate(ReadEnvelope(field.value()), record_.damaged_envelope);
      }
      if (error != simdjson::SUCCESS) return error;
      if (Done()) return simdjson::SUCCESS;
    }
    // At the end of the text there is no place to stand at.
    const char* place = nullptr;
    const error_code left = document.current_location().get(place);
    return left == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }

  static error_code Tolerate(error_code error, bool& damaged) {
    if (IsFatal(error)) return error;
    if (error != simdjson::SUCCESS) damaged = true;
    return simdjson::SUCCESS;
  }

  // --- values -----------------------------------------------------------------------------------

  // A string. Without escapes it is a view into the text.
  static error_code Text(json::value value, std::string_view& out) {
    const std::string_view token = value.raw_json_token();
    if (!token.empty() && token.front() == '"' && FindByte(token, '\\') == std::string_view::npos) {
      const std::size_t end = token.rfind('"');
      if (end > 0) {
        out = token.substr(1, end - 1);
        return simdjson::SUCCESS;
      }
    }
    return value.get_string().get(out);
  }

  error_code Keep(json::value value, std::string_view& member, bool& damaged) {
    std::string_view text;
    const error_code error = Text(value, text);
    if (error == simdjson::SUCCESS && member.empty()) member = text;
    return Tolerate(error, damaged);
  }

  // Numbers are strings of digits; a number is taken, too.
  error_code KeepNumber(json::value value, std::uint64_t& member, bool& damaged) {
    std::string_view token = TrimAscii(value.raw_json_token());
    if (token.size() >= 2 && token.front() == '"') token = token.substr(1, token.size() - 2);
    if (const std::optional<std::uint64_t> number = ParseUint(token)) {
      member = *number;
    } else {
      damaged = true;
    }
    return simdjson::SUCCESS;
  }

  // --- members ----------------------------------------------------------------------------------

  error_code ReadContainer(json::value container) {
    return ForEachMember(container, [this](json::field& field) -> error_code {
      bool& damaged = record_.damaged_envelope;
      if (Is(field, "Filename")) return Keep(field.value(), record_.container_file, damaged);
      if (Is(field, "Offset")) return KeepNumber(field.value(), record_.container_offset, damaged);
      if (!Is(field, "Gzip-Metadata")) return simdjson::SUCCESS;
      const error_code error = ForEachMember(field.value(), [&](json::field& member) -> error_code {
        if (!Is(member, "Deflate-Length")) return simdjson::SUCCESS;
        return KeepNumber(member.value(), record_.container_length, damaged);
      });
      return Tolerate(error, damaged);
    });
  }

  error_code ReadEnvelope(json::value envelope) {
    return ForEachMember(envelope, [this](json::field& field) -> error_code {
      if (Done()) return simdjson::SUCCESS;
      if (Is(field, "WARC-Header-Metadata")) {
        return Tolerate(ReadWarcFields(field.value()), record_.damaged_envelope);
      }
      if (Is(field, "Payload-Metadata")) {
        return Tolerate(ReadPayload(field.value()), record_.damaged_envelope);
      }
      return simdjson::SUCCESS;
    });
  }

  error_code ReadWarcFields(json::value fields) {
    return ForEachMember(fields, [this](json::field& field) -> error_code {
      bool& damaged = record_.damaged_envelope;
      if (Is(field, "WARC-Type")) {
        std::string_view type;
        const error_code error = Keep(field.value(), type, damaged);
        has_type_ = true;
        record_.type = TypeOf(type);
        return error;
      }
      if (Done()) return simdjson::SUCCESS;
      if (Is(field, "WARC-Target-URI")) return Keep(field.value(), record_.url, damaged);
      if (Is(field, "WARC-Date")) return Keep(field.value(), record_.date, damaged);
      if (Is(field, "WARC-Record-ID")) return Keep(field.value(), record_.record_id, damaged);
      if (Is(field, "WARC-Payload-Digest")) {
        return Keep(field.value(), record_.payload_digest, damaged);
      }
      if (Is(field, "WARC-Identified-Payload-Type")) {
        return Keep(field.value(), record_.identified_type, damaged);
      }
      if (Is(field, "WARC-Truncated")) return Keep(field.value(), record_.truncated, damaged);
      return simdjson::SUCCESS;
    });
  }

  error_code ReadPayload(json::value payload) {
    return ForEachMember(payload, [this](json::field& field) -> error_code {
      if (!Is(field, "HTTP-Response-Metadata")) return simdjson::SUCCESS;
      record_.has_http = true;
      return Tolerate(ReadResponse(field.value()), record_.damaged_fields);
    });
  }

  error_code ReadResponse(json::value response) {
    return ForEachMember(response, [this](json::field& field) -> error_code {
      bool& damaged = record_.damaged_fields;
      if (Is(field, "Headers")) return Tolerate(ReadFields(field.value()), damaged);
      if (Is(field, "Response-Message")) return Tolerate(ReadStatus(field.value()), damaged);
      if (Is(field, "Entity-Digest")) return Keep(field.value(), record_.entity_digest, damaged);
      if (Is(field, "Entity-Length")) {
        return KeepNumber(field.value(), record_.entity_length, damaged);
      }
      if (Is(field, "HTML-Metadata")) {
        record_.has_html = true;
        return Tolerate(ReadHtml(field.value()), record_.damaged_html);
      }
      return simdjson::SUCCESS;
    });
  }

  error_code ReadStatus(json::value message) {
    return ForEachMember(message, [this](json::field& field) -> error_code {
      if (!Is(field, "Status")) return simdjson::SUCCESS;
      std::uint64_t status = 0;
      const error_code error = KeepNumber(field.value(), status, record_.damaged_fields);
      if (status >= 100 && status <= 999) record_.status = static_cast<std::uint16_t>(status);
      return error;
    });
  }

  // A repeated field is an array of its values.
  error_code ReadFields(json::value headers) {
    return ForEachMember(headers, [this](json::field& field) -> error_code {
      bool& damaged = record_.damaged_fields;
      std::string_view name;
      if (const error_code error = field.unescaped_key().get(name)) {
        return Tolerate(error, damaged);
      }
      json::value value = field.value();
      json::json_type type{};
      if (const error_code error = value.type().get(type)) return Tolerate(error, damaged);
      if (type != json::json_type::array) return AddField(name, value);
      record_.repeats_shown = true;
      return Tolerate(ForEachElement(value, [&](json::value one) { return AddField(name, one); }),
                      damaged);
    });
  }

  error_code AddField(std::string_view name, json::value value) {
    if (record_.fields.size() >= page::limits::kHttpFieldsMax) {
      record_.dropped_fields = true;
      return simdjson::SUCCESS;
    }
    std::string_view text;
    const error_code error = Text(value, text);
    if (error == simdjson::SUCCESS) {
      record_.fields.push_back({TrimAscii(name), TrimAscii(text), 0});
    }
    return Tolerate(error, record_.damaged_fields);
  }

  // --- HTML -------------------------------------------------------------------------------------

  error_code ReadHtml(json::value html) {
    return ForEachMember(html, [this](json::field& field) -> error_code {
      bool& damaged = record_.damaged_html;
      if (Is(field, "Head")) return Tolerate(ReadHead(field.value()), damaged);
      if (Is(field, "Links")) return Tolerate(ReadLinks(field.value(), false), damaged);
      return simdjson::SUCCESS;
    });
  }

  error_code ReadHead(json::value head) {
    return ForEachMember(head, [this](json::field& field) -> error_code {
      bool& damaged = record_.damaged_html;
      if (Is(field, "Base")) return Keep(field.value(), record_.base, damaged);
      if (Is(field, "Metas")) return Tolerate(ReadMetas(field.value()), damaged);
      if (Is(field, "Link")) return Tolerate(ReadLinks(field.value(), true), damaged);
      return simdjson::SUCCESS;
    });
  }

  error_code ReadMetas(json::value metas) {
    return ForEachElement(
        metas, [this](json::value meta) { return Tolerate(ReadMeta(meta), record_.damaged_html); });
  }

  error_code ReadMeta(json::value meta) {
    std::array<page::OutlineMeta, 3> named{
        {{"name", {}, {}}, {"property", {}, {}}, {"http-equiv", {}, {}}}};
    std::string_view content;
    bool& damaged = record_.damaged_html;
    const error_code error = ForEachMember(meta, [&](json::field& field) -> error_code {
      if (Is(field, "content")) return Keep(field.value(), content, damaged);
      if (Is(field, "name")) return Keep(field.value(), named[0].name, damaged);
      if (Is(field, "property")) return Keep(field.value(), named[1].name, damaged);
      if (Is(field, "http-equiv")) return Keep(field.value(), named[2].name, damaged);
      return simdjson::SUCCESS;
    });
    for (page::OutlineMeta& one : named) {
      if (one.name.empty()) continue;
      one.content = content;
      AddMeta(one);
    }
    return error;
  }

  void AddMeta(const page::OutlineMeta& meta) {
    // The extractor lists the language of the html element among the metas.
    if (meta.name.starts_with("HTML@/")) {
      if (record_.html_lang.empty()) record_.html_lang = TrimAscii(meta.content);
    } else if (record_.metas.size() < page::limits::kMetasMax) {
      record_.metas.push_back(meta);
    } else {
      record_.dropped_metas = true;
    }
  }

  // Most pages have hundreds of links and none to a licence: only those that hold a word of one are
  // taken apart.
  error_code ReadLinks(json::value links, bool head) {
    json::array array;
    if (const error_code error = links.get_array().get(array)) return error;
    std::string_view source;
    if (const error_code error = array.raw_json().get(source)) return error;
    std::size_t hit = page::FindLicenceLink(source, 0);
    if (hit == std::string_view::npos) return simdjson::SUCCESS;
    bool empty = false;
    if (const error_code error = array.reset().get(empty)) return error;
    for (auto next : array) {
      json::value link;
      json::object object;
      std::string_view text;
      if (const error_code error = std::move(next).get(link)) return error;
      error_code error = link.get_object().get(object);
      if (error == simdjson::SUCCESS) error = object.raw_json().get(text);
      if (error == simdjson::SUCCESS) {
        const auto end = static_cast<std::size_t>(text.data() + text.size() - source.data());
        if (hit >= end) continue;
        error = object.reset().get(empty);
        if (error == simdjson::SUCCESS) error = ReadLink(object, head);
        hit = page::FindLicenceLink(source, end);
      }
      error = Tolerate(error, record_.damaged_html);
      if (error != simdjson::SUCCESS) return error;
    }
    return simdjson::SUCCESS;
  }

  error_code ReadLink(json::object& object, bool head) {
    page::OutlineLink link;
    std::string_view path;
    bool& damaged = record_.damaged_html;
    const error_code error = ForEachMemberOf(object, [&](json::field& field) -> error_code {
      if (Is(field, "url")) return Keep(field.value(), link.href, damaged);
      if (Is(field, "path")) return Keep(field.value(), path, damaged);
      if (Is(field, "rel")) return Keep(field.value(), link.rel, damaged);
      if (Is(field, "type")) return Keep(field.value(), link.type, damaged);
      return simdjson::SUCCESS;
    });
    if (error != simdjson::SUCCESS) return error;
    if (head || EqualsIgnoreCase(path, "LINK@/href")) {
      link.element = page::OutlineElement::kLink;
    } else if (EqualsIgnoreCase(path, "A@/href")) {
      link.element = page::OutlineElement::kA;
    } else if (EqualsIgnoreCase(path, "AREA@/href")) {
      link.element = page::OutlineElement::kArea;
    } else {
      return simdjson::SUCCESS;
    }
    if (!page::MayNameLicence(link)) return simdjson::SUCCESS;
    if (record_.links.size() < limits::kWatLinksMax) {
      record_.links.push_back(link);
    } else {
      record_.dropped_links = true;
    }
    return simdjson::SUCCESS;
  }

  json::parser parser_;
  std::string buffer_;  // the text that is parsed, where it is not the block
  WatRecord record_;
  bool is_wat_ = false;
  bool has_type_ = false;
};

WatReader::WatReader() : impl_(std::make_unique<Impl>()) {}
WatReader::~WatReader() = default;

bool WatReader::MayBeWat(std::string_view block) {
  const std::string_view start = block.substr(0, limits::kWatStartBytesMax);
  return Find(start, "\"Container\"") != std::string_view::npos ||
         Find(start, "\"Envelope\"") != std::string_view::npos;
}

Result<const WatRecord*> WatReader::Read(std::string_view block, bool padded) {
  return impl_->Read(block, padded);
}

}  // namespace crawlcard::index
