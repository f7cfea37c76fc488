// dataset/loss_plan.h - what a pass asks beside its policies: what each agent, family and rule
// takes away, how losses grew over the years, and whom they hit.
//
// Every measure is a question to the index, or a difference between the answers to two: nothing is
// read out of a verdict that the verdict does not say. docs/formats/dataset.md, "Effects".
//
// Thread rule: LossPlan is immutable once made; LossTally is a value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "dataset/block_judge.h"
#include "dataset/study/periods.h"
#include "dataset/study/ranks.h"
#include "dataset/tally.h"
#include "index/scan.h"

namespace crawlcard::dataset {

// An agent, a family or a rule of one policy.
struct Factor {
  std::string_view kind;  // "agent", "family", "rule"
  std::string name;
  std::size_t policy = 0;              // which of the policies asked for
  std::size_t alone = 0;               // question: with this factor and no other of its kind
  std::optional<std::size_t> floor;    // question: with none of its kind; what that loses is not
                                       // this one's work
  std::optional<std::size_t> without;  // question: with all of its kind but this
};

struct CurvePoint {
  std::size_t policy = 0;
  Period date;
  std::size_t question = 0;
};

struct LossPlan {
  std::vector<index::JudgeOptions> questions;  // the policies asked for, then what measures need
  std::size_t policies = 0;
  std::vector<Factor> factors;
  std::vector<CurvePoint> points;
  const RankList* ranks = nullptr;  // borrowed; or null

  bool measures() const { return !factors.empty() || !points.empty() || ranks != nullptr; }

  // Errors: kInvalidArgument beyond limits::kQuestionsMax.
  [[nodiscard]] Status AddMarginals();
  [[nodiscard]] Status AddDates(const std::vector<Period>& dates);

  // A plan of the policies alone.
  static LossPlan Of(std::vector<index::JudgeOptions> policies);

 private:
  std::size_t Ask(index::JudgeOptions question);
  void AddAgents(std::size_t policy);
  void AddFamilies(std::size_t policy);
  void AddRules(std::size_t policy);
  Status CheckSize() const;
};

struct LossTally {
  struct Effect {
    Amount removes;  // rows that this factor removes, alone
    Amount only;     // rows that would be kept without it
    bool operator==(const Effect&) const = default;
  };
  struct Stratum {
    Amount all;
    std::vector<Amount> lost;  // by policy
    bool operator==(const Stratum&) const = default;
  };
  std::vector<Effect> effects;  // by factor
  std::vector<Amount> lost;     // by point
  std::vector<Stratum> strata;  // by kStrata; without a list of ranks none

  void Merge(const LossTally& other);
  bool operator==(const LossTally&) const = default;
};

// Counts a block. Takedown requests are nobody's policy: what they cover is left out of effects and
// curves, and is lost in every stratum.
class LossObserver final : public RowObserver {
 public:
  // Borrows `plan`.
  explicit LossObserver(const LossPlan& plan);
  void OnRow(const Row& row, const index::BatchAnswer* answer) override;

  LossTally tally;

 private:
  const LossPlan& plan_;
};

// Members "marginal", "curve" and "strata" into an object that is open, those that were asked for.
// `policies` are the names of the policies asked for.
void WriteLosses(const LossPlan& plan, const LossTally& tally,
                 const std::vector<std::string>& policies, JsonWriter& json);
// The same for people.
void AppendLosses(const LossPlan& plan, const LossTally& tally,
                  const std::vector<std::string>& policies, std::string& out);

}  // namespace crawlcard::dataset
