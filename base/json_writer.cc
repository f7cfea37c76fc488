#include "base/json_writer.h"

#include <array>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/text.h"

namespace crawlcard {
namespace {

// Bytes that stand for themselves: ASCII but controls, quotes and backslashes.
constexpr std::array<bool, 256> PlainBytes() {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}
constexpr std::array<bool, 256> kPlain = PlainBytes();

std::size_t PlainPrefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && kPlain[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

void AppendEscape(char byte, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto c = static_cast<unsigned char>(byte);
  out += '\\';
  if (c == '"' || c == '\\') {
    out += byte;
  } else if (c == '\n') {
    out += 'n';
  } else if (c == '\t') {
    out += 't';
  } else if (c == '\r') {
    out += 'r';
  } else {
    out += "u00";
    out += kHex[c >> 4U];
    out += kHex[c & 15U];
  }
}

void AppendEscaped(std::string_view text, std::string& out) {
  for (;;) {
    const std::size_t run = PlainPrefix(text);
    out.append(text.data(), run);
    text.remove_prefix(run);
    if (text.empty()) return;
    if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9")) {
      // Line separators are legal in JSON but end a line in JavaScript and in some line readers.
      out += text[2] == '\xA8' ? "\\u2028" : "\\u2029";
      text.remove_prefix(3);
      continue;
    }
    if (static_cast<unsigned char>(text.front()) >= 0x80) {
      out += text.front();
    } else {
      AppendEscape(text.front(), out);
    }
    text.remove_prefix(1);
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  const std::size_t run = PlainPrefix(text);
  out.append(text.data(), run);
  const std::string_view rest = text.substr(run);
  if (rest.empty() || IsUtf8(rest)) {
    AppendEscaped(rest, out);
  } else {
    std::string valid;
    AppendValidUtf8(rest, valid);
    AppendEscaped(valid, out);
  }
  out += '"';
}

void JsonWriter::NewLine() {
  if (indent_ == 0) return;
  out_ += '\n';
  out_.append(has_members_.size() * static_cast<std::size_t>(indent_), ' ');
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_members_.empty()) return;
  if (has_members_.back()) out_ += ',';
  has_members_.back() = true;
  NewLine();
}

JsonWriter& JsonWriter::BeginObject() {
  BeforeValue();
  out_ += '{';
  has_members_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  CRAWLCARD_ASSERT(!has_members_.empty());
  const bool any = has_members_.back();
  has_members_.pop_back();
  if (any) NewLine();
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  BeforeValue();
  out_ += '[';
  has_members_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  CRAWLCARD_ASSERT(!has_members_.empty());
  const bool any = has_members_.back();
  has_members_.pop_back();
  if (any) NewLine();
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  CRAWLCARD_ASSERT(!after_key_);
  BeforeValue();
  AppendJsonString(key, out_);
  out_ += indent_ == 0 ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  BeforeValue();
  AppendJsonString(value, out_);
  return *this;
}

JsonWriter& JsonWriter::Uint(std::uint64_t value) {
  BeforeValue();
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t value) {
  BeforeValue();
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  BeforeValue();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Null() {
  BeforeValue();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::Fixed(double value, int decimals) {
  BeforeValue();
  fmt::format_to(std::back_inserter(out_), "{:.{}f}", value, decimals);
  return *this;
}

JsonWriter& JsonWriter::StringOrNull(std::string_view value) {
  return value.empty() ? Null() : String(value);
}

}  // namespace crawlcard
