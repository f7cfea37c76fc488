#include "base/member_inflater.h"

#include <algorithm>

#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/assert.h"

namespace crawlcard {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // zlib's spelling of "gzip wrapper only"

// zlib counts in 32 bits.
constexpr std::size_t kZlibBytesMax = std::size_t{1} << 30;

struct DeflateFree {
  void operator()(libdeflate_decompressor* state) const { libdeflate_free_decompressor(state); }
};
struct ZstdFree {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

}  // namespace

struct MemberInflater::State {
  std::unique_ptr<libdeflate_decompressor, DeflateFree> deflate;
  std::unique_ptr<ZSTD_DCtx, ZstdFree> zstd;
  std::unique_ptr<ZSTD_DDict, ZstdFree> dictionary;
  z_stream zlib{};
  bool zlib_ready = false;
  MemberFormat streaming = MemberFormat::kGzip;

  ~State() {
    if (zlib_ready) inflateEnd(&zlib);
  }

  // Codec states are made on first use: most readers meet one format only.
  ZSTD_DCtx* Zstd() {
    if (!zstd) {
      zstd.reset(ZSTD_createDCtx());
      CRAWLCARD_ASSERT(zstd != nullptr);
      ZSTD_DCtx_setParameter(zstd.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
    }
    return zstd.get();
  }

  WholeOutcome WholeGzip(std::string_view in, std::span<char> out);
  WholeOutcome WholeZstd(std::string_view in, std::span<char> out);
  StreamStep StreamGzip(std::string_view in, std::span<char> out);
  StreamStep StreamZstd(std::string_view in, std::span<char> out);
};

WholeOutcome MemberInflater::State::WholeGzip(std::string_view in, std::span<char> out) {
  if (!deflate) {
    deflate.reset(libdeflate_alloc_decompressor());
    CRAWLCARD_ASSERT(deflate != nullptr);
  }
  WholeOutcome outcome;
  const libdeflate_result code =
      libdeflate_gzip_decompress_ex(deflate.get(), in.data(), in.size(), out.data(), out.size(),
                                    &outcome.consumed, &outcome.produced);
  if (code == LIBDEFLATE_SUCCESS) {
    outcome.state = WholeState::kDone;
    return outcome;
  }
  return {code == LIBDEFLATE_INSUFFICIENT_SPACE ? WholeState::kNoRoom : WholeState::kNotWhole, 0,
          0};
}

WholeOutcome MemberInflater::State::WholeZstd(std::string_view in, std::span<char> out) {
  const std::size_t frame_bytes = ZSTD_findFrameCompressedSize(in.data(), in.size());
  if (ZSTD_isError(frame_bytes) != 0) return {};
  const unsigned long long claimed = ZSTD_getFrameContentSize(in.data(), in.size());
  const bool is_known = claimed != ZSTD_CONTENTSIZE_UNKNOWN && claimed != ZSTD_CONTENTSIZE_ERROR;
  if (is_known && claimed > out.size()) return {WholeState::kNoRoom, 0, 0};
  const std::size_t made = ZSTD_decompress_usingDDict(Zstd(), out.data(), out.size(), in.data(),
                                                      frame_bytes, dictionary.get());
  if (ZSTD_isError(made) == 0) return {WholeState::kDone, frame_bytes, made};
  const bool is_small = ZSTD_getErrorCode(made) == ZSTD_error_dstSize_tooSmall;
  return {is_small ? WholeState::kNoRoom : WholeState::kNotWhole, 0, 0};
}

StreamStep MemberInflater::State::StreamGzip(std::string_view in, std::span<char> out) {
  const std::size_t given = std::min(in.size(), kZlibBytesMax);
  const std::size_t room = std::min(out.size(), kZlibBytesMax);
  // zlib's interface has no const, but it does not write to its input.
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  zlib.avail_in = static_cast<uInt>(given);
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(room);
  const int code = inflate(&zlib, Z_NO_FLUSH);
  StreamStep step;
  step.consumed = given - zlib.avail_in;
  step.produced = room - zlib.avail_out;
  if (code == Z_STREAM_END) {
    step.state = StreamState::kEnd;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    step.state = StreamState::kCorrupt;
  }
  return step;
}

StreamStep MemberInflater::State::StreamZstd(std::string_view in, std::span<char> out) {
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  const std::size_t code = ZSTD_decompressStream(Zstd(), &output, &input);
  StreamStep step{StreamState::kGoOn, input.pos, output.pos};
  if (code == 0) {
    step.state = StreamState::kEnd;
  } else if (ZSTD_isError(code) != 0) {
    switch (ZSTD_getErrorCode(code)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        step.state = StreamState::kTooLarge;
        break;
      case ZSTD_error_dictionary_wrong:
        step.state = StreamState::kNeedsDictionary;
        break;
      default:
        step.state = StreamState::kCorrupt;
    }
  }
  return step;
}

MemberInflater::MemberInflater() : state_(std::make_unique<State>()) {}
MemberInflater::~MemberInflater() = default;

WholeOutcome MemberInflater::InflateWhole(MemberFormat format, std::string_view in,
                                          std::span<char> out) {
  return format == MemberFormat::kGzip ? state_->WholeGzip(in, out) : state_->WholeZstd(in, out);
}

void MemberInflater::StartStream(MemberFormat format) {
  state_->streaming = format;
  if (format == MemberFormat::kZstd) {
    ZSTD_DCtx_reset(state_->Zstd(), ZSTD_reset_session_only);
    ZSTD_DCtx_refDDict(state_->Zstd(), state_->dictionary.get());
    return;
  }
  const int code = state_->zlib_ready ? inflateReset2(&state_->zlib, kGzipWindowBits)
                                      : inflateInit2(&state_->zlib, kGzipWindowBits);
  CRAWLCARD_ASSERT(code == Z_OK);
  state_->zlib_ready = true;
}

StreamStep MemberInflater::StreamSome(std::string_view in, std::span<char> out) {
  return state_->streaming == MemberFormat::kGzip ? state_->StreamGzip(in, out)
                                                  : state_->StreamZstd(in, out);
}

Status MemberInflater::SetDictionary(std::string_view dictionary) {
  std::unique_ptr<ZSTD_DDict, ZstdFree> made(
      ZSTD_createDDict(dictionary.data(), dictionary.size()));
  if (!made) {
    return Fail(ErrorCode::kCorrupt, "zstd dictionary of {} bytes is damaged", dictionary.size());
  }
  ZSTD_DCtx_reset(state_->Zstd(), ZSTD_reset_session_only);
  ZSTD_DCtx_refDDict(state_->Zstd(), nullptr);  // it may point to the one that goes now
  state_->dictionary = std::move(made);
  return {};
}

}  // namespace crawlcard
