#include "tools/judge_flags.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/assert.h"
#include "tools/policy_file.h"

namespace crawlcard::tools {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;

Result<index::AsOf> AsOfFrom(std::string_view text, UnixSeconds now) {
  index::AsOf as_of;
  if (text == "capture") return as_of;
  as_of.kind = index::AsOf::Kind::kInstant;
  CRAWLCARD_ASSIGN(as_of.instant, InstantFrom("as-of", text, "capture, ", now));
  return as_of;
}

Result<robots::Dialect> DialectFrom(const Settings& settings) {
  const std::optional<robots::Dialect> dialect = robots::DialectFromName(settings.Text("dialect"));
  if (dialect) return *dialect;
  return Fail(ErrorCode::kInvalidArgument, "--dialect: '{}' is for 'robots' alone",
              settings.Text("dialect"));
}

// A policy's dialect rules before statements are collected. It takes the place of a default or of a
// configuration file's; one on the command line that says otherwise is a contradiction.
Status ApplyDialect(const Settings& settings, index::JudgeOptions& options) {
  robots::Question question;
  question.dialect = options.dialect;
  const robots::Dialect wanted = robots::QuestionUnder(options.policy, question).dialect;
  if (wanted != options.dialect && settings.Get("dialect").origin.starts_with("flag ")) {
    return Fail(ErrorCode::kInvalidArgument,
                "--dialect: the policy {} reads robots.txt by {}, not {}", options.policy.Id(),
                robots::DialectName(wanted), robots::DialectName(options.dialect));
  }
  options.dialect = wanted;
  return {};
}

}  // namespace

Result<UnixSeconds> InstantFrom(std::string_view flag, std::string_view text,
                                std::string_view others, UnixSeconds now) {
  if (text == "now") return now;
  const std::optional<UnixSeconds> instant = ParseRfc3339(text);
  if (instant) return *instant;
  return Fail(ErrorCode::kInvalidArgument,
              "--{}: '{}' is neither {}now nor a date such as 2026-10-02", flag, text, others);
}

Result<std::optional<UnixSeconds>> KnownByFrom(const Settings& settings, UnixSeconds now) {
  if (settings.IsDefault("known-by")) return std::optional<UnixSeconds>();
  CRAWLCARD_ASSIGN(const UnixSeconds instant,
                   InstantFrom("known-by", settings.Text("known-by"), "", now));
  return std::optional<UnixSeconds>(instant);
}

Result<index::JudgeOptions> JudgeOptionsFrom(const Settings& settings, UnixSeconds now) {
  CRAWLCARD_ASSIGN(std::vector<index::JudgeOptions> all, JudgeOptionsForEach(settings, now));
  if (all.size() == 1) return std::move(all.front());
  return Fail(ErrorCode::kInvalidArgument, "--policy: {} policies at once are for --dataset alone",
              all.size());
}

Result<std::vector<index::JudgeOptions>> JudgeOptionsForEach(const Settings& settings,
                                                             UnixSeconds now) {
  std::vector<index::JudgeOptions> all;
  for (const std::string& name : settings.List("policy")) {
    CRAWLCARD_ASSIGN(robots::Policy policy, LoadPolicy(name));
    CRAWLCARD_ASSIGN(index::JudgeOptions options,
                     JudgeOptionsUnder(settings, now, std::move(policy)));
    all.push_back(std::move(options));
  }
  return all;
}

Result<index::JudgeOptions> JudgeOptionsUnder(const Settings& settings, UnixSeconds now,
                                              robots::Policy policy) {
  index::JudgeOptions options;
  const std::optional<robots::Axis> use = robots::AxisFromName(settings.Text("use"));
  CRAWLCARD_ASSERT(use.has_value());  // the flag's choices are axes
  options.use = *use;
  options.agents = settings.List("agent");

  CRAWLCARD_ASSIGN(options.dialect, DialectFrom(settings));

  options.policy = std::move(policy);
  if (!settings.IsDefault("max-age")) {
    options.policy.robots_age_max_s =
        static_cast<UnixSeconds>(settings.Count("max-age")) * kDaySeconds;
  }
  CRAWLCARD_TRY(ApplyDialect(settings, options));
  CRAWLCARD_ASSIGN(options.as_of, AsOfFrom(settings.Text("as-of"), now));
  CRAWLCARD_ASSIGN(options.known_by, KnownByFrom(settings, now));
  return options;
}

Result<index::TimelineOptions> TimelineOptionsFrom(const Settings& settings, UnixSeconds now) {
  index::TimelineOptions options;
  CRAWLCARD_ASSIGN(const index::AsOf as_of, AsOfFrom(settings.Text("as-of"), now));
  if (as_of.kind == index::AsOf::Kind::kInstant) options.as_of = as_of.instant;
  CRAWLCARD_ASSIGN(options.known_by, KnownByFrom(settings, now));
  return options;
}

Result<index::HistoryOptions> HistoryOptionsFrom(const Settings& settings, UnixSeconds now) {
  index::HistoryOptions options;
  CRAWLCARD_ASSIGN(options.dialect, DialectFrom(settings));
  if (!settings.IsDefault("agent")) options.agents = settings.List("agent");
  CRAWLCARD_ASSIGN(options.timeline, TimelineOptionsFrom(settings, now));
  return options;
}

UnixSeconds Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

unsigned JobsFrom(const Settings& settings) {
  const std::uint64_t jobs = settings.Count("jobs");
  if (jobs != 0) return static_cast<unsigned>(jobs);
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace crawlcard::tools
