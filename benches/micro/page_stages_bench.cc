// What does each stage of reading a page cost: HTTP head, HTML, language, URL key?

#include <memory>

#include <benchmark/benchmark.h>

#include "base/arena.h"
#include "benches/micro/pages.h"
#include "benches/micro/stage.h"
#include "page/facts.h"
#include "page/http.h"
#include "page/language.h"
#include "page/limits.h"
#include "page/surt.h"

namespace crawlcard::bench {
namespace {

Stage HttpHeads() {
  const auto size = [](const Page& page) { return page.head.size(); };
  const auto arena = std::make_shared<Arena>();
  return {SumOf(Pages(), size), Pages().size(), [arena] {
            for (const Page& page : Pages()) {
              arena->Reset();
              benchmark::DoNotOptimize(page::ParseHttpHead(page.head, *arena));
            }
          }};
}

struct Worker {
  explicit Worker(std::size_t sample_bytes) : observer({.text_sample_bytes = sample_bytes}) {}

  page::PageFacts Observe(const Page& page) {
    arena.Reset();
    const page::HttpHead head = page::ParseHttpHead(page.head, arena);
    const page::HttpBody body = page::DecodeHttpBody(head, page.body, scratch, arena);
    page::Response response;
    response.url = page.url;
    response.head = &head;
    response.content_type = head.Field("Content-Type");
    response.body = body.bytes;
    return observer.Observe(response, arena);
  }

  Arena arena;
  std::string scratch;
  page::Observer observer;
};

Stage Html(std::size_t sample_bytes) {
  const auto size = [](const Page& page) { return page.body.size(); };
  const auto worker = std::make_shared<Worker>(sample_bytes);
  return {SumOf(Pages(), size), Pages().size(), [worker] {
            for (const Page& page : Pages()) benchmark::DoNotOptimize(worker->Observe(page));
          }};
}

// Bytes are those of the samples, not of the pages.
Stage Languages() {
  auto samples = std::make_shared<std::vector<std::string>>();
  Worker worker(page::limits::kLanguageSampleBytesMax);
  std::uint64_t bytes = 0;
  for (const Page& page : Pages()) {
    samples->emplace_back(worker.Observe(page).text_sample);
    bytes += samples->back().size();
  }
  const auto arena = std::make_shared<Arena>();
  return {bytes, samples->size(), [samples, arena] {
            for (const std::string& sample : *samples) {
              arena->Reset();
              benchmark::DoNotOptimize(page::LanguagesFromSample(sample, *arena));
            }
          }};
}

Stage Surt() {
  const auto size = [](const Page& page) { return page.url.size(); };
  return {SumOf(Pages(), size), Pages().size(), [] {
            for (const Page& page : Pages()) benchmark::DoNotOptimize(page::SurtKey(page.url));
          }};
}

const bool kStages = AddStage("page/http_head", HttpHeads) &&
                     AddStage("page/observe", [] { return Html(0); }) &&
                     AddStage("page/observe_with_sample",
                              [] { return Html(page::limits::kLanguageSampleBytesMax); }) &&
                     AddStage("page/language_sample", Languages) && AddStage("page/surt", Surt);

}  // namespace
}  // namespace crawlcard::bench
