// index/site_walk.h - every site of an index once, with what its robots.txt had been and when.
//
// A site is a host without a leading "www.": its exact hosts, schemes and usual ports together. The
// walk reads host rows alone, never pages; it is what studies of many sites are made of.
//
// Thread rule: functions may run side by side on one Store; they run their own threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/attributes.h"
#include "base/result.h"
#include "base/time.h"
#include "index/store.h"
#include "robots/origin.h"

namespace crawlcard::index {

// One observation of a robots.txt: a 304 or revisit as the answer before it, a redirect as what it
// led to.
struct RobotsSeen {
  std::string host;  // exact
  std::uint32_t port = 0;
  bool https = false;
  robots::FetchState state = robots::FetchState::kUnreachable;
  bool no_answer = false;   // kUnreachable for want of one
  UnixSeconds date = 0;     // never 0: observations that the archive gave no date are left out
  std::string body_sha256;  // raw; empty where there is no body
};

class Site {
 public:
  virtual ~Site() = default;
  // The host, without "www.".
  virtual std::string_view name() const = 0;
  // Of usual ports alone, by time; of one second the plain scheme before https.
  virtual std::span<const RobotsSeen> robots() const = 0;
  // The earliest observation of any file with a fixed place.
  virtual UnixSeconds first_seen() const = 0;
  // Dead after the next call. Errors: kCorrupt, kIo.
  [[nodiscard]] virtual Result<std::string_view> Body(const std::string& sha256) = 0;
};

// What is made of the sites of one key range.
class SiteFold {
 public:
  virtual ~SiteFold() = default;
  [[nodiscard]] virtual Status OnSite(Site& site) = 0;
};

struct SiteWalkOptions {
  // The sites of these alone, a fold for those whose keys begin alike ("www2." and "www." too);
  // empty: all.
  std::vector<std::string> hosts;
  std::optional<UnixSeconds> known_by;
  unsigned jobs = 1;
};

// Sites of which nothing has a date are left out. Folds come back in key order: merged left to
// right they do not depend on `jobs`. Errors: kInvalidArgument for a host that is none; kCorrupt,
// kIo.
[[nodiscard]] Result<std::vector<std::unique_ptr<SiteFold>>> WalkSites(
    const Store& store, const SiteWalkOptions& options,
    const std::function<std::unique_ptr<SiteFold>()>& make_fold);

// The body in force of one netloc, whatever the scheme: the latest observation at or before `as_of`
// that answered (content, nothing in it, or 4xx); nullopt where there is none or it has no body.
[[nodiscard]] Result<std::optional<std::string>> RobotsOfHost(const Store& store,
                                                              std::string_view host,
                                                              UnixSeconds as_of,
                                                              std::optional<UnixSeconds> known_by);

}  // namespace crawlcard::index
