// What do digests of payloads cost? SHA-1 is what --verify-digests computes of most archives.

#include <benchmark/benchmark.h>

#include "base/digest.h"
#include "benches/micro/pages.h"
#include "benches/micro/stage.h"

namespace crawlcard::bench {
namespace {

template <class Digest>
Stage Over(Digest digest) {
  const auto size = [](const Page& page) { return page.body.size(); };
  return {SumOf(Pages(), size), Pages().size(), [digest] {
            for (const Page& page : Pages()) benchmark::DoNotOptimize(digest(page.body));
          }};
}

const bool kStages =
    AddStage("digest/sha1", [] { return Over([](std::string_view b) { return Sha1(b); }); }) &&
    AddStage("digest/sha256", [] { return Over([](std::string_view b) { return Sha256(b); }); }) &&
    AddStage("digest/xxh3", [] { return Over([](std::string_view b) { return Xxh3(b); }); });

}  // namespace
}  // namespace crawlcard::bench
