// The body half of page/http.h: chunks and content codings.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "base/codec.h"
#include "base/text.h"
#include "page/http.h"
#include "page/internal/note_set.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using internal::NoteSet;

// What the head says about the form of the body.
struct BodyForm {
  bool stored_decoded = false;  // the archive undid the codings and renamed their fields
  bool chunked = false;
  std::array<Coding, limits::kHttpCodingsMax> codings{};  // in the order they were applied
  std::size_t coding_count = 0;
  bool too_many = false;
  std::optional<std::uint64_t> length;
};

// RFC 9110 section 8.4.1 and the names in use beside it. nullopt: a coding that is not read.
std::optional<Coding> CodingOf(std::string_view token) {
  constexpr std::array<std::pair<std::string_view, Coding>, 8> kNames = {{
      {"gzip", Coding::kGzip},
      {"x-gzip", Coding::kGzip},
      {"deflate", Coding::kDeflate},
      {"br", Coding::kBrotli},
      {"zstd", Coding::kZstd},
      {"x-zstd", Coding::kZstd},
      {"identity", Coding::kIdentity},
      {"none", Coding::kIdentity},
  }};
  for (const auto& [name, coding] : kNames) {
    if (EqualsIgnoreCase(token, name)) return coding;
  }
  return std::nullopt;
}

void ReadCodings(std::string_view value, BodyForm& form, NoteSet& notes) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    std::string_view token = value.substr(0, comma);
    value.remove_prefix(std::min(comma + 1, value.size()));
    token = TrimAscii(token.substr(0, token.find(';')));
    if (token.empty()) continue;
    if (EqualsIgnoreCase(token, "chunked")) {
      form.chunked = true;
      continue;
    }
    const std::optional<Coding> coding = CodingOf(token);
    if (!coding) {
      notes.Add("http.unknown_coding");
      continue;
    }
    if (*coding == Coding::kIdentity) continue;
    if (form.coding_count == form.codings.size()) {
      form.too_many = true;
      return;
    }
    form.codings[form.coding_count++] = *coding;
  }
}

BodyForm ReadForm(const HttpHead& head, NoteSet& notes) {
  BodyForm form;
  // Content codings are applied before transfer codings.
  for (const HttpField& field : head.fields) {
    if (StartsWithIgnoreCase(field.name, "X-Crawler-")) form.stored_decoded = true;
    if (EqualsIgnoreCase(field.name, "Content-Encoding")) ReadCodings(field.value, form, notes);
    if (!form.length && EqualsIgnoreCase(field.name, "Content-Length")) {
      form.length = ParseUint(field.value);
    }
  }
  for (const HttpField& field : head.fields) {
    if (EqualsIgnoreCase(field.name, "Transfer-Encoding")) ReadCodings(field.value, form, notes);
  }
  return form;
}

// Reads "1a3;ext=1" up to its line break. nullopt when it is no chunk header; `position` moves on.
std::optional<std::size_t> ReadChunkSize(std::string_view raw, std::size_t& position) {
  std::size_t at = position;
  std::size_t size = 0;
  std::size_t digits = 0;
  for (; at < raw.size() && HexValue(raw[at]) >= 0; ++at, ++digits) {
    if (digits == 8) return std::nullopt;  // 4 GiB: no body is that long
    size = size * 16 + static_cast<std::size_t>(HexValue(raw[at]));
  }
  if (digits == 0) return std::nullopt;
  while (at < raw.size() && (raw[at] == ' ' || raw[at] == '\t')) ++at;
  if (at < raw.size() && raw[at] == ';') at = std::min(raw.find('\n', at), raw.size());
  if (at < raw.size() && raw[at] == '\r') ++at;
  if (at < raw.size() && raw[at] != '\n') return std::nullopt;
  position = std::min(at + 1, raw.size());
  return size;
}

// Skips one CRLF or LF. False when something else stands there; true at the end of `raw`.
bool SkipLineBreak(std::string_view raw, std::size_t& position) {
  if (position < raw.size() && raw[position] == '\r') ++position;
  if (position >= raw.size()) return true;
  if (raw[position] != '\n') return false;
  ++position;
  return true;
}

// Trailer fields and the empty line after them: nothing may follow.
bool HasBytesAfterTrailer(std::string_view rest) {
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return !rest.empty();
  }
  return false;
}

// The bytes of chunks, joined in the arena; one chunk alone stays where it is.
class ChunkJoiner {
 public:
  ChunkJoiner(std::size_t bytes_max, Arena& arena) : bytes_max_(bytes_max), arena_(arena) {}

  void Add(std::string_view data) {
    if (data.empty()) return;
    if (joined_.empty()) {
      joined_ = data;
      return;
    }
    if (!out_) {
      out_ = static_cast<char*>(arena_.allocate(bytes_max_, 1));
      std::memcpy(out_, joined_.data(), joined_.size());
    }
    std::memcpy(out_ + joined_.size(), data.data(), data.size());
    joined_ = {out_, joined_.size() + data.size()};
  }

  std::string_view joined() const { return joined_; }

 private:
  std::size_t bytes_max_;
  Arena& arena_;
  char* out_ = nullptr;
  std::string_view joined_;
};

// RFC 9112 section 7.1, with bare LF and missing ends.
std::string_view JoinChunks(std::string_view raw, Arena& arena, NoteSet& notes) {
  ChunkJoiner joiner(raw.size(), arena);
  std::size_t position = 0;
  for (bool first = true; true; first = false) {
    if (position >= raw.size()) {
      notes.Add("http.body_cut");
      return joiner.joined();
    }
    const std::optional<std::size_t> size = ReadChunkSize(raw, position);
    // A first size without a line break may as well be a text of one number.
    if (!size || (first && raw[position - 1] != '\n')) {
      notes.Add(first ? "http.not_chunked" : "http.bad_chunk");
      return first ? raw : joiner.joined();
    }
    if (*size == 0) {
      if (HasBytesAfterTrailer(raw.substr(position))) notes.Add("http.trailing_bytes");
      return joiner.joined();
    }
    const std::string_view data = raw.substr(position, *size);
    position += data.size();
    if (!SkipLineBreak(raw, position)) {
      // Text may start with what looks like a size; the byte after the first chunk tells.
      notes.Add(first ? "http.not_chunked" : "http.bad_chunk");
      if (first) return raw;
      joiner.Add(data);
      return joiner.joined();
    }
    joiner.Add(data);
  }
}

// Undoes one coding of `in` into `scratch`. nullopt: the bytes are not in that coding.
std::optional<std::string_view> DecodeOne(Coding coding, std::string_view in, std::string& scratch,
                                          NoteSet& notes) {
  scratch.clear();
  const Result<DecodeOutcome> outcome = Decode(coding, in, limits::kHttpBodyBytesMax, scratch);
  if (!outcome) return std::nullopt;
  if (outcome->over_limit) {
    notes.Add("http.body_over_limit");
    return scratch;
  }
  if (!outcome->complete) {
    // Neither bare deflate nor brotli has a magic number: plain text decodes to some garbage before
    // it fails. Coded bytes are not valid UTF-8, text is.
    const bool has_magic = coding == Coding::kGzip || coding == Coding::kZstd;
    if (!has_magic && IsUtf8(in)) return std::nullopt;
    notes.Add("http.body_cut");
    return scratch;
  }
  if (outcome->consumed < in.size()) notes.Add("http.trailing_bytes");
  return scratch;
}

std::string_view UndoCodings(const BodyForm& form, std::string_view body, std::string& scratch,
                             Arena& arena, NoteSet& notes) {
  if (form.too_many) {
    notes.Add("http.too_many_codings");
    return body;
  }
  bool in_scratch = false;
  for (std::size_t i = form.coding_count; i-- > 0;) {
    if (body.empty()) return body;
    if (in_scratch) body = arena.Copy(body);  // rare: stacked codings need a second place
    const std::optional<std::string_view> decoded =
        DecodeOne(form.codings[i], body, scratch, notes);
    if (!decoded) {
      notes.Add("http.bad_coding");
      in_scratch = false;
      continue;  // some servers name a coding twice that they applied once
    }
    body = *decoded;
    in_scratch = true;
  }
  return body;
}

}  // namespace

HttpBody DecodeHttpBody(const HttpHead& head, std::string_view raw, std::string& scratch,
                        Arena& arena) {
  NoteSet notes;
  BodyForm form = ReadForm(head, notes);
  std::string_view body = raw;
  if (form.stored_decoded) {
    notes = NoteSet();
    form.chunked = false;
    form.coding_count = 0;
    form.too_many = false;
  }
  if (form.chunked && !raw.empty()) {
    body = JoinChunks(raw, arena, notes);
  } else if (form.length && !raw.empty()) {
    // An empty body with a length is the answer to a HEAD request or a 304, and no damage.
    if (raw.size() < *form.length) notes.Add("http.body_cut");
    if (raw.size() > *form.length) notes.Add("http.length_mismatch");
  }
  body = UndoCodings(form, body, scratch, arena, notes);
  if (body.size() > limits::kHttpBodyBytesMax) {
    body = body.substr(0, limits::kHttpBodyBytesMax);
    notes.Add("http.body_over_limit");
  }
  return {body, notes.Finish(arena)};
}

}  // namespace crawlcard::page
