// tests/card/sample.h - captures and verdicts made by hand, and a crowd of them from a seed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "card/card.h"
#include "index/schema.h"

namespace crawlcard::card::sample {

// One step of a scan with everything its views point to.
struct Event {
  bool is_page = true;
  index::CaptureView capture;
  robots::Verdict verdict;
  bool judged = true;
  bool first_of_origin = false;
  std::string body;

  std::string url, surt, host, domain;
  std::vector<page::Language> languages;
  std::vector<robots::Signal> signals;
  std::vector<page::Licence> licences;
  std::vector<std::string_view> notes;

  // Points the views at the strings; call when the event no longer moves.
  void Bind() {
    capture.url = url;
    capture.surt = surt;
    capture.host = host;
    capture.domain = domain;
    capture.languages.languages = languages;
    capture.signals = signals;
    capture.licences = licences;
    capture.notes = notes;
  }
};
using Events = std::vector<std::unique_ptr<Event>>;

inline constexpr UnixSeconds kMay2024 = 1'716'000'000;  // 2024-05-18T02:40:00Z

// "https://HOST/PATH" as an HTML page with status 200.
inline std::unique_ptr<Event> Page(std::string host, std::string surt_host, std::string domain,
                                   std::string path, std::uint64_t bytes = 1000) {
  auto event = std::make_unique<Event>();
  event->url = "https://" + host + path;
  event->surt = surt_host + ")" + path;
  event->host = std::move(host);
  event->domain = std::move(domain);
  event->capture.date = kMay2024;
  event->capture.extent = {100, 50, 0};
  event->capture.status = 200;
  event->capture.content_type = "text/html";
  event->capture.charset = "utf-8";
  event->capture.payload_bytes = bytes;
  event->capture.text_bytes = bytes / 4;
  event->capture.is_html = true;
  event->verdict.usable = true;
  event->Bind();
  return event;
}

inline std::unique_ptr<Event> HostFile(std::string host, robots::WellKnown file, std::string body,
                                       robots::FetchState state = robots::FetchState::kOk,
                                       bool first_of_origin = true) {
  auto event = std::make_unique<Event>();
  event->is_page = false;
  event->url = "https://" + host + std::string(robots::WellKnownPath(file));
  event->host = host;
  event->domain = host;
  event->capture.date = kMay2024;
  event->capture.status = 200;
  event->capture.well_known = file;
  event->capture.fetch_state = state;
  event->first_of_origin = first_of_origin;
  event->body = std::move(body);
  event->Bind();
  return event;
}

inline std::string StoredKey(const Event& event) {
  if (event.surt.find(')') == std::string::npos) return event.surt;
  std::string key;
  index::AppendStoredSurt(event.surt, event.host, key);
  return key;
}

inline void Feed(Tally& tally, const Event& event) {
  if (event.is_page) {
    index::ScannedPage page;
    page.capture = &event.capture;
    const std::string key = StoredKey(event);
    page.url_key = key;
    const robots::VerdictCodes codes = robots::CodesOf(event.verdict);
    page.codes = event.judged ? &codes : nullptr;
    tally.AddPage(page);
    return;
  }
  index::ScannedHostRow row;
  row.capture = &event.capture;
  row.body = event.body;
  row.first_of_origin = event.first_of_origin;
  tally.AddHostRow(row);
}

inline Tally TallyOf(const Events& events, const TallyOptions& options = {}) {
  Tally tally(options);
  for (const auto& event : events) Feed(tally, *event);
  tally.Finish();
  return tally;
}

// A plausible crawl in key order: `domains` domains with hosts, pages, robots.txt and verdicts.
Events Crowd(std::uint32_t seed, std::size_t domains);
// What was read, to go with it.
std::vector<index::FileEntry> Ledger();
// Run facts to go with it.
RunFacts SampleRun();

}  // namespace crawlcard::card::sample
