#include "robots/rsl.h"

#include <algorithm>
#include <string>

#include "base/find.h"
#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/internal/url.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

constexpr std::uint32_t kDefaultMaxAgeDays = 30;
constexpr std::array<RslUses, 6> kEachUse = {kRslAiTrain, kRslAiInput, kRslAiIndex,
                                             kRslSearch,  kRslAiLater, kRslElse};

// Works of the public domain carry no terms (signals.md 11.3, evaluation for training).
bool IsPublicDomainUrl(std::string_view url) {
  return FindIgnoreCase(url, "//creativecommons.org/publicdomain/") != std::string_view::npos ||
         FindIgnoreCase(url, "//www.creativecommons.org/publicdomain/") != std::string_view::npos;
}

bool AsksForPayment(const RslLicence& licence) {
  if (!licence.payment.empty() && licence.payment != "free") return true;
  if (!licence.custom.empty()) return true;
  return !licence.standard.empty() && !IsPublicDomainUrl(licence.standard);
}

// Conditions that speak about access itself, even where a licence names no use.
bool RestrictsAccess(const RslContent& content, const RslLicence& licence) {
  return AsksForPayment(licence) || !content.server.empty() || content.encrypted ||
         !licence.users.empty() || !licence.users_not.empty() || !licence.regions.empty() ||
         !licence.regions_not.empty();
}

bool HasConditions(const RslContent& content, const RslLicence& licence) {
  return RestrictsAccess(content, licence) || licence.reporting || licence.legal;
}

// What the licences at one scope say about one use.
struct UseWord {
  Says says = Says::kNothing;
  bool differ = false;  // two licences say different things
  bool closed = false;  // not in a list that is complete
  void Add(Says one) {
    if (one == Says::kNothing) return;
    differ = differ || (says != Says::kNothing && says != one);
    says = Stricter(says, one);
  }
};

// A prohibition beats every permission it covers; a list of permitted uses is complete.
Says SaysOf(const RslContent& content, const RslLicence& licence, RslUses use) {
  if ((licence.prohibited & use) != 0) return Says::kDeny;
  if ((licence.permitted & use) != 0) {
    return HasConditions(content, licence) ? Says::kConditional : Says::kAllow;
  }
  const bool names_no_use = !licence.permits_uses && licence.prohibited == 0;
  if (names_no_use && RestrictsAccess(content, licence)) return Says::kConditional;
  return Says::kNothing;
}

bool Covers(const RslContent& content, std::string_view origin, std::string_view path) {
  if (content.url.empty()) return true;  // whoever holds the document knows where it stood
  if (!content.origin.empty() && content.origin != origin) return false;
  return internal::Matches(content.pattern, path);
}

void AddTo(RslConditions& conditions, const RslContent& content, const RslLicence& licence) {
  const auto take = [](auto& to, const auto& from) {
    if (to.empty()) to = from;
  };
  take(conditions.payment, licence.payment);
  take(conditions.amount, licence.amount);
  take(conditions.currency, licence.currency);
  take(conditions.standard, licence.standard);
  take(conditions.custom, licence.custom);
  take(conditions.token_server, content.server);
  take(conditions.users, licence.users);
  take(conditions.users_not, licence.users_not);
  take(conditions.regions, licence.regions);
  take(conditions.regions_not, licence.regions_not);
  conditions.reporting = conditions.reporting || licence.reporting;
  conditions.legal = conditions.legal || licence.legal;
  conditions.encrypted = conditions.encrypted || content.encrypted;
}

void AddUse(RslUses use, Says says, AxisMap& axes) {
  switch (use) {
    case kRslAiTrain:
      axes.Add(Axis::kTrain, says);
      axes.Add(Axis::kTrainAny, says);
      break;
    case kRslAiInput:
      axes.Add(Axis::kAiInput, says);
      break;
    case kRslAiIndex:
      axes.Add(Axis::kAiIndex, says);
      break;
    case kRslSearch:
      axes.Add(Axis::kSearch, says);
      break;
    case kRslElse:
      axes.Add(Axis::kAll, says);
      break;
    default:
      break;  // later AI uses have no axis yet
  }
}

// "payment=crawl 0.01 USD; user=education": for people, and for comparing two answers.
std::string ConditionText(const RslConditions& conditions) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!text.empty()) text += "; ";
    text += name;
    text += '=';
    text += value;
  };
  const auto add_list = [&](std::string_view name, RslTokens tokens) {
    std::string joined;
    for (const std::string_view token : tokens) {
      if (!joined.empty()) joined += ' ';
      joined += token;
    }
    add(name, joined);
  };
  add("payment", conditions.payment == "free" ? std::string_view() : conditions.payment);
  add("amount", conditions.amount);
  add("currency", conditions.currency);
  add("standard", conditions.standard);
  add("custom", conditions.custom);
  add("token-server", conditions.token_server);
  add_list("user", conditions.users);
  add_list("user-not", conditions.users_not);
  add_list("geo", conditions.regions);
  add_list("geo-not", conditions.regions_not);
  add("reporting", conditions.reporting ? "required" : "");
  add("legal", conditions.legal ? "see document" : "");
  add("encrypted", conditions.encrypted ? "true" : "");
  return text.substr(0, Utf8Prefix(text, limits::kRawBytesMax).size());
}

// Contents that cover the URL, longest pattern first.
std::vector<const RslContent*> Covering(const RslDocument& document, std::string_view url) {
  const std::string origin = internal::Origin(url);
  const std::string written_path = internal::PathAndQuery(url);
  std::string scratch;
  const std::string_view path = internal::NormaliseRfcPath(written_path, scratch);
  std::vector<const RslContent*> covering;
  for (const RslContent& content : document.contents) {
    if (Covers(content, origin, path)) covering.push_back(&content);
  }
  std::stable_sort(covering.begin(), covering.end(), [](const auto* a, const auto* b) {
    return a->pattern.length > b->pattern.length;
  });
  return covering;
}

// One group of contents with patterns of one length.
void AddScope(std::span<const RslContent* const> scope, RslUses& open, AxisMap& axes,
              bool& differ) {
  for (const RslUses use : kEachUse) {
    if ((open & use) == 0) continue;  // a narrower content has spoken
    UseWord word;
    for (const RslContent* content : scope) {
      for (const RslLicence& licence : content->licences) {
        word.Add(SaysOf(*content, licence, use));
        // Uses outside the vocabulary are not refused by a list that cannot name them.
        word.closed = word.closed || (licence.permits_uses && use != kRslElse);
      }
    }
    differ = differ || word.differ;
    if (word.says == Says::kNothing && word.closed) word.says = Says::kDeny;
    if (word.says == Says::kNothing) continue;
    AddUse(use, word.says, axes);
    open = static_cast<RslUses>(open & ~use);
  }
}

// What `covering`, longest pattern first, come to.
RslAnswer Combine(const RslDocument& document, const std::vector<const RslContent*>& covering) {
  RslAnswer answer;
  answer.valid = document.valid;
  answer.flags.assign(document.flags.begin(), document.flags.end());
  answer.matched = !covering.empty();
  RslUses open = kRslAll;
  bool differ = false;
  bool has_conditions = false;
  for (std::size_t begin = 0; begin < covering.size();) {
    std::size_t end = begin + 1;
    while (end < covering.size() &&
           covering[end]->pattern.length == covering[begin]->pattern.length) {
      ++end;
    }
    const auto scope = std::span<const RslContent* const>(covering).subspan(begin, end - begin);
    AddScope(scope, open, answer.careful, differ);
    for (const RslContent* content : scope) {
      if (answer.terms.empty()) answer.terms = content->terms;
      if (has_conditions) continue;  // those of the narrowest contents
      for (const RslLicence& licence : content->licences) {
        AddTo(answer.conditions, *content, licence);
      }
    }
    has_conditions = true;
    begin = end;
  }
  if (differ) answer.flags.push_back("rsl.two_licenses");
  answer.careful.Widen();
  if (document.valid) answer.axes = answer.careful;
  return answer;
}

}  // namespace

RslAnswer EvaluateRsl(const RslDocument& document, std::string_view url) {
  return Combine(document, Covering(document, url));
}

RslAnswer EvaluateRslContent(const RslDocument& document, const RslContent& content) {
  return Combine(document, {&content});
}

void AppendRslSignals(const RslAnswer& answer, const Signal& base, Arena& arena,
                      SignalList& signals_out) {
  Signal signal = base;
  signal.family = Family::kRsl;
  signal.agent = "*";
  if (!answer.flags.empty()) signal.flags = arena.CopySpan(internal::FlagSpan(answer.flags));
  if (!answer.valid) {
    signal.key = kRslBrokenKey;
    signals_out.push_back(signal);
  }
  const std::string condition = ConditionText(answer.conditions);
  signal.condition = {};
  const std::string_view kept = condition.empty() ? std::string_view() : arena.Copy(condition);
  for (std::size_t i = 1; i < kAxisCount; ++i) {
    const auto axis = static_cast<Axis>(i);
    const Says says = answer.axes.At(axis);
    const Says careful = answer.careful.At(axis);
    // What a broken document permits is nothing; what it refuses counts for a careful reader.
    const bool refused = !answer.valid && (careful == Says::kDeny || careful == Says::kConditional);
    if (says == Says::kNothing && !refused) continue;
    signal.use = axis;
    signal.key = AxisName(axis);
    signal.says = says;
    signal.careful = answer.valid ? Says::kNothing : careful;
    signal.condition = says == Says::kConditional ? kept : std::string_view();
    signals_out.push_back(signal);
  }
}

bool RslIsFresh(std::optional<std::uint32_t> max_age_days, std::uint32_t age_days) {
  const std::uint32_t days = max_age_days.value_or(kDefaultMaxAgeDays);
  return days > 0 && age_days <= days;  // 0 asks for a look each time
}

}  // namespace crawlcard::robots
