// Any bytes as a response: the first line is its Content-Type, the rest its body. Facts stay within
// their limits and are valid UTF-8, and the same bytes give the same facts, whatever the observer
// read before.
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "base/text.h"
#include "page/facts.h"
#include "page/limits.h"

namespace {

using namespace crawlcard::page;

void CheckLicence(const Licence& licence) {
  CRAWLCARD_ASSERT(!licence.location.empty() && !licence.scope.empty());
  CRAWLCARD_ASSERT(licence.raw.size() <= limits::kRawBytesMax);
  CRAWLCARD_ASSERT(crawlcard::IsUtf8(licence.raw) && crawlcard::IsUtf8(licence.url));
}

void CheckFacts(const PageFacts& facts) {
  CRAWLCARD_ASSERT(facts.metas.size() <= limits::kMetasMax);
  CRAWLCARD_ASSERT(facts.licences.size() <= limits::kLicencesMax);
  CRAWLCARD_ASSERT(facts.rights_links.size() <= limits::kRightsLinksMax);
  CRAWLCARD_ASSERT(facts.fragments.size() <= limits::kFragmentsMax);
  CRAWLCARD_ASSERT(facts.json_ld_broken_blocks <= facts.json_ld_blocks);
  CRAWLCARD_ASSERT(facts.title.size() <= limits::kTitleBytesMax && crawlcard::IsUtf8(facts.title));
  for (const Meta& meta : facts.metas) {
    CRAWLCARD_ASSERT(!meta.name.empty() && meta.name.size() <= limits::kMetaNameBytesMax);
    CRAWLCARD_ASSERT(meta.content.size() <= limits::kMetaContentBytesMax);
    CRAWLCARD_ASSERT(crawlcard::IsUtf8(meta.name) && crawlcard::IsUtf8(meta.content));
  }
  for (const Licence& licence : facts.licences) CheckLicence(licence);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Observer used{ObserveOptions{}};
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view type = text.substr(0, line);
  if (line != std::string_view::npos) text.remove_prefix(line + 1);
  Response response;
  response.url = "https://h.example/a/b?c=d";
  response.content_type = crawlcard::TrimAscii(type).empty() ? "text/html" : type;
  response.body = text;
  crawlcard::Arena arena;
  const PageFacts first = used.Observe(response, arena);
  CheckFacts(first);
  Observer fresh{ObserveOptions{}};
  crawlcard::Arena other;
  const PageFacts second = fresh.Observe(response, other);
  CRAWLCARD_ASSERT(first.text_bytes == second.text_bytes && first.title == second.title);
  CRAWLCARD_ASSERT(first.metas.size() == second.metas.size());
  CRAWLCARD_ASSERT(first.licences.size() == second.licences.size());
  CRAWLCARD_ASSERT(first.notes.size() == second.notes.size());
  for (std::size_t i = 0; i < first.licences.size(); ++i) {
    CRAWLCARD_ASSERT(first.licences[i].raw == second.licences[i].raw);
    CRAWLCARD_ASSERT(first.licences[i].spdx == second.licences[i].spdx);
  }
  return 0;
}
