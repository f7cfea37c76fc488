// robots/tdm_policy.h - the document behind a tdm-policy URL.
//
// TDM Reservation Protocol, section on policies: a page for people, or an offer in the ODRL profile
// of the report; signals.md 4.5. A policy never lifts a reservation: it says what to ask for.
//
// Text lives in the arena. Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace crawlcard::robots {

enum class TdmPolicyKind : std::uint8_t { kMachine, kHuman, kUnreachable };
std::string_view TdmPolicyKindName(TdmPolicyKind kind);  // "machine", "human", "unreachable"

// What a reader may conclude from the permissions alone.
enum class TdmPolicyHint : std::uint8_t { kAllow, kConditional, kUnknownConditions };
std::string_view TdmPolicyHintName(TdmPolicyHint hint);  // "allow", ..., "unknown-conditions"

struct TdmPermission {
  std::string_view action;                   // without "tdm:"
  std::span<const std::string_view> duties;  // "obtainConsent", "compensate"
  std::string_view purpose;                  // "research", "non-research" or empty
  bool other_constraint = false;             // one that is not read here
};

struct TdmPolicy {
  TdmPolicyKind kind = TdmPolicyKind::kUnreachable;
  bool valid = false;  // meets the profile; means nothing for kHuman
  std::vector<TdmPermission> permissions;
  std::string_view contact;  // e-mail URI of the assigner
  std::string_view uid;
  TdmPolicyHint hint = TdmPolicyHint::kUnknownConditions;
  std::vector<std::string_view> flags;
};

// Reads the answer to a request for a policy. Statuses other than 2xx are unreachable.
TdmPolicy ReadTdmPolicy(std::uint16_t status, std::string_view content_type, std::string_view body,
                        Arena& arena);

}  // namespace crawlcard::robots
