// tests/deflated.h - a text as zlib's encoder writes it, for decoders that are not zlib's.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <zlib.h>

namespace crawlcard {

struct DeflateForm {
  int level = 6;
  int strategy = Z_DEFAULT_STRATEGY;
  int memory = 8;         // zlib's memLevel
  int window_bits = -15;  // bare deflate; 15: with zlib's header and checksum
};

inline std::string Deflated(std::string_view text, const DeflateForm& form) {
  z_stream stream{};
  EXPECT_EQ(
      deflateInit2(&stream, form.level, Z_DEFLATED, form.window_bits, form.memory, form.strategy),
      Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace crawlcard
