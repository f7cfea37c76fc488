// Any bytes as an RSL document, a feed and a Link field: a document that is not valid licenses
// nothing, and a permission is never stricter for the careful reader than a refusal.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/internal/url.h"
#include "robots/rsl.h"
#include "robots/rsl_places.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crawlcard::robots;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  crawlcard::Arena arena;
  const RslDocument document = ParseRsl(text, arena);
  const RslAnswer answer = EvaluateRsl(document, "https://p.example/a/b?c");
  if (answer.valid && document.contents.empty()) std::abort();
  for (std::size_t i = 1; i < kAxisCount; ++i) {
    const auto axis = static_cast<Axis>(i);
    if (!answer.valid && answer.axes.At(axis) != Says::kNothing) std::abort();
    if (!answer.matched && answer.careful.At(axis) != Says::kNothing) std::abort();
  }
  SignalList signals;
  AppendRslSignals(answer, {}, arena, signals);
  for (const RslFeedItem& item : RslItemsInFeed(text, "https://p.example/feed", arena).items) {
    if (internal::Origin(item.url) != "https://p.example") std::abort();
  }
  const std::vector<NamedValue> fields{{"Link", text}, {"WWW-Authenticate", text}};
  ReadRslChallenge(401, fields, "https://p.example/", arena);
  return 0;
}
