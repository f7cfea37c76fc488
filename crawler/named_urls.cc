#include "crawler/named_urls.h"

#include <algorithm>

#include "base/text.h"
#include "crawler/limits.h"
#include "index/ingest/payload.h"
#include "page/url.h"
#include "robots/named_document.h"
#include "robots/observe.h"

namespace crawlcard::crawler {
namespace {

using robots::NamedValue;

void ObserveHead(const page::HttpHead& head, std::string_view url, Arena& arena,
                 robots::SignalList& signals_out) {
  std::vector<NamedValue> values;
  for (const page::HttpField& field : head.fields) {
    if (robots::IsSignalHeader(field.name)) {
      values.push_back({field.name, field.value, field.line, true, false});
    }
  }
  robots::ObserveHeaders(values, url, arena, signals_out);
}

void ObservePage(page::Observer& observer, const page::HttpHead& head, std::string_view url,
                 std::string_view body, Arena& arena, robots::SignalList& signals_out) {
  page::Response response;
  response.url = url;
  response.head = &head;
  response.content_type = head.Field("Content-Type");
  response.body = body;
  const page::PageFacts facts = observer.Observe(response, arena);
  std::vector<NamedValue> metas;
  for (const page::Meta& meta : facts.metas) {
    metas.push_back({meta.name, meta.content, meta.line, meta.where == page::Where::kHead,
                     meta.attribute == "property"});
  }
  robots::ObserveMetas(metas, url, arena, signals_out);
  const index::PayloadStatements found = index::ObservePayload(response, facts, arena);
  signals_out.insert(signals_out.end(), found.signals.begin(), found.signals.end());
}

void ObserveFile(robots::WellKnown file, std::string_view url, std::string_view body, Arena& arena,
                 robots::SignalList& signals_out) {
  std::pmr::vector<std::string_view> flags(&arena);
  robots::ObserveWellKnown(file, body, url, arena, signals_out, flags);
}

// What `signal` names; empty where it names nothing.
std::string_view NamedBy(const robots::Signal& signal) {
  if (signal.family == robots::Family::kTdmrep) return signal.condition;
  return robots::NamesLicence(signal) ? signal.value : std::string_view();
}

}  // namespace

NamedUrlFinder::NamedUrlFinder() : observer_({.text_sample_bytes = 0}) {}

std::vector<std::string> NamedUrlFinder::Find(StepKind kind, std::string_view url,
                                              const page::HttpHead& head, std::string_view body) {
  arena_.Reset();
  robots::SignalList signals(&arena_);
  ObserveHead(head, url, arena_, signals);
  if (!body.empty()) {
    if (kind == StepKind::kRobots) {
      ObserveFile(robots::WellKnown::kRobotsTxt, url, body, arena_, signals);
    } else if (kind == StepKind::kTdmrep) {
      ObserveFile(robots::WellKnown::kTdmrep, url, body, arena_, signals);
    } else if (kind == StepKind::kFrontPage) {
      ObservePage(observer_, head, url, body, arena_, signals);
    }
  }
  std::vector<std::string> urls;
  for (const robots::Signal& signal : signals) {
    const std::string_view named = NamedBy(signal);
    if (!StartsWithIgnoreCase(named, "http://") && !StartsWithIgnoreCase(named, "https://")) {
      continue;
    }
    std::string whole(named.substr(0, named.find('#')));
    if (whole.size() > limits::kPlanUrlBytesMax || page::OriginOf(whole).empty() ||
        std::find(urls.begin(), urls.end(), whole) != urls.end()) {
      continue;
    }
    urls.push_back(std::move(whole));
    if (urls.size() == limits::kNamedStepsMax) break;
  }
  return urls;
}

}  // namespace crawlcard::crawler
