// Registrable domains as libpsl gives them, for every rule of the pinned list and names around it.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <libpsl.h>

#include "page/internal/public_suffix_list.h"
#include "page/public_suffix.h"

namespace crawlcard::page {
namespace {

class Oracle {
 public:
  Oracle() {
    const std::string list(internal::kPublicSuffixList);
    std::FILE* file = std::tmpfile();
    std::fwrite(list.data(), 1, list.size(), file);
    std::rewind(file);
    psl_.reset(psl_load_fp(file));
    std::fclose(file);
  }
  std::string DomainOf(const std::string& host) const {
    const char* const domain = psl_registrable_domain(psl_.get(), host.c_str());
    return domain == nullptr ? host : domain;
  }

 private:
  struct Close {
    void operator()(psl_ctx_t* list) const { psl_free(list); }
  };
  std::unique_ptr<psl_ctx_t, Close> psl_;
};

std::vector<std::string> AsciiRules() {
  std::vector<std::string> rules;
  std::string_view list = internal::kPublicSuffixList;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    std::string_view rule = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    rule = rule.substr(0, rule.find_first_of(" \t\r"));
    if (rule.empty() || rule.starts_with("//")) continue;
    if (rule.starts_with("*.")) rule.remove_prefix(2);
    if (rule.starts_with('!')) rule.remove_prefix(1);
    bool is_ascii = true;
    for (const char c : rule) is_ascii = is_ascii && static_cast<unsigned char>(c) < 0x80;
    if (is_ascii) rules.emplace_back(rule);
  }
  return rules;
}

TEST(PublicSuffixOracle, EveryRuleAndItsNeighbours) {
  const Oracle oracle;
  const std::vector<std::string> rules = AsciiRules();
  ASSERT_GT(rules.size(), 8000U);
  for (const std::string& rule : rules) {
    for (const std::string& host : {rule, "a." + rule, "b.a." + rule, "c.b.a." + rule, "x" + rule,
                                    rule.substr(std::min(rule.find('.') + 1, rule.size() - 1))}) {
      ASSERT_EQ(RegistrableDomain(host), oracle.DomainOf(host)) << host;
    }
  }
}

TEST(PublicSuffixOracle, RulesThatAreNotAscii) {
  const Oracle oracle;
  for (const std::string host :
       {"a.b.xn--55qx5d.cn", "xn--55qx5d.cn", "a.xn--fiqs8s", "b.a.xn--p1ai", "a.xn--90a3ac",
        "b.a.xn--o1ac.xn--90a3ac", "a.xn--lns-qla.no", "a.b.xn--9dbq2a", "a.b.xn--unknown-zzz"}) {
    EXPECT_EQ(RegistrableDomain(host), oracle.DomainOf(host)) << host;
  }
}

TEST(PublicSuffixOracle, OddNames) {
  const Oracle oracle;
  for (const std::string host : {"a..com", "..com", ".com", "a.b..co.uk", "a..co.uk", "x..y.co.uk",
                                 "..", "a..", "com..", "a.com.", "a_b.co.uk", "-.ck", "www.ck",
                                 "a.www.ck", "a.b.ck", "localhost", "a.localhost"}) {
    EXPECT_EQ(RegistrableDomain(host), oracle.DomainOf(host)) << host;
  }
}

}  // namespace
}  // namespace crawlcard::page
