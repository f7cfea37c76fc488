#include "base/member_deflater.h"

#include <libdeflate.h>
#include <zstd.h>

#include "base/assert.h"

namespace crawlcard {

struct MemberDeflater::State {
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> gzip{
      nullptr, &libdeflate_free_compressor};
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> zstd{nullptr, &ZSTD_freeCCtx};
};

MemberDeflater::MemberDeflater(MemberFormat format, int level) : state_(std::make_unique<State>()) {
  if (format == MemberFormat::kGzip) {
    state_->gzip.reset(libdeflate_alloc_compressor(level));
    CRAWLCARD_ASSERT(state_->gzip != nullptr);
    return;
  }
  state_->zstd.reset(ZSTD_createCCtx());
  CRAWLCARD_ASSERT(state_->zstd != nullptr);
  ZSTD_CCtx_setParameter(state_->zstd.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state_->zstd.get(), ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(state_->zstd.get(), ZSTD_c_contentSizeFlag, 1);
}

MemberDeflater::~MemberDeflater() = default;

std::size_t MemberDeflater::Append(std::string_view in, std::string& out) {
  const std::size_t before = out.size();
  std::size_t made = 0;
  if (state_->gzip != nullptr) {
    out.resize(before + libdeflate_gzip_compress_bound(state_->gzip.get(), in.size()));
    made = libdeflate_gzip_compress(state_->gzip.get(), in.data(), in.size(), out.data() + before,
                                    out.size() - before);
    CRAWLCARD_ASSERT(made > 0);
  } else {
    out.resize(before + ZSTD_compressBound(in.size()));
    made = ZSTD_compress2(state_->zstd.get(), out.data() + before, out.size() - before, in.data(),
                          in.size());
    CRAWLCARD_ASSERT(ZSTD_isError(made) == 0);
  }
  out.resize(before + made);
  return made;
}

}  // namespace crawlcard
