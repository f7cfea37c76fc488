// The generated crowd of tests/card/sample.h, and a preview of the card made from it.
#include "tests/card/sample.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "card/render_html.h"
#include "card/render_json.h"
#include "card/render_markdown.h"

namespace crawlcard::card::sample {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t Below(std::uint32_t n) { return static_cast<std::uint32_t>(engine_() % n); }
  bool Chance(std::uint32_t percent) { return Below(100) < percent; }
  // Small numbers often, large ones rarely.
  template <std::size_t N>
  std::string_view Pick(const std::array<std::string_view, N>& words) {
    const std::uint32_t a = Below(N);
    const std::uint32_t b = Below(N);
    return words[std::min({a, b, Below(N)})];
  }

 private:
  std::mt19937 engine_;  // the same numbers on every machine
};

constexpr std::array<std::string_view, 14> kLanguages{"eng", "deu", "rus", "fra", "spa",
                                                      "jpn", "zho", "nld", "ita", "pol",
                                                      "por", "ces", "swe", "lat"};
constexpr std::array<std::string_view, 7> kTypes{
    "text/html",
    "text/html",
    "application/pdf",
    "image/jpeg",
    "application/xml",
    "application/json",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document"};
constexpr std::array<std::string_view, 6> kLicences{
    "CC-BY-SA-4.0", "CC-BY-4.0", "CC-BY-NC-ND-4.0", "CC0-1.0", "LicenseRef-RAIL", ""};
constexpr std::array<std::string_view, 5> kRobots{
    "User-agent: *\nAllow: /\n",
    "User-agent: *\nDisallow: /admin/\n\nUser-agent: GPTBot\nDisallow: /\n",
    "User-agent: GPTBot\nUser-agent: CCBot\nUser-agent: ClaudeBot\nUser-agent: Bytespider\n"
    "Disallow: /\n\nUser-agent: *\nDisallow: /search\nContent-Signal: search=yes, ai-train=no\n",
    "User-agent: Google-Extended\nDisallow: /\n\nUser-agent: *\nDisallow: /tmp/\n",
    "User-agent: *\nDisallow: /\n"};

void AddStatements(Dice& dice, Event& event) {
  robots::Signal signal;
  signal.agent = "*";
  if (dice.Chance(6)) {
    signal.family = robots::Family::kRobotsMeta;
    signal.carrier = dice.Chance(50) ? robots::Carrier::kHtmlMeta : robots::Carrier::kHttpHeader;
    signal.use = dice.Chance(50) ? robots::Axis::kTrain : robots::Axis::kSearch;
    signal.says = robots::Says::kDeny;
    event.signals.push_back(signal);
  }
  if (dice.Chance(2)) {
    signal.family = robots::Family::kTdmrep;
    signal.carrier = robots::Carrier::kHttpHeader;
    signal.use = robots::Axis::kTdm;
    signal.says = dice.Chance(30) ? robots::Says::kConditional : robots::Says::kDeny;
    event.signals.push_back(signal);
  }
  if (dice.Chance(12)) {
    page::Licence licence;
    licence.spdx = dice.Pick(kLicences);
    licence.name = licence.spdx.empty() ? "all-rights-reserved" : "";
    licence.scope = dice.Chance(75) ? "page" : "media";
    licence.confidence = page::Confidence::kMedium;
    event.licences.push_back(licence);
  }
}

void AddVerdict(Dice& dice, std::size_t robots_kind, Event& event) {
  robots::Verdict& verdict = event.verdict;
  const bool refused = std::any_of(event.signals.begin(), event.signals.end(), [](const auto& one) {
    return one.says == robots::Says::kDeny && one.use != robots::Axis::kSearch;
  });
  if (robots_kind == 4 || robots_kind == 2 || refused) {
    verdict.decision = robots::Decision::kDeny;
    robots::Reason reason;
    reason.says = robots::Says::kDeny;
    reason.family = refused            ? robots::Family::kRobotsMeta
                    : robots_kind == 2 ? robots::Family::kContentSignal
                                       : robots::Family::kRobots;
    reason.carrier = refused ? robots::Carrier::kHtmlMeta : robots::Carrier::kRobotsTxt;
    verdict.reasons.push_back(reason);
  } else if (robots_kind == 5) {
    verdict.decision = robots::Decision::kIndeterminate;
  } else {
    verdict.decision = dice.Chance(3)   ? robots::Decision::kConditional
                       : dice.Chance(5) ? robots::Decision::kAllow
                                        : robots::Decision::kUnspecified;
  }
  verdict.careful = verdict.decision;
  verdict.usable = verdict.decision == robots::Decision::kAllow ||
                   verdict.decision == robots::Decision::kUnspecified;
  if (robots_kind >= 1 && robots_kind <= 2) {
    verdict.operator_specific.push_back({"OpenAI", "GPTBot", robots::Decision::kDeny});
  }
}

void AddCapture(Dice& dice, std::string host, const std::string& surt_host,
                const std::string& domain, std::size_t number, std::size_t robots_kind,
                Events& events) {
  auto event = Page(std::move(host), surt_host, domain, fmt::format("/page/{:05d}", number),
                    500 + dice.Below(90'000));
  index::CaptureView& capture = event->capture;
  capture.date = kMay2024 + static_cast<UnixSeconds>(dice.Below(400)) * 86'400;
  capture.extent = {number * 1000, 200 + dice.Below(9000), 0};
  if (dice.Chance(8)) capture.date.reset();
  if (dice.Chance(15)) {
    capture.status = dice.Chance(60) ? 404 : 301;
    capture.is_html = false;
  } else if (dice.Chance(20)) {
    capture.content_type = dice.Pick(kTypes);
    capture.is_html = capture.content_type == "text/html";
  }
  if (dice.Chance(3)) capture.record_type = warc::RecordType::kRevisit;
  if (dice.Chance(2)) capture.truncated = "length";
  if (dice.Chance(3)) event->notes.push_back("http.bad_header_line");
  if (dice.Chance(92)) {
    event->languages.push_back({dice.Pick(kLanguages), 0.9F});
    capture.languages.source = dice.Chance(60)   ? page::LanguageSource::kArchive
                               : dice.Chance(80) ? page::LanguageSource::kSample
                                                 : page::LanguageSource::kHtmlLang;
  }
  AddStatements(dice, *event);
  AddVerdict(dice, robots_kind, *event);
  event->Bind();
  events.push_back(std::move(event));
}

}  // namespace

Events Crowd(std::uint32_t seed, std::size_t domains) {
  Dice dice(seed);
  Events events;
  constexpr std::array<std::string_view, 6> kWords{
      "river",  "museum",  "journal",
      "garden", "physics", "a-very-long-name-for-a-site-about-municipal-archives"};
  for (std::size_t d = 0; d < domains; ++d) {
    const std::string name = fmt::format("{:04d}-{}", d, dice.Pick(kWords));
    const std::string domain = name + ".example";
    const std::size_t hosts = 1 + dice.Below(3);
    for (std::size_t h = 0; h < hosts; ++h) {
      const std::string host = h == 0 ? domain : fmt::format("sub{}.{}", h, domain);
      const std::string surt =
          h == 0 ? "example," + name : fmt::format("example,{},sub{}", name, h);
      const std::size_t robots_kind = dice.Below(6);
      if (robots_kind < kRobots.size()) {
        events.push_back(
            HostFile(host, robots::WellKnown::kRobotsTxt, std::string(kRobots[robots_kind])));
        if (dice.Chance(30)) {
          events.push_back(HostFile(
              host, robots::WellKnown::kRobotsTxt, "",
              dice.Chance(50) ? robots::FetchState::kUnreachable : robots::FetchState::kUnavailable,
              false));
          events.back()->capture.date = kMay2024 + (dice.Chance(50) ? 1000 : -1000);
        }
      } else {
        events.push_back(
            HostFile(host, robots::WellKnown::kRobotsTxt, "", robots::FetchState::kUnavailable));
      }
      if (dice.Chance(5)) {
        events.push_back(HostFile(host, robots::WellKnown::kTdmrep,
                                  R"([{"location":"/","tdm-reservation":1}])",
                                  robots::FetchState::kOk, false));
      }
      const std::size_t pages = 1 + dice.Below(dice.Chance(10) ? 60 : 8);
      for (std::size_t p = 0; p < pages; ++p) {
        const std::string shown = h == 0 && dice.Chance(30) ? "www." + host : host;
        AddCapture(dice, shown, surt, domain, p - (p > 0 && dice.Chance(10) ? 1 : 0), robots_kind,
                   events);
      }
    }
  }
  return events;
}

std::vector<index::FileEntry> Ledger() {
  std::vector<index::FileEntry> files;
  for (int i = 0; i < 12; ++i) {
    index::FileEntry file;
    file.snapshot = i < 8 ? "CC-MAIN-2024-22" : "";
    file.name = fmt::format(
        "crawl-data/CC-MAIN-2024-22/segments/1715971057216.39/warc/"
        "CC-MAIN-20240517233122-{:05d}.warc.gz",
        i);
    file.bytes = 1'000'000'000 + static_cast<std::uint64_t>(i) * 7;
    file.content_xxh3 = fmt::format("{:032x}", i);
    file.counts.records = 30'000;
    file.counts.captures = 10'000;
    file.info.software = "Apache Nutch 1.19 (modified, https://github.com/commoncrawl/nutch/)";
    file.info.operator_name = "Common Crawl Admin (info@commoncrawl.org)";
    file.info.robots = "checked via crawler-commons 1.5-SNAPSHOT";
    file.whole = i != 3;
    file.sealed = i != 5;
    if (i == 3) {
      file.counts.damaged = 2;
      file.counts.errors = {{"corrupt", 1}, {"truncated", 1}};
    }
    files.push_back(std::move(file));
  }
  return files;
}

RunFacts SampleRun() {
  RunFacts run;
  run.tool_version = "0.1.0";
  run.public_suffix_list = "2026-10-30_08-12-04_UTC";
  run.judge.policy = *robots::BuiltInPolicy("eu-tdm");
  run.options = {{"language", "sample"}, {"fact-version", "1"}};
  return run;
}

}  // namespace crawlcard::card::sample
