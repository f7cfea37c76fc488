// What do parsers that build a tree take for the same pages? gumbo and libxml2 do more work than is
// needed for the facts; they are what scripts use for it.

#include <benchmark/benchmark.h>

#include "benches/micro/pages.h"
#include "benches/micro/stage.h"
#ifdef CRAWLCARD_BENCH_GUMBO
#include <gumbo.h>
#endif
#ifdef CRAWLCARD_BENCH_LIBXML2
#include <libxml/HTMLparser.h>
#endif

namespace crawlcard::bench {
namespace {

template <class Parse>
Stage Over(Parse parse) {
  const auto size = [](const Page& page) { return page.body.size(); };
  return {SumOf(Pages(), size), Pages().size(), [parse] {
            for (const Page& page : Pages()) parse(page.body);
          }};
}

#ifdef CRAWLCARD_BENCH_GUMBO
const bool kGumbo = AddStage("peer/gumbo", [] {
  return Over([](const std::string& body) {
    GumboOutput* out = gumbo_parse_with_options(&kGumboDefaultOptions, body.data(), body.size());
    benchmark::DoNotOptimize(out->root);
    gumbo_destroy_output(&kGumboDefaultOptions, out);
  });
});
#endif

#ifdef CRAWLCARD_BENCH_LIBXML2
const bool kLibxml2 = AddStage("peer/libxml2", [] {
  return Over([](const std::string& body) {
    htmlDocPtr document =
        htmlReadMemory(body.data(), static_cast<int>(body.size()), nullptr, "UTF-8",
                       HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER);
    benchmark::DoNotOptimize(document);
    xmlFreeDoc(document);
  });
});
#endif

}  // namespace
}  // namespace crawlcard::bench
