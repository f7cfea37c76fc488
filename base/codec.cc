#include "base/codec.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include "base/assert.h"
#include "base/member_deflater.h"

namespace crawlcard {
namespace {

// Decoders write here first: output never grows past the limit, and nothing is zeroed twice.
constexpr std::size_t kChunkBytes = std::size_t{32} << 10;
using Chunk = std::array<char, kChunkBytes>;

// RFC 8878 section 3.1.1.1.2 asks decoders for at least 8 MiB of window, RFC 9659 makes that the
// most that a content coding may use.
constexpr int kZstdWindowLogMax = 23;

constexpr int kZlibWindowBits = 15;
constexpr int kGzipWrapper = 16;  // added to the window bits: zlib's spelling of "gzip"

// zlib counts in 32 bits.
constexpr std::size_t kZlibInputMax = std::size_t{1} << 30;

enum class Step { kGoOn, kEnd, kNeedInput, kFailed };

// Takes decoded chunks up to the limit and notes what lies beyond it.
class Sink {
 public:
  Sink(std::string& out, std::size_t bytes_max) : out_(out), room_(bytes_max) {}

  // False when the limit was passed.
  bool Take(std::string_view chunk) {
    const std::size_t kept = std::min(chunk.size(), room_);
    out_.append(chunk.substr(0, kept));
    room_ -= kept;
    taken_ += kept;
    return kept == chunk.size();
  }
  std::size_t taken() const { return taken_; }

 private:
  std::string& out_;
  std::size_t room_;
  std::size_t taken_ = 0;
};

struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

// Runs one zlib stream over `in` from `outcome.consumed` on.
Step InflateStream(z_stream& stream, std::string_view in, Sink& sink, DecodeOutcome& outcome) {
  Chunk chunk;
  for (;;) {
    const std::size_t given = std::min(in.size() - outcome.consumed, kZlibInputMax);
    // zlib's interface has no const, but it does not write to its input.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data() + outcome.consumed));
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = chunk.size() - stream.avail_out;
    outcome.consumed += given - stream.avail_in;
    if (!sink.Take({chunk.data(), made})) {
      outcome.over_limit = true;
      return Step::kEnd;
    }
    if (code == Z_STREAM_END) return Step::kEnd;
    if (code != Z_OK && code != Z_BUF_ERROR) return Step::kFailed;
    if (made < chunk.size() && outcome.consumed == in.size()) return Step::kNeedInput;
    if (code == Z_BUF_ERROR && made == 0) return Step::kFailed;
  }
}

// Decodes one stream with zlib; `window_bits` chooses the wrapper.
Step InflateOnce(int window_bits, std::string_view in, Sink& sink, DecodeOutcome& outcome) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return Step::kFailed;
  const std::unique_ptr<z_stream, InflateEnd> guard(&stream);
  return InflateStream(stream, in, sink, outcome);
}

bool StartsGzip(std::string_view in) {
  return in.size() >= 2 && in[0] == '\x1f' && in[1] == '\x8b';
}

// RFC 1952 section 2.2: members follow one another. What follows the last one is not ours.
bool DecodeGzip(std::string_view in, Sink& sink, DecodeOutcome& outcome) {
  bool any_member = false;
  while (outcome.consumed < in.size()) {
    if (any_member && !StartsGzip(in.substr(outcome.consumed))) break;
    const std::size_t start = outcome.consumed;
    const std::size_t taken_before = sink.taken();
    const Step step = InflateOnce(kZlibWindowBits + kGzipWrapper, in, sink, outcome);
    if (outcome.over_limit) return true;
    if (step != Step::kEnd) {
      // Trailing bytes that merely look like a member are no damage of the coded body.
      if (any_member && step == Step::kFailed && sink.taken() == taken_before) {
        outcome.consumed = start;
        break;
      }
      return any_member || sink.taken() > 0 || step == Step::kNeedInput;
    }
    any_member = true;
  }
  outcome.complete = any_member;
  return true;
}

// RFC 9110 section 8.4.1.2 means the zlib format; servers that send bare deflate are common.
bool DecodeDeflate(std::string_view in, std::size_t out_bytes_max, std::string& out,
                   DecodeOutcome& outcome) {
  const std::size_t before = out.size();
  Sink sink(out, out_bytes_max);
  Step step = InflateOnce(kZlibWindowBits, in, sink, outcome);
  if (step == Step::kFailed && sink.taken() == 0) {
    CRAWLCARD_ASSERT(out.size() == before);
    outcome = {};
    step = InflateOnce(-kZlibWindowBits, in, sink, outcome);
  }
  outcome.complete = step == Step::kEnd && !outcome.over_limit;
  return step != Step::kFailed || sink.taken() > 0;
}

struct BrotliEnd {
  void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};

bool DecodeBrotli(std::string_view in, Sink& sink, DecodeOutcome& outcome) {
  const std::unique_ptr<BrotliDecoderState, BrotliEnd> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) return false;
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  std::size_t left = in.size();
  Chunk chunk;
  for (;;) {
    std::size_t room = chunk.size();
    auto* next_out = reinterpret_cast<std::uint8_t*>(chunk.data());
    const BrotliDecoderResult code =
        BrotliDecoderDecompressStream(state.get(), &left, &next_in, &room, &next_out, nullptr);
    outcome.consumed = in.size() - left;
    if (!sink.Take({chunk.data(), chunk.size() - room})) {
      outcome.over_limit = true;
      return true;
    }
    if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
    outcome.complete = code == BROTLI_DECODER_RESULT_SUCCESS;
    return code != BROTLI_DECODER_RESULT_ERROR || sink.taken() > 0;
  }
}

struct ZstdEnd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// RFC 8878 section 3.1: frames follow one another, and so they do in a coded body.
bool DecodeZstd(std::string_view in, Sink& sink, DecodeOutcome& outcome) {
  const std::unique_ptr<ZSTD_DCtx, ZstdEnd> context(ZSTD_createDCtx());
  if (!context) return false;
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  Chunk chunk;
  bool any_frame = false;
  for (;;) {
    ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
    const std::size_t before = input.pos;
    const std::size_t code = ZSTD_decompressStream(context.get(), &output, &input);
    if (!sink.Take({chunk.data(), output.pos})) {
      outcome.over_limit = true;
      outcome.consumed = input.pos;
      return true;
    }
    if (ZSTD_isError(code) != 0) {
      outcome.complete = any_frame && outcome.consumed == before;
      return any_frame || sink.taken() > 0;
    }
    if (code == 0) {
      any_frame = true;
      outcome.complete = true;
      outcome.consumed = input.pos;
      if (input.pos == in.size()) return true;
      continue;
    }
    if (input.pos == in.size() && output.pos < output.size) {
      outcome.complete = false;
      outcome.consumed = input.pos;
      return true;
    }
  }
}

bool DecodeIdentity(std::string_view in, Sink& sink, DecodeOutcome& outcome) {
  outcome.over_limit = !sink.Take(in);
  outcome.complete = !outcome.over_limit;
  outcome.consumed = sink.taken();
  return true;
}

const char* CodingName(Coding coding) {
  switch (coding) {
    case Coding::kIdentity:
      return "identity";
    case Coding::kGzip:
      return "gzip";
    case Coding::kDeflate:
      return "deflate";
    case Coding::kBrotli:
      return "brotli";
    case Coding::kZstd:
      return "zstd";
  }
  return "unknown";
}

bool DecodeInto(Coding coding, std::string_view in, std::size_t out_bytes_max, std::string& out,
                DecodeOutcome& outcome) {
  Sink sink(out, out_bytes_max);
  switch (coding) {
    case Coding::kIdentity:
      return DecodeIdentity(in, sink, outcome);
    case Coding::kGzip:
      return DecodeGzip(in, sink, outcome);
    case Coding::kDeflate:
      return DecodeDeflate(in, out_bytes_max, out, outcome);
    case Coding::kBrotli:
      return DecodeBrotli(in, sink, outcome);
    case Coding::kZstd:
      return DecodeZstd(in, sink, outcome);
  }
  return false;
}

}  // namespace

Result<DecodeOutcome> Decode(Coding coding, std::string_view in, std::size_t out_bytes_max,
                             std::string& out) {
  DecodeOutcome outcome;
  if (in.empty()) {
    outcome.complete = coding == Coding::kIdentity;
    return outcome;
  }
  if (!DecodeInto(coding, in, out_bytes_max, out, outcome)) {
    return Fail(ErrorCode::kCorrupt, "no {} stream in {} bytes", CodingName(coding), in.size());
  }
  return outcome;
}

std::string GzipMember(std::string_view in, int level) {
  std::string out;
  MemberDeflater(MemberFormat::kGzip, level).Append(in, out);
  return out;
}

std::string ZstdFrame(std::string_view in, int level) {
  // Kept for the next frame: its tables are larger than most bodies.
  thread_local std::unique_ptr<MemberDeflater> kept;
  thread_local int kept_level = 0;
  if (kept == nullptr || kept_level != level) {
    kept = std::make_unique<MemberDeflater>(MemberFormat::kZstd, level);
    kept_level = level;
  }
  std::string out;
  kept->Append(in, out);
  return out;
}

bool ReadZstdFrame(std::string_view in, std::size_t bytes, std::string& out) {
  // Kept for the next frame: making one costs more than reading most bodies. It holds no window.
  thread_local const std::unique_ptr<ZSTD_DCtx, ZstdEnd> kept(ZSTD_createDCtx());
  out.resize(bytes);
  if (kept == nullptr) return false;
  const std::size_t code = ZSTD_decompressDCtx(kept.get(), out.data(), bytes, in.data(), in.size());
  return ZSTD_isError(code) == 0 && code == bytes;
}

}  // namespace crawlcard
