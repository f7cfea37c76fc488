#include "tools/shard.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

// --- the flag -----------------------------------------------------------------------------------

struct Wish {
  std::optional<std::uint64_t> index;  // empty: auto
  std::optional<std::uint64_t> count;
  std::int64_t offset = 0;  // of auto
};

tl::unexpected<Error> BadFlag(std::string_view flag) {
  return Fail(ErrorCode::kInvalidArgument,
              "--shard: '{}' is none of I/N, auto/N, auto+K/N, auto-K/N and auto, with I from 0 to "
              "N - 1 and N up to {}",
              flag, limits::kShardsMax);
}

Result<Wish> ParseWish(std::string_view flag) {
  Wish wish;
  const std::size_t slash = flag.find('/');
  std::string_view rank = flag.substr(0, slash);
  if (slash != std::string_view::npos) {
    wish.count = ParseUint(flag.substr(slash + 1));
    if (!wish.count || *wish.count == 0 || *wish.count > limits::kShardsMax) return BadFlag(flag);
  }
  if (!rank.starts_with("auto")) {
    wish.index = ParseUint(rank);
    if (!wish.index || !wish.count || *wish.index >= *wish.count) return BadFlag(flag);
    return wish;
  }
  rank.remove_prefix(4);
  if (rank.empty()) return wish;
  const std::optional<std::uint64_t> offset = ParseUint(rank.substr(1));
  const bool is_signed = rank[0] == '+' || rank[0] == '-';
  if (!is_signed || !offset || *offset > limits::kShardsMax || !wish.count) return BadFlag(flag);
  wish.offset = static_cast<std::int64_t>(*offset) * (rank[0] == '-' ? -1 : 1);
  return wish;
}

// --- the environment ----------------------------------------------------------------------------

struct Variable {
  const char* rank;
  const char* total;
};

constexpr std::string_view kArrayRank = "SLURM_ARRAY_TASK_ID";
constexpr std::string_view kStepRank = "SLURM_PROCID";
constexpr std::array<Variable, 6> kVariables{
    {{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"},
     {"JOB_COMPLETION_INDEX", nullptr},
     {"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"},
     {"SLURM_PROCID", "SLURM_NTASKS"},
     {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
     {"PMI_RANK", "PMI_SIZE"}}};

// One batch system's word.
struct Source {
  std::string_view rank_name;
  std::uint64_t rank = 0;
  std::optional<std::uint64_t> total;
  std::string text;  // "SLURM_PROCID=2 SLURM_NTASKS=4"
};

Result<std::optional<std::uint64_t>> ReadNumber(const char* name, const Environment& environment) {
  const std::optional<std::string> text = environment(name);
  if (!text) return std::optional<std::uint64_t>();
  const std::optional<std::uint64_t> number = ParseUint(*text);
  if (!number) {
    return Fail(ErrorCode::kInvalidArgument, "{}='{}' in the environment is no whole number", name,
                *text);
  }
  return number;
}

// Sources that count something: a process that was started alone has rank 0 of 1 by several
// launchers, and a batch script carries the rank of a step that it is not.
bool Speaks(const Source& source, const Environment& environment) {
  if (source.rank_name == kArrayRank) return true;
  if (source.total == 1U) return false;
  const bool in_batch_script = environment("SLURM_JOB_ID") && !environment("SLURM_STEP_ID");
  return source.rank_name != kStepRank || !in_batch_script || source.rank != 0;
}

Result<std::vector<Source>> ReadSources(const Environment& environment) {
  std::vector<Source> sources;
  for (const Variable& variable : kVariables) {
    CRAWLCARD_ASSIGN(const std::optional<std::uint64_t> rank,
                     ReadNumber(variable.rank, environment));
    if (!rank) continue;
    Source source{variable.rank, *rank, {}, fmt::format("{}={}", variable.rank, *rank)};
    if (variable.total != nullptr) {
      CRAWLCARD_ASSIGN(source.total, ReadNumber(variable.total, environment));
      if (source.total) source.text += fmt::format(" {}={}", variable.total, *source.total);
    }
    if (Speaks(source, environment)) sources.push_back(std::move(source));
  }
  return sources;
}

std::string Join(const std::vector<Source>& sources) {
  std::string text;
  for (const Source& source : sources) text += (text.empty() ? "" : ", ") + source.text;
  return text;
}

// An array is counted by the submission: its tasks are the whole job only when they are all
// neighbours, and then the first of them is 0.
Status CountFromFirst(const Environment& environment, Source& array) {
  CRAWLCARD_ASSIGN(const auto first, ReadNumber("SLURM_ARRAY_TASK_MIN", environment));
  CRAWLCARD_ASSIGN(const auto last, ReadNumber("SLURM_ARRAY_TASK_MAX", environment));
  for (const auto& [name, value] :
       {std::pair("SLURM_ARRAY_TASK_MIN", first), std::pair("SLURM_ARRAY_TASK_MAX", last)}) {
    if (value) array.text += fmt::format(" {}={}", name, *value);
  }
  const std::uint64_t from = first.value_or(0);
  const bool has_gaps = last && array.total && *last - from + 1 != *array.total;
  if (array.rank < from || has_gaps || (array.total && array.rank - from >= *array.total)) {
    return Fail(ErrorCode::kInvalidArgument,
                "--shard auto: {} is a part of an array: say how many shards there are in all, as "
                "--shard auto/N",
                array.text);
  }
  array.rank -= from;
  return {};
}

// --- both ---------------------------------------------------------------------------------------

tl::unexpected<Error> Disagree(const std::vector<Source>& sources) {
  return Fail(ErrorCode::kInvalidArgument,
              "--shard auto: sources disagree about which worker this is: {}; give --shard I/N",
              Join(sources));
}

// By hand: nobody who knows better may say otherwise, or two workers would do the same share and
// another share would be done by none. The total given is the job's, whatever was submitted.
Result<Shard> ByHand(const Wish& wish, const std::vector<Source>& sources) {
  const auto agrees = [&](const Source& source) { return source.rank == *wish.index; };
  if (*wish.count > 1 && !sources.empty() && std::ranges::none_of(sources, agrees)) {
    return Fail(ErrorCode::kInvalidArgument,
                "--shard {0}/{1} disagrees with the environment: {2}; --shard auto/{1} takes its "
                "rank, auto+K/{1} and auto-K/{1} move it",
                *wish.index, *wish.count, Join(sources));
  }
  return Shard{*wish.index, *wish.count};
}

Result<Shard> ByEnvironment(const Wish& wish, std::vector<Source> sources,
                            const Environment& environment) {
  if (sources.empty()) {
    std::string looked;
    for (const Variable& each : kVariables)
      looked += (looked.empty() ? "" : ", ") + std::string(each.rank);
    return Fail(ErrorCode::kInvalidArgument,
                "--shard auto: no rank in the environment; looked for {}", looked);
  }
  if (!wish.count && sources.front().rank_name == kArrayRank) {
    CRAWLCARD_TRY(CountFromFirst(environment, sources.front()));
  }
  std::optional<std::uint64_t> count = wish.count;
  for (const Source& source : sources) {
    if (source.rank != sources.front().rank) return Disagree(sources);
    if (wish.count || !source.total) continue;
    if (count && *count != *source.total) return Disagree(sources);
    count = source.total;
  }
  if (!count) {
    return Fail(ErrorCode::kInvalidArgument,
                "--shard auto: {} gives no total: say it, as --shard auto/N", Join(sources));
  }
  const std::uint64_t rank = sources.front().rank;
  // Ranks are far below 2^63, or they are over any total.
  const auto moved =
      static_cast<std::int64_t>(std::min(rank, 2 * limits::kShardsMax)) + wish.offset;
  if (*count == 0 || *count > limits::kShardsMax || moved < 0 ||
      static_cast<std::uint64_t>(moved) >= *count) {
    return Fail(ErrorCode::kInvalidArgument,
                "--shard: {} gives shard {} of {}: shards count from 0 to N - 1 with N up to {}; "
                "auto-1/N takes an array that begins at 1",
                Join(sources), moved, *count, limits::kShardsMax);
  }
  return Shard{static_cast<std::uint64_t>(moved), *count};
}

}  // namespace

Result<Shard> ResolveShard(std::string_view flag, const Environment& environment) {
  CRAWLCARD_ASSIGN(const Wish wish, ParseWish(flag));
  CRAWLCARD_ASSIGN(std::vector<Source> sources, ReadSources(environment));
  if (wish.index) return ByHand(wish, sources);
  return ByEnvironment(wish, std::move(sources), environment);
}

Result<Shard> ShardFrom(const Settings& settings) {
  if (settings.IsDefault("shard")) return Shard{};
  return ResolveShard(settings.Text("shard"), [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::optional<std::string>() : std::optional<std::string>(value);
  });
}

bool IsShare(const Shard& shard) {
  return shard.count > 1;
}

}  // namespace crawlcard::tools
