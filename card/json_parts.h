// card/json_parts.h - the larger parts of crawlcard.card.v1, used by card/render_json.cc.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/json_writer.h"
#include "card/card.h"

namespace crawlcard::card {

void WriteDate(std::string_view key, const std::optional<UnixSeconds>& date, JsonWriter& json);

// An object of captures, hosts, domains and bytes.
void WriteReach(const Reach& reach, JsonWriter& json);
// The same members within an object that is open, with the share of `whole` captures.
void WriteReachMembers(const Reach& reach, std::uint64_t whole, JsonWriter& json);

// {"rows": [{KEY_NAME: ..., ...}], "rest": ...}; an empty key becomes null.
void WriteTable(std::string_view key, std::string_view key_name, const ReachTable& table,
                std::uint64_t whole, JsonWriter& json);
// The same for keys that hold two words.
void WritePairTable(std::string_view key, std::string_view first_name, std::string_view second_name,
                    const ReachTable& table, std::uint64_t whole, JsonWriter& json);
// Captures counted in `table` with single values each.
std::uint64_t CapturesIn(const ReachTable& table);

std::string_view StatusClassName(std::size_t status_class);  // "2xx", "none", "other"

void WriteHostFiles(const HostTally& hosts, JsonWriter& json);
void WriteAgents(const HostTally& hosts, JsonWriter& json);
void WriteVerdicts(const Card& card, JsonWriter& json);

}  // namespace crawlcard::card
