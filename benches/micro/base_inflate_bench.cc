// What does unpacking cost? A member a record, as archives have them: the reader's way, bare
// libdeflate, and zlib as most tools use it.

#include <memory>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>
#include <libdeflate.h>
#include <zlib.h>

#include "base/member_inflater.h"
#include "benches/micro/pages.h"
#include "benches/micro/stage.h"

namespace crawlcard::bench {
namespace {

Stage Over(std::function<void()> pass) {
  const auto size = [](const Page& page) { return page.record.size(); };
  return {SumOf(Pages(), size), Pages().size(), std::move(pass)};
}

std::vector<char> Room() {
  std::size_t largest = 0;
  for (const Page& page : Pages()) largest = std::max(largest, page.record.size());
  return std::vector<char>(largest + 64);
}

Stage Ours() {
  const auto inflater = std::make_shared<MemberInflater>();
  return Over([inflater, out = Room()]() mutable {
    std::string_view file = PagesFile();
    while (!file.empty()) {
      const WholeOutcome one = inflater->InflateWhole(MemberFormat::kGzip, file, out);
      if (one.state != WholeState::kDone) return;
      file.remove_prefix(one.consumed);
    }
  });
}

Stage Libdeflate() {
  const std::shared_ptr<libdeflate_decompressor> inflater(libdeflate_alloc_decompressor(),
                                                          libdeflate_free_decompressor);
  return Over([inflater, out = Room()]() mutable {
    const std::string& file = PagesFile();
    for (std::size_t at = 0; at < file.size();) {
      std::size_t used = 0;
      std::size_t got = 0;
      if (libdeflate_gzip_decompress_ex(inflater.get(), file.data() + at, file.size() - at,
                                        out.data(), out.size(), &used, &got) != 0) {
        return;
      }
      at += used;
    }
  });
}

Stage Zlib() {
  return Over([out = Room()]() mutable {
    const std::string& file = PagesFile();
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
    stream.avail_in = static_cast<uInt>(file.size());
    while (stream.avail_in > 0) {
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      if (inflate(&stream, Z_FINISH) != Z_STREAM_END || inflateReset(&stream) != Z_OK) break;
    }
    inflateEnd(&stream);
  });
}

const bool kStages = AddStage("inflate/ours", Ours) && AddStage("inflate/libdeflate", Libdeflate) &&
                     AddStage("inflate/zlib", Zlib);

}  // namespace
}  // namespace crawlcard::bench
