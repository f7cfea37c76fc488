#include "robots/tdm_policy.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/internal/json.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using internal::JsonDocument;
using internal::JsonValue;

constexpr std::string_view kOdrlContext = "http://www.w3.org/ns/odrl.jsonld";
constexpr std::string_view kTdmContext = "http://www.w3.org/ns/tdmrep.jsonld";
constexpr std::string_view kProfile = "http://www.w3.org/ns/tdmrep";
constexpr std::string_view kPrefix = "tdm:";
// Context, list, permission, constraint, and a step to spare for an address card.
constexpr std::size_t kDepthMax = 16;

std::string_view WithoutPrefix(std::string_view name) {
  return name.substr(0, kPrefix.size()) == kPrefix ? name.substr(kPrefix.size()) : name;
}

// A list, or a lone value standing for a list of one.
template <class Visit>
void ForEachOf(const JsonValue& value, Visit visit) {
  if (!value.IsArray()) return visit(value);
  value.ForEachElement([&](const JsonValue& one) {
    visit(one);
    return true;
  });
}

class Reader {
 public:
  explicit Reader(Arena& arena) : arena_(arena) {}

  TdmPolicy Read(const JsonValue& root) {
    policy_.kind = TdmPolicyKind::kMachine;
    policy_.valid = true;
    ReadContext(root);
    const auto type = root.StringMember("@type");
    if (!type || WithoutOdrl(*type) != "Offer") Break("tdmpolicy.type");
    const auto profile = root.StringMember("profile");
    if (!profile || *profile != kProfile) Break("tdmpolicy.profile");
    const auto uid = root.StringMember("uid");
    if (!uid || uid->empty()) {
      Break("tdmpolicy.uid");
    } else {
      policy_.uid = Keep(*uid);
    }
    ReadAssigner(root);
    ReadPermissions(root);
    for (const std::string_view rule : {"prohibition", "obligation"}) {
      refuses_ = root.WithMember(rule, [](const JsonValue&) {}) || refuses_;
    }
    if (refuses_) Flag("tdmpolicy.extra_rule");
    policy_.hint = Hint();
    return policy_;
  }

 private:
  void Flag(std::string_view flag) {
    auto& flags = policy_.flags;
    if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
  }
  void Break(std::string_view flag) {
    Flag(flag);
    policy_.valid = false;
  }
  std::string_view Keep(std::string_view text) {
    return arena_.Copy(Utf8Prefix(text, limits::kRawBytesMax));
  }
  static std::string_view WithoutOdrl(std::string_view name) {
    constexpr std::string_view kOdrl = "odrl:";
    return name.substr(0, kOdrl.size()) == kOdrl ? name.substr(kOdrl.size()) : name;
  }

  // Both contexts are required; one of them missing is tolerated.
  void ReadContext(const JsonValue& root) {
    bool odrl = false;
    bool tdm = false;
    root.WithMember("@context", [&](const JsonValue& context) {
      ForEachOf(context, [&](const JsonValue& one) {
        const auto text = one.String();
        odrl = odrl || (text && *text == kOdrlContext);
        tdm = tdm || (text && *text == kTdmContext);
      });
    });
    if (!odrl && !tdm) return Break("tdmpolicy.context");
    if (!odrl || !tdm) Flag("tdmpolicy.context");
  }

  void ReadAssigner(const JsonValue& root) {
    std::size_t assigners = 0;
    root.WithMember("assigner", [&](const JsonValue& assigner) {
      ForEachOf(assigner, [&](const JsonValue& one) {
        if (++assigners > 1) return;
        const auto email = one.StringMember("vcard:hasEmail");
        if (email) policy_.contact = Keep(*email);
      });
    });
    if (assigners != 1) Break("tdmpolicy.assigner");
  }

  void ReadPermissions(const JsonValue& root) {
    root.WithMember("permission", [&](const JsonValue& permission) {
      if (!permission.IsArray()) Flag("tdmpolicy.lone_permission");
      ForEachOf(permission, [&](const JsonValue& one) { ReadPermission(one); });
    });
    if (policy_.permissions.empty()) Flag("tdmpolicy.no_permission");
  }

  void ReadPermission(const JsonValue& object) {
    if (policy_.permissions.size() >= limits::kTdmPolicyPermissionsMax) {
      return Break("tdmpolicy.truncated");
    }
    if (!object.IsObject()) return Break("tdmpolicy.permission");
    TdmPermission permission;
    const auto action = object.StringMember("action");
    if (!action) Break("tdmpolicy.permission");
    permission.action = Keep(WithoutPrefix(action.value_or("")));
    std::vector<std::string_view> duties;
    object.WithMember("duty", [&](const JsonValue& duty) {
      ForEachOf(duty, [&](const JsonValue& one) {
        const auto name = one.StringMember("action");
        if (duties.size() < limits::kTdmPolicyPermissionsMax) {
          duties.push_back(Keep(WithoutOdrl(WithoutPrefix(name.value_or("")))));
        }
      });
    });
    permission.duties = arena_.CopySpan(internal::FlagSpan(duties));
    object.WithMember("constraint", [&](const JsonValue& constraint) {
      ForEachOf(constraint, [&](const JsonValue& one) { ReadConstraint(one, permission); });
    });
    policy_.permissions.push_back(permission);
  }

  void ReadConstraint(const JsonValue& object, TdmPermission& permission) {
    const auto left = object.StringMember("leftOperand");
    const auto relation = object.StringMember("operator");
    const auto right = object.StringMember("rightOperand");
    const bool purpose = left && WithoutOdrl(*left) == "purpose" && relation &&
                         WithoutOdrl(*relation) == "eq" && right && permission.purpose.empty();
    if (purpose) {
      permission.purpose = Keep(WithoutPrefix(*right));
    } else {
      permission.other_constraint = true;
      Flag("tdmpolicy.constraint");
    }
  }

  TdmPolicyHint Hint() const {
    auto hint = TdmPolicyHint::kUnknownConditions;
    for (const TdmPermission& one : policy_.permissions) {
      if (one.action != "mine") continue;
      const bool bare = one.duties.empty() && one.purpose.empty() && !one.other_constraint;
      if (bare && !refuses_ && policy_.valid) return TdmPolicyHint::kAllow;
      hint = TdmPolicyHint::kConditional;
    }
    return hint;
  }

  Arena& arena_;
  TdmPolicy policy_;
  bool refuses_ = false;  // rules that the profile does not have
};

TdmPolicy Unread(TdmPolicyKind kind, std::string_view flag) {
  TdmPolicy policy;
  policy.kind = kind;
  if (!flag.empty()) policy.flags.push_back(flag);
  return policy;
}

}  // namespace

std::string_view TdmPolicyKindName(TdmPolicyKind kind) {
  switch (kind) {
    case TdmPolicyKind::kMachine:
      return "machine";
    case TdmPolicyKind::kHuman:
      return "human";
    case TdmPolicyKind::kUnreachable:
      return "unreachable";
  }
  return "";
}

std::string_view TdmPolicyHintName(TdmPolicyHint hint) {
  switch (hint) {
    case TdmPolicyHint::kAllow:
      return "allow";
    case TdmPolicyHint::kConditional:
      return "conditional";
    case TdmPolicyHint::kUnknownConditions:
      return "unknown-conditions";
  }
  return "";
}

TdmPolicy ReadTdmPolicy(std::uint16_t status, std::string_view content_type, std::string_view body,
                        Arena& arena) {
  if (status < 200 || status > 299) return Unread(TdmPolicyKind::kUnreachable, {});
  const std::string_view essence = TrimAscii(content_type.substr(0, content_type.find(';')));
  const bool json = EqualsIgnoreCase(essence, "application/json") ||
                    EqualsIgnoreCase(essence, "application/ld+json");
  if (!json) return Unread(TdmPolicyKind::kHuman, {});
  if (body.size() > limits::kTdmPolicyBytesMax) {
    return Unread(TdmPolicyKind::kMachine, "tdmpolicy.truncated");
  }
  JsonDocument document;
  const auto root = document.Parse(body, kDepthMax);
  if (!root || !root->IsObject()) return Unread(TdmPolicyKind::kMachine, "tdmpolicy.not_json");
  return Reader(arena).Read(*root);
}

}  // namespace crawlcard::robots
