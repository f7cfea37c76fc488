#include "benches/index/made_captures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "index/ingest/observe.h"
#include "index/schema.h"
#include "page/public_suffix.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::bench {
namespace {

using index::CaptureView;

constexpr UnixSeconds kFirstSnapshot = 1'759'276'800;  // 2025-10-01
constexpr UnixSeconds kBetweenSnapshots = 60LL * 86400;
constexpr UnixSeconds kSnapshotSeconds = 14LL * 86400;
constexpr std::uint64_t kRecordBytes = 33'000;  // of a compressed page, on average
constexpr std::size_t kTemplateTailMax = 300;

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Calls `on_run(run, kind)` for runs of letters (1), digits (2) and others (0).
template <class OnRun>
void ForEachRun(std::string_view text, const OnRun& on_run) {
  const auto kind_of = [](char c) { return IsWordChar(c) ? 1 : IsDigit(c) ? 2 : 0; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && kind_of(text[end]) == kind_of(text[i])) ++end;
    on_run(text.substr(i, end - i), kind_of(text[i]));
    i = end;
  }
}

std::string_view TailOf(std::string_view url) {
  const std::size_t authority = url.find("://");
  if (authority == std::string_view::npos) return "/";
  const std::size_t slash = url.find('/', authority + 3);
  return slash == std::string_view::npos ? "/" : url.substr(slash);
}

}  // namespace

std::uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

Status MadeCaptures::AddTemplates(const std::string& path) {
  CRAWLCARD_ASSIGN(std::unique_ptr<ByteSource> source, FileSource::Open(path));
  index::ObserveHandlers handlers;
  handlers.on_damage = [](const Error&) {};
  handlers.on_capture = [&](const CaptureView& capture) -> Status {
    if (capture.record_type != warc::RecordType::kResponse || capture.surt.empty()) return {};
    const bool robots = capture.well_known == robots::WellKnown::kRobotsTxt;
    if (!robots && capture.well_known) return {};
    Template& one = robots ? robots_.emplace_back() : pages_.emplace_back();
    one.body = capture.kept_body;
    if (robots) {
      index::EncodeHostKey(capture, one.key);
    } else {
      index::EncodePageKey(capture, one.key);
    }
    index::EncodeCapture(capture, one.value);
    Status decoded =
        robots ? index::DecodeHostRow(one.key, one.value, "f", template_arena_, one.capture)
               : index::DecodePageRow(one.key, one.value, "f", template_arena_, one.capture);
    if (robots) return decoded;
    ForEachRun(TailOf(one.capture.url).substr(0, kTemplateTailMax),
               [&](std::string_view run, int kind) {
                 if (kind == 1 && run.size() >= 4) words_.push_back(AsciiLowerCopy(run));
               });
    const std::string_view domain = one.capture.domain;
    const std::size_t dot = domain.find('.');
    if (dot != std::string_view::npos) {
      suffixes_.emplace_back(domain.substr(dot));
      labels_.emplace_back(domain.substr(0, std::min(dot, domain.find('-'))));
    }
    return decoded;
  };
  CRAWLCARD_TRY(index::ObserveFile(*source, path, {}, handlers));
  return {};
}

std::string MadeCaptures::MakeName(Random& random, std::uint64_t number) const {
  std::string name;
  if (random.Chance(22)) {
    constexpr std::array<std::string_view, 8> kSubs = {"blog", "shop", "news", "en",
                                                       "m",    "docs", "app",  "support"};
    name = std::string(kSubs[random.Below(kSubs.size())]) + ".";
  }
  name += labels_[random.Below(labels_.size())].substr(0, 9);
  if (random.Chance(35)) name += '-';
  // Unlike any other name by its number, in letters.
  std::uint64_t rest = number * 2654435761U % (1ULL << 32);
  for (int i = 0; i < 6; ++i, rest /= 26) name += static_cast<char>('a' + rest % 26);
  return name + suffixes_[random.Below(suffixes_.size())];
}

std::vector<MadeCaptures::Host> MadeCaptures::MakeHosts() {
  Random random(options_.seed);
  std::vector<Host> hosts(options_.hosts);
  std::set<std::string> seen;
  double weights = 0;
  const auto weight = [](std::uint64_t rank) {
    return std::pow(static_cast<double>(rank) + 20, -0.85);
  };
  for (std::uint64_t i = 0; i < hosts.size(); ++i) weights += weight(i);
  std::uint64_t robots_rows = options_.hosts * 2;
  const double pages =
      static_cast<double>(options_.captures - std::min(options_.captures / 2, robots_rows));
  for (std::uint64_t i = 0; i < hosts.size(); ++i) {
    Host& host = hosts[i];
    do host.name = MakeName(random, i + random.Below(3) * options_.hosts);
    while (!seen.insert(host.name).second);
    host.seed = random.Next();
    host.pages = 1 + static_cast<std::uint64_t>(weight(i) / weights * pages);
    host.order = page::SurtHost(host.name);
    for (char& c : host.order) {
      if (c == ',') c = index::kStoredLabelMark;
    }
    host.order.push_back(index::kStoredHostEnd);
  }
  std::sort(hosts.begin(), hosts.end(),
            [](const Host& a, const Host& b) { return a.order < b.order; });
  return hosts;
}

std::string MadeCaptures::VaryTail(std::string_view tail, Random& random) const {
  std::string out;
  ForEachRun(tail.substr(0, kTemplateTailMax), [&](std::string_view run, int kind) {
    if (kind == 2) {
      for (std::size_t i = 0; i < run.size(); ++i) {
        out += static_cast<char>(i == 0 ? '1' + random.Below(9) : '0' + random.Below(10));
      }
    } else if (kind == 1 && run.size() >= 4 && random.Chance(60)) {
      std::string word = words_[random.Below(words_.size())];
      if (run[0] >= 'A' && run[0] <= 'Z') word[0] = static_cast<char>(word[0] - 'a' + 'A');
      out += word;
    } else {
      out += run;
    }
  });
  return out;
}

std::string_view MadeCaptures::Digest(Random& random) {
  std::string raw;
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t bits = random.Next();
    raw.append(reinterpret_cast<const char*>(&bits), 8);
  }
  return arena_.Copy("sha1:" + Base32(std::string_view(raw).substr(0, 20)));
}

// A place of its own in some file of the snapshot.
void MadeCaptures::Place(Random& random, unsigned snapshot, bool robots, CaptureView& capture) {
  const std::uint64_t file = random.Below(files_per_snapshot_);
  const std::uint64_t slot = placed_++ % options_.captures_per_file;
  const std::size_t robots_part = robots ? names_.size() / 2 : 0;
  capture.file = names_[robots_part + snapshot * files_per_snapshot_ + file];
  capture.extent = {slot * kRecordBytes * 12 + random.Below(kRecordBytes * 12 - 100), 0, 0};
  capture.date = kFirstSnapshot + snapshot * kBetweenSnapshots +
                 static_cast<UnixSeconds>(random.Below(kSnapshotSeconds));
  std::array<char, 48> id{};
  const std::uint64_t high = random.Next();
  const std::uint64_t low = random.Next();
  const auto end = fmt::format_to_n(
      id.data(), id.size(), "<urn:uuid:{:08x}-{:04x}-{:04x}-{:04x}-{:012x}>", high >> 32,
      high >> 16 & 0xFFFF, high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFF);
  capture.record_id = arena_.Copy({id.data(), end.size});
}

void MadeCaptures::MakeRobots(const Host& host, Random& random, std::string_view origin,
                              unsigned snapshots, std::vector<CaptureView>& out) {
  const std::string surt = page::SurtHost(host.name) + ")/robots.txt";
  // Few bodies are shared by many: the first ones by most.
  const auto choose = [&] {
    const double x = static_cast<double>(random.Below(1'000'000)) / 1e6;
    return static_cast<std::size_t>(std::pow(x, 3) * static_cast<double>(robots_.size()));
  };
  std::size_t body = choose();
  const bool own = random.Chance(20);  // names its own sitemap
  const unsigned kind = static_cast<unsigned>(random.Below(100));
  for (unsigned snapshot = 0; snapshot < options_.snapshots; ++snapshot) {
    if (random.Chance(10)) body = choose();
    if ((snapshots >> snapshot & 1U) == 0) continue;
    const Template& one = robots_[body];
    CaptureView capture = one.capture;
    Place(random, snapshot, true, capture);
    capture.url = arena_.Copy(std::string(origin) + "/robots.txt");
    capture.surt = arena_.Copy(surt);
    capture.host = capture.url.substr(capture.url.find("://") + 3);
    capture.host = capture.host.substr(0, capture.host.find('/'));
    capture.domain = page::RegistrableDomainView(capture.host);
    capture.digest = Digest(random);
    capture.extent.length = 900 + random.Below(2000);
    capture.kept_body = one.body;
    if (kind >= 76) {  // no file
      capture.status = kind < 94 ? 404 : kind < 97 ? 403 : 503;
      capture.fetch_state = robots::FetchStateFromStatus(capture.status);
      capture.content_type = "text/html";
      capture.is_html = true;
      capture.kept_body = capture.body_sha256 = {};
    } else if (own && !one.body.empty()) {
      capture.kept_body =
          arena_.Copy(one.body + "\nSitemap: " + std::string(origin) + "/sitemap.xml\n");
      const Sha256Digest digest = Sha256(capture.kept_body);
      capture.body_sha256 =
          arena_.Copy({reinterpret_cast<const char*>(digest.data()), digest.size()});
    }
    out.push_back(capture);
  }
}

void MadeCaptures::MakeHost(const Host& host, std::vector<CaptureView>& out) {
  Random random(host.seed);
  arena_.Reset();
  out.clear();
  const Template& own = pages_[random.Below(pages_.size())];
  const std::array<const Template*, 3> shapes = {&own, &pages_[random.Below(pages_.size())],
                                                 &pages_[random.Below(pages_.size())]};
  const std::string origin =
      std::string(random.Chance(85) ? "https://" : "http://") +
      (random.Chance(45) && host.name.find('.') == host.name.rfind('.') ? "www." : "") + host.name;
  unsigned snapshots = 0;
  for (std::uint64_t page = 0; page < host.pages;) {
    const Template& shape = *shapes[page == 0 ? 0 : random.Below(shapes.size())];
    const std::string tail = page == 0 ? "/" : VaryTail(TailOf(shape.capture.url), random);
    const std::string_view url = arena_.Copy(origin + tail);
    const std::string surt = page::SurtKey(url).value_or("");
    CaptureView capture = own.capture;
    capture.url = url;
    capture.surt = arena_.Copy(surt);
    capture.host = arena_.Copy(page::HostOf(url));
    capture.domain = page::RegistrableDomainView(capture.host);
    // Most URLs are met in one snapshot, some in more.
    const unsigned first = static_cast<unsigned>(random.Below(options_.snapshots));
    const unsigned times =
        random.Chance(70) ? 1 : 1 + static_cast<unsigned>(random.Below(options_.snapshots));
    for (unsigned i = 0; i < times && page < host.pages; ++i, ++page) {
      const unsigned snapshot = (first + i) % options_.snapshots;
      snapshots |= 1U << snapshot;
      Place(random, snapshot, false, capture);
      if (i == 0 || random.Chance(60)) capture.digest = Digest(random);
      capture.extent.length =
          own.capture.extent.length / 2 + random.Below(own.capture.extent.length + 1);
      capture.payload_bytes = capture.extent.length * 4 + random.Below(5000);
      capture.text_bytes = own.capture.text_bytes / 2 + random.Below(own.capture.text_bytes + 1);
      if (random.Chance(15) && !capture.signals.empty()) {
        // The page's head is some lines longer than the template's.
        std::vector<robots::Signal> signals(capture.signals.begin(), capture.signals.end());
        const std::uint64_t line = 1 + random.Below(90);
        for (robots::Signal& signal : signals) {
          if (!signal.location.starts_with("meta line ")) continue;
          signal.location = arena_.Copy(fmt::format("meta line {}", line));
        }
        capture.signals = arena_.CopySpan(std::span<const robots::Signal>(signals));
      }
      out.push_back(capture);
    }
  }
  MakeRobots(host, random, origin, snapshots, out);
}

Status MadeCaptures::ForEachHost(
    const std::function<Status(std::span<const CaptureView>)>& on_host) {
  if (pages_.empty() || robots_.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "no template pages or no template robots.txt files");
  }
  names_ = FileNames();
  files_per_snapshot_ = names_.size() / 2 / options_.snapshots;
  std::vector<CaptureView> captures;
  for (const Host& host : MakeHosts()) {
    MakeHost(host, captures);
    CRAWLCARD_TRY(on_host(captures));
  }
  return {};
}

std::vector<std::string> MadeCaptures::FileNames() const {
  // Even a small index is a part of a large crawl: neighbours seldom come from one file.
  const std::uint64_t files = std::max<std::uint64_t>(
      500, options_.captures / options_.snapshots / options_.captures_per_file);
  std::vector<std::string> names;
  for (const std::string_view subset : {"warc", "robotstxt"}) {
    for (unsigned snapshot = 0; snapshot < options_.snapshots; ++snapshot) {
      for (std::uint64_t i = 0; i < files; ++i) {
        names.push_back(
            fmt::format("crawl-data/CC-MAIN-20{}-{:02}/segments/17{:08}.{}/{}/"
                        "CC-MAIN-20260101000000-20260115000000-{:05}.warc.gz",
                        25 + snapshot / 6, 5 + 8 * (snapshot % 6),
                        (i * 7919 + snapshot * 104729) % 100'000'000, i % 97 + 10, subset, i));
      }
    }
  }
  return names;
}

}  // namespace crawlcard::bench
