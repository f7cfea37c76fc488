// tests/index/wat_builder.h - makes WAT records and reads them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/byte_source.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "index/ingest/observe.h"
#include "warc_builder.h"

namespace crawlcard::index {

inline constexpr std::string_view kDate = "2026-10-02T11:22:33Z";
inline constexpr std::string_view kPageUrl = "https://example.org/a";
// What is asked of one capture; text is copied.
struct Seen {
  std::string line;
  std::string url;
  std::string via;
  ContainerView container;
  std::string container_file;
  std::string container_id;
  std::vector<std::string> unobserved;
  std::vector<std::string> notes;
  std::multiset<std::string> signals;   // without place
  std::multiset<std::string> licences;  // without place
  std::map<std::string, page::Confidence> confidence;
  bool well_known = false;
};

inline std::string SignalText(const robots::Signal& signal) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", robots::FamilyName(signal.family),
                     robots::CarrierName(signal.carrier), signal.agent, signal.scope, signal.key,
                     signal.value, robots::AxisName(signal.use), robots::SaysName(signal.says));
}

inline std::string LicenceText(const page::Licence& licence) {
  return fmt::format("{}|{}|{}", licence.spdx, licence.name, licence.url);
}

inline Seen SeenOf(const CaptureView& capture) {
  Seen seen;
  JsonWriter json(seen.line);
  WriteFacts(capture, json);
  seen.url = capture.url;
  seen.via = ViaName(capture.via);
  seen.container = capture.container;
  seen.container_file = capture.container.file;
  seen.container_id = capture.container.record_id;
  seen.unobserved.assign(capture.unobserved.begin(), capture.unobserved.end());
  seen.notes.assign(capture.notes.begin(), capture.notes.end());
  for (const robots::Signal& signal : capture.signals) seen.signals.insert(SignalText(signal));
  for (const page::Licence& licence : capture.licences) {
    seen.licences.insert(LicenceText(licence));
    seen.confidence[std::string(licence.location) + ' ' + std::string(licence.scope)] =
        licence.confidence;
  }
  seen.well_known = capture.well_known.has_value();
  return seen;
}

struct Observed {
  std::vector<Seen> captures;
  std::vector<std::string> damage;
  FileCounts counts;
};

inline Observed Observe(ByteSource& source, std::string_view name) {
  Observed observed;
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& capture) -> Status {
    observed.captures.push_back(SeenOf(capture));
    return {};
  };
  handlers.on_damage = [&](const Error& error) { observed.damage.push_back(error.ToString()); };
  auto result = ObserveFile(source, name, {}, handlers);
  EXPECT_TRUE(result) << result.error().ToString();
  if (result) observed.counts = result->counts;
  return observed;
}

inline Observed Observe(std::string_view bytes, std::string_view name = "t.warc.wat.gz") {
  MemorySource source(bytes);
  return Observe(source, name);
}

inline Observed ObserveData(const std::string& path) {
  auto source = FileSource::Open(path);
  EXPECT_TRUE(source) << path;
  return source ? Observe(**source, path) : Observed();
}

// An envelope in the order of members that Common Crawl's writer has.
struct Envelope {
  std::string url{kPageUrl};
  std::string type = "response";
  std::string status = R"("200")";
  std::string fields = R"("Content-Type":"text/html")";
  std::string head = R"("Title":"t")";
  std::string links = "[]";

  std::string Http() const {
    return fmt::format(
        R"("Payload-Metadata":{{"Actual-Content-Type":"application/http; msgtype=response",)"
        R"("HTTP-Response-Metadata":{{"Response-Message":{{"Version":"HTTP/1.1","Status":{},)"
        R"("Reason":"OK"}},"Headers-Length":"1","Headers":{{{}}},"HTML-Metadata":{{"Head":{{{}}},)"
        R"("Links":{}}},"Entity-Length":"4711","Entity-Digest":"sha1:ENTITY"}}}})",
        status, fields, head, links);
  }
  std::string Warc() const {
    return fmt::format(
        R"("WARC-Header-Metadata":{{"WARC-Type":"{}","WARC-Date":"{}","WARC-Record-ID":)"
        R"("<urn:uuid:of-the-response>","WARC-Target-URI":"{}","WARC-Identified-Payload-Type":)"
        R"("text/html"}})",
        type, kDate, url);
  }
  static std::string Container() {
    return R"("Container":{"Filename":"B.warc.gz","Compressed":true,"Offset":"80610308",)"
           R"("Gzip-Metadata":{"Deflate-Length":"423","Inflated-Length":"626"}})";
  }
  std::string Json() const {
    return fmt::format(R"({{{},"Envelope":{{{},"Format":"WARC/1.0",{}}}}})", Container(), Http(),
                       Warc());
  }
  // Everything the other way round.
  std::string Reversed() const {
    return fmt::format(R"({{"Envelope":{{{},"Format":"WARC/1.0",{}}},{}}})", Warc(), Http(),
                       Container());
  }
};

inline WarcBuilder::Fields JsonFields() {
  return {{"Content-Type", "application/json"}};
}

inline std::string WatOf(std::string_view json, std::string_view made = "2026-11-01T00:00:00Z",
                         bool gzip = true) {
  WarcBuilder wat(gzip);
  wat.Record("metadata", kPageUrl, made, JsonFields(), json);
  return wat.bytes();
}

inline Seen One(const Observed& observed) {
  EXPECT_THAT(observed.damage, ::testing::IsEmpty());
  EXPECT_EQ(observed.captures.size(), 1U);
  return observed.captures.empty() ? Seen() : observed.captures.front();
}

inline Seen One(const Envelope& envelope) {
  return One(Observe(WatOf(envelope.Json())));
}

}  // namespace crawlcard::index
