#include "base/member_inflater.h"

#include <algorithm>
#include <cstring>

#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/assert.h"

namespace crawlcard {
namespace {

// ISA-L counts in 32 bits.
constexpr std::size_t kRoomBytesMax = std::size_t{1} << 30;
constexpr std::size_t kInputBytes = std::size_t{64} << 10;  // of a call
constexpr std::size_t kPaddingBytes = 64;

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
  std::unique_ptr<inflate_state> gzip;  // 100 KiB: on first use too
  std::unique_ptr<std::uint8_t[]> input;
  bool gzip_failed = false;
  MemberFormat streaming = MemberFormat::kGzip;

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
  void StartGzip();
  std::size_t TakeHeldBytes(std::span<char> out);
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

void MemberInflater::State::StartGzip() {
  if (!gzip) {
    gzip = std::make_unique<inflate_state>();
    input = std::make_unique<std::uint8_t[]>(kInputBytes + kPaddingBytes);
    isal_inflate_init(gzip.get());
  }
  isal_inflate_reset(gzip.get());
  gzip->crc_flag = ISAL_GZIP;  // header and trailer are read and checked
  gzip_failed = false;
}

// What stands in ISA-L's own buffer: a failed call leaves bytes there that were decoded before.
std::size_t MemberInflater::State::TakeHeldBytes(std::span<char> out) {
  const auto held =
      static_cast<std::size_t>(std::max(0, gzip->tmp_out_valid - gzip->tmp_out_processed));
  const std::size_t some = std::min(held, out.size());
  if (some != 0) std::memcpy(out.data(), gzip->tmp_out_buffer + gzip->tmp_out_processed, some);
  gzip->tmp_out_processed += static_cast<std::int32_t>(some);
  return some;
}

StreamStep MemberInflater::State::StreamGzip(std::string_view in, std::span<char> out) {
  StreamStep step;
  if (!gzip_failed) {
    const std::size_t given = std::min(in.size(), kInputBytes);
    const std::size_t room = std::min(out.size(), kRoomBytesMax);
    // Its fast loop may look, and on damage step, a few bytes behind the input: zeros stand there.
    if (given != 0) std::memcpy(input.get(), in.data(), given);
    std::memset(input.get() + given, 0, kPaddingBytes);
    gzip->next_in = input.get();
    gzip->avail_in = static_cast<std::uint32_t>(given);
    gzip->next_out = reinterpret_cast<std::uint8_t*>(out.data());
    gzip->avail_out = static_cast<std::uint32_t>(room);
    const int code = isal_inflate(gzip.get());
    step.consumed = std::min(given, static_cast<std::size_t>(gzip->next_in - input.get()));
    step.produced = room - gzip->avail_out;
    const bool failed = code != ISAL_DECOMP_OK && code != ISAL_END_INPUT;
    if (!failed) {
      if (gzip->block_state == ISAL_BLOCK_FINISH) step.state = StreamState::kEnd;
      return step;
    }
    gzip_failed = true;
  }
  step.produced += TakeHeldBytes(out.subspan(step.produced));
  const bool is_all = gzip->tmp_out_processed >= gzip->tmp_out_valid;
  step.state = is_all ? StreamState::kCorrupt : StreamState::kGoOn;
  return step;
}

StreamStep MemberInflater::State::StreamZstd(std::string_view in, std::span<char> out) {
  ZSTD_inBuffer source{in.data(), in.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  const std::size_t code = ZSTD_decompressStream(Zstd(), &output, &source);
  StreamStep step{StreamState::kGoOn, source.pos, output.pos};
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
  state_->StartGzip();
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
