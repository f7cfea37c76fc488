// benches/index/made_captures.h - captures by the million, made from a few thousand real ones.
//
// Real captures (pages, robots.txt files) give shapes: hosts and paths, content types, languages,
// licences, signals, lengths. A host of the made crawl takes one real page as its template and
// varies paths, numbers, digests and line numbers; pages a host follow a power law; a host is asked
// for its robots.txt once a snapshot, most hosts share few bodies. The same seed and inputs give
// the same captures, whatever reads them. Digests are random: nothing here was ever fetched.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "index/capture.h"

namespace crawlcard::bench {

struct MadeOptions {
  std::uint64_t captures = 1'000'000;
  std::uint64_t hosts = 25'000;
  std::uint64_t seed = 1;
  unsigned snapshots = 4;
  unsigned captures_per_file = 2500;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();  // SplitMix64
  std::uint64_t Below(std::uint64_t end) { return end == 0 ? 0 : Next() % end; }
  bool Chance(unsigned percent) { return Below(100) < percent; }

 private:
  std::uint64_t state_;
};

class MadeCaptures {
 public:
  explicit MadeCaptures(const MadeOptions& options) : options_(options) {}

  // Takes the captures of an archive file as templates.
  [[nodiscard]] Status AddTemplates(const std::string& path);

  // Hands out all captures, host by host in the order of the keys of index/schema.h; those of one
  // host in no order. Views die with the call.
  [[nodiscard]] Status ForEachHost(
      const std::function<Status(std::span<const index::CaptureView>)>& on_host);

  std::vector<std::string> FileNames() const;
  std::string_view SnapshotOf(std::string_view file) const;

 private:
  struct Template {
    std::string key;
    std::string value;
    index::CaptureView capture;
    std::string body;
  };
  struct Host {
    std::string name;   // without "www."
    std::string order;  // what its keys start with
    std::uint64_t pages = 0;
    std::uint64_t seed = 0;
  };

  std::vector<Host> MakeHosts();
  std::string MakeName(Random& random, std::uint64_t number) const;
  void MakeHost(const Host& host, std::vector<index::CaptureView>& out);
  void MakeRobots(const Host& host, Random& random, std::string_view origin, unsigned snapshots,
                  std::vector<index::CaptureView>& out);
  std::string VaryTail(std::string_view tail, Random& random) const;
  void Place(Random& random, unsigned snapshot, bool robots, index::CaptureView& capture);
  std::string_view Digest(Random& random);

  MadeOptions options_;
  Arena template_arena_;
  std::deque<Template> pages_;
  std::deque<Template> robots_;
  std::vector<std::string> words_;
  std::vector<std::string> labels_;
  std::vector<std::string> suffixes_;
  std::vector<std::string> names_;  // of files: pages, then robots
  std::uint64_t files_per_snapshot_ = 1;
  std::uint64_t placed_ = 0;
  Arena arena_;  // of one host
};

}  // namespace crawlcard::bench
