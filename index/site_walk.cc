#include "index/site_walk.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "index/internal/host_walk.h"
#include "index/internal/target.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kWww = "www.";
constexpr std::uint32_t kHttpPort = 80;
constexpr std::uint32_t kHttpsPort = 443;

// One site of a group: a SURT strips "www2." too, so a group may hold several.
class GroupSite final : public Site {
 public:
  GroupSite(std::string_view site, GroupReader& group) : name_(site), group_(group) {}

  void Take(const HostOriginView& origin, const Observation& seen) {
    if (first_seen_ == 0 || seen.date < first_seen_) first_seen_ = seen.date;
    if (seen.file != robots::WellKnown::kRobotsTxt) return;
    RobotsSeen one;
    one.host = origin.host;
    one.port = origin.port;
    one.https = origin.port == kHttpsPort;
    one.state = seen.state;
    one.no_answer = seen.no_answer;
    one.date = seen.date;
    if (seen.state == robots::FetchState::kOk) one.body_sha256 = seen.body_sha256;
    robots_.push_back(std::move(one));
  }
  void Sort() {
    std::ranges::stable_sort(robots_, [](const RobotsSeen& a, const RobotsSeen& b) {
      return std::tie(a.date, a.https) < std::tie(b.date, b.https);
    });
  }

  std::string_view name() const override { return name_; }
  std::span<const RobotsSeen> robots() const override { return robots_; }
  UnixSeconds first_seen() const override { return first_seen_; }
  Result<std::string_view> Body(const std::string& sha256) override {
    return group_.blobs().Read(sha256);
  }

 private:
  std::string name_;
  GroupReader& group_;
  std::vector<RobotsSeen> robots_;
  UnixSeconds first_seen_ = 0;
};

class SiteVisitor final : public GroupVisitor {
 public:
  explicit SiteVisitor(std::unique_ptr<SiteFold> made) : fold(std::move(made)) {}

  Status OnGroup(GroupReader& group) override {
    std::map<std::string, GroupSite, std::less<>> sites;
    CRAWLCARD_TRY(
        group.history().ForEach([&](std::string_view prefix, const Observation& seen) -> Status {
          HostOriginView origin;
          if (!DecodeOriginPrefix(prefix, origin) || seen.date == 0) return {};
          if (origin.port != (origin.scheme == "https" ? kHttpsPort : kHttpPort)) return {};
          const std::string_view name =
              origin.host.starts_with(kWww) ? origin.host.substr(kWww.size()) : origin.host;
          auto found = sites.find(name);
          if (found == sites.end()) found = sites.try_emplace(std::string(name), name, group).first;
          found->second.Take(origin, seen);
          return {};
        }));
    for (auto& [name, site] : sites) {
      site.Sort();
      CRAWLCARD_TRY(fold->OnSite(site));
    }
    return {};
  }

  std::unique_ptr<SiteFold> fold;
};

bool Answered(robots::FetchState state) {
  return state == robots::FetchState::kOk || state == robots::FetchState::kOkEmpty ||
         state == robots::FetchState::kUnavailable;
}

// The last body of one exact host.
class HostFold final : public SiteFold {
 public:
  HostFold(std::string_view host, UnixSeconds as_of) : host_(host), as_of_(as_of) {}

  Status OnSite(Site& site) override {
    const RobotsSeen* last = nullptr;
    for (const RobotsSeen& seen : site.robots()) {
      if (seen.date > as_of_) break;
      if (seen.host == host_ && Answered(seen.state)) last = &seen;
    }
    if (last == nullptr || last->body_sha256.empty()) return {};
    CRAWLCARD_ASSIGN(const std::string_view bytes, site.Body(last->body_sha256));
    body = std::string(bytes);
    return {};
  }

  std::optional<std::string> body;

 private:
  std::string_view host_;
  UnixSeconds as_of_;
};

}  // namespace

Result<std::vector<std::unique_ptr<SiteFold>>> WalkSites(
    const Store& store, const SiteWalkOptions& options,
    const std::function<std::unique_ptr<SiteFold>()>& make_fold) {
  const Store::Impl& impl = store.impl();
  std::set<std::string> groups;
  for (const std::string& host : options.hosts) {
    CRAWLCARD_ASSIGN(Target target, ParseTarget(host));
    groups.insert(std::move(target.group));
  }
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files(options.known_by));
  CRAWLCARD_ASSIGN(auto visitors,
                   WalkHosts(impl, *files, {groups.begin(), groups.end()}, options.jobs,
                             [&] { return std::make_unique<SiteVisitor>(make_fold()); }));
  std::vector<std::unique_ptr<SiteFold>> folds;
  for (const auto& visitor : visitors) {
    folds.push_back(std::move(static_cast<SiteVisitor&>(*visitor).fold));
  }
  return folds;
}

Result<std::optional<std::string>> RobotsOfHost(const Store& store, std::string_view host,
                                                UnixSeconds as_of,
                                                std::optional<UnixSeconds> known_by) {
  SiteWalkOptions options;
  options.hosts = {std::string(host)};
  options.known_by = known_by;
  CRAWLCARD_ASSIGN(auto folds, WalkSites(store, options,
                                         [&] { return std::make_unique<HostFold>(host, as_of); }));
  return std::move(static_cast<HostFold&>(*folds.front()).body);
}

}  // namespace crawlcard::index
