// The built-in policies are the rows of the command's contract.

#include "robots/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crawlcard::robots {
namespace {

struct Row {
  std::string_view name;
  bool unspecified, conditional, conflict;
  bool robots_only, open_licence_only, any_agent, careful;
};

TEST(BuiltInPolicies, AreTheRowsOfTheContract) {
  constexpr Row kRows[] = {
      {"eu-tdm", true, false, false, false, false, false, false},
      {"robots-only", true, true, true, true, false, false, false},
      {"open-licence-only", true, true, false, false, true, false, false},
      {"strict", false, false, false, false, false, true, true},
  };
  EXPECT_THAT(BuiltInPolicyNames(),
              testing::ElementsAre("eu-tdm", "robots-only", "open-licence-only", "strict"));
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto policy = BuiltInPolicy(row.name);
    ASSERT_TRUE(policy.has_value());
    EXPECT_EQ(policy->Id(), std::string(row.name) + "@1");
    EXPECT_TRUE(policy->allow);
    EXPECT_EQ(policy->unspecified, row.unspecified);
    EXPECT_EQ(policy->conditional, row.conditional);
    EXPECT_EQ(policy->conflict, row.conflict);
    EXPECT_FALSE(policy->indeterminate);
    EXPECT_EQ(policy->robots_only, row.robots_only);
    EXPECT_EQ(policy->open_licence_only, row.open_licence_only);
    EXPECT_EQ(policy->any_agent, row.any_agent);
    EXPECT_EQ(policy->careful, row.careful);
    EXPECT_EQ(policy->robots_age_max_s, 365 * 86'400);
    EXPECT_TRUE(policy->heed.empty());
    EXPECT_FALSE(policy->dialect.has_value());
  }
  EXPECT_FALSE(BuiltInPolicy("nobody").has_value());
  EXPECT_FALSE(BuiltInPolicy("").has_value());
}

}  // namespace
}  // namespace crawlcard::robots
