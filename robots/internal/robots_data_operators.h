// robots/internal/robots_data_operators.h - the known operators that a robots.txt names.
//
// Lists of 100 AI agents over one rule are common, and each page asks what they are told. The
// groups that name each operator are therefore looked up once a file; a path is then compared once
// with each rule, however many agents share it.
//
// Thread rule: immutable after construction. Borrows the records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "robots/agents.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/internal/robots_records.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots::internal {

class NamedOperators {
 public:
  // What a line may cost beyond its text, for caches.
  static constexpr std::size_t kBytesPerLine = 64;

  // A value of an agent line that names a known operator.
  struct Named {
    const Agent* agent = nullptr;
    std::string_view name;  // to ask for
    bool lenient = false;   // no product token: never matches by the grammar, though plainly meant
    std::uint32_t slot = 0;
  };

  // `agents` are the distinct values of the file, in its order; `read` are the records of `dialect`
  // (not one of Consent in Crisis), `lenient` those of kLenient.
  NamedOperators(const RobotsRecords& read, const RobotsRecords& lenient,
                 std::span<const std::string_view> agents, Dialect dialect);

  std::span<const Named> list() const { return list_; }
  bool uses_lenient() const { return !lenient_.slots.empty(); }

  // Appends those who may not fetch `path`, which is also given in the normal form of RFC 9309.
  // Files whose groups may be read in two ways are not for this if uses_lenient().
  void Refused(std::string_view path, std::string_view normal,
               std::vector<OperatorRefusal>& refusals_out) const;

 private:
  struct Group {
    std::uint32_t begin = 0;  // record of the first agent line
    std::uint32_t rules_begin = 0;
    std::uint32_t rules_end = 0;
  };
  struct Rule {
    std::uint32_t record = 0;
    // What has to stand behind the first slash of a path; 0: anything may.
    char letter = 0;
  };
  // One way of reading the file.
  struct Reading {
    Reading(const RobotsRecords& read_in, Dialect dialect_in)
        : read(&read_in), dialect(dialect_in) {}

    std::uint32_t SlotOf(std::string_view name);
    void FindGroups();
    // Notes the slots that `record` names; true if there are any.
    bool NoteGroup(const Record& record, std::uint32_t group);
    // The line of the rule that refuses, by slot; 0 where none does.
    void RefusingLines(std::string_view path, std::vector<std::uint32_t>& lines_out) const;

    const RobotsRecords* read;
    Dialect dialect;
    std::unordered_map<std::string, std::uint32_t> slot_of;  // by name in lower case
    std::vector<std::vector<std::uint32_t>> slots;           // groups that name it
    std::vector<Group> groups;                               // that name any
    std::vector<Rule> rules;                                 // of the groups
  };

  Reading own_;
  Reading lenient_;
  std::vector<Named> list_;
};

}  // namespace crawlcard::robots::internal
