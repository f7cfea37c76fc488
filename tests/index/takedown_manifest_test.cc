// The list of what takedown requests cover, against one that looks at every row.
#include "index/takedown_manifest.h"

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "index_fixture.h"
#include "page/url.h"
#include "takedown_fixture.h"

namespace crawlcard::index {
namespace {

class TakedownManifestTest : public IndexTest {};

// What docs/formats/takedown.md says, the slow way.
bool Covers(const Takedown& request, std::string_view url) {
  const std::string host = page::HostOf(url);
  switch (request.scope) {
    case TakedownScope::kHost:
      return host == page::HostOf("http://" + request.value);
    case TakedownScope::kDomain: {
      const std::string domain = page::HostOf("http://" + request.value);
      return host == domain || (host.size() > domain.size() && host.ends_with("." + domain));
    }
    case TakedownScope::kUrl:
    case TakedownScope::kPrefix: {
      const auto strip = [](std::string_view text) {
        const std::string origin = page::OriginOf(text);
        return origin.substr(origin.find("://") + 3) + page::PathAndQueryOf(text);
      };
      const std::string mine = strip(request.value);
      const std::string its = strip(url);
      return request.scope == TakedownScope::kUrl ? its == mine : its.starts_with(mine);
    }
  }
  return false;
}

std::string PlaceOf(const CaptureView& capture) {
  return fmt::format("{} {} {}", capture.url, capture.file, capture.extent.offset);
}

// Place of each affected capture to the ids of its requests.
std::map<std::string, std::string> Affected(const Store& store, const ManifestOptions& options) {
  std::map<std::string, std::string> found;
  const auto summary = ListAffected(store, options, [&](const AffectedCapture& one) -> Status {
    std::string ids;
    for (const Takedown* request : one.requests) ids += request->id + " ";
    EXPECT_TRUE(found.emplace(PlaceOf(*one.capture), ids).second);
    return {};
  });
  EXPECT_TRUE(summary);
  EXPECT_EQ(summary->captures, found.size());
  return found;
}

class EveryRow final : public Fold {
 public:
  explicit EveryRow(const std::function<void(const CaptureView&)>& visit) : visit_(visit) {}
  Status OnPage(const ScannedPage& page) override {
    visit_(*page.capture);
    return {};
  }
  Status OnHostRow(const ScannedHostRow& row) override {
    visit_(*row.capture);
    return {};
  }

 private:
  const std::function<void(const CaptureView&)>& visit_;
};

std::map<std::string, std::string> ByBruteForce(const Store& store,
                                                std::vector<Takedown> requests) {
  std::sort(requests.begin(), requests.end(), [](const Takedown& a, const Takedown& b) {
    return std::tie(a.received, a.id) < std::tie(b.received, b.id);
  });
  std::map<std::string, std::string> found;
  const std::function<void(const CaptureView&)> visit = [&](const CaptureView& capture) {
    std::string ids;
    for (const Takedown& request : requests) {
      if (Covers(request, capture.url)) ids += request.id + " ";
    }
    if (!ids.empty()) found.emplace(PlaceOf(capture), ids);
  };
  ScanOptions options;
  options.judge = false;
  EXPECT_TRUE(Scan(store, options, [&] { return std::make_unique<EveryRow>(visit); }));
  return found;
}

// Hosts, paths and spellings that keys and addresses read apart.
class MadeSites {
 public:
  explicit MadeSites(unsigned seed) : random_(seed) {}

  std::string Host() {
    static constexpr std::string_view kHosts[] = {
        "example.org",           "www.example.org", "www2.example.org", "a.example.org",
        "example.co.uk",         "a.b.example.net", "example.net",      "badexample.net",
        "x.github.io",           "y.github.io",     "github.io",        "192.0.2.7",
        "xn--bcher-kva.example", "localhost"};
    return std::string(kHosts[Below(std::size(kHosts))]);
  }
  std::string Url() {
    std::string url = Below(2) == 0 ? "http://" : "https://";
    if (Below(9) == 0) url += "user@";
    url += Host();
    if (Below(6) == 0) url += Below(2) == 0 ? ":8080" : Below(2) == 0 ? ":80" : ":443";
    static constexpr std::string_view kParts[] = {
        "/", "/a", "/A", "/a/", "/b//c", "/..", "/./d", "/%41", "/%2e%2e", "/e;f", "/g.html"};
    for (std::size_t parts = Below(4); parts-- > 0;) url += kParts[Below(std::size(kParts))];
    static constexpr std::string_view kTails[] = {"",
                                                  "",
                                                  "",
                                                  "?",
                                                  "?b=2&a=1",
                                                  "?a=1&b=2",
                                                  "?sid=0123456789abcdef0123456789abcdef",
                                                  "#part",
                                                  "/robots.txt"};
    return url + std::string(kTails[Below(std::size(kTails))]);
  }
  Takedown Make(int number) {
    const auto scope = static_cast<TakedownScope>(1 + Below(4));
    std::string value;
    do {
      value = scope >= TakedownScope::kHost ? Host() : Url();
    } while (!CheckTakedown(Request("x", scope, value)));
    return Request(fmt::format("R{}", number), scope, value,
                   fmt::format("2026-10-{:02}", 1 + Below(28)));
  }
  std::size_t Below(std::size_t end) { return random_() % end; }

 private:
  std::mt19937 random_;
};

TEST_F(TakedownManifestTest, TheManifestIsWhatLookingAtEveryRowGives) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    MadeSites made(seed);
    WarcBuilder warc;
    for (int i = 0; i < 400; ++i) {
      warc.Html(made.Url(), fmt::format("2026-01-02T00:{:02}:{:02}Z", i / 60, i % 60), "<p>text");
    }
    std::vector<Takedown> requests;
    for (int i = 0; i < 12; ++i) requests.push_back(made.Make(i));
    for (const unsigned partitions : {1U, 7U}) {
      auto store = Store::Open(Path(fmt::format("idx{}-{}", seed, partitions)), OpenMode::kCreate,
                               {.partitions = partitions});
      ASSERT_TRUE(store);
      IngestAll(**store, {Put("a.warc.gz", warc.bytes()), Put("t.jsonl", LedgerOf(requests))});
      const auto wanted = ByBruteForce(**store, requests);
      EXPECT_FALSE(wanted.empty());
      EXPECT_EQ(Affected(**store, {}), wanted) << "seed " << seed;

      // What came by a day, and what came on top of it, are all of it and share nothing.
      const UnixSeconds day = *ParseRfc3339("2026-10-15");
      const auto early = Affected(**store, {.since = std::nullopt, .known_by = day - 1});
      const auto late = Affected(**store, {.since = day, .known_by = std::nullopt});
      EXPECT_EQ(early.size() + late.size(), wanted.size());
      for (const auto& [place, ids] : late) {
        EXPECT_FALSE(early.contains(place)) << place;
        EXPECT_EQ(wanted.at(place), ids);
      }
    }
  }
}

}  // namespace
}  // namespace crawlcard::index
