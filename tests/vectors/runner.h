// tests/vectors/runner.h - runs test vectors of signals and licences against the rooms.
//
// A vector is {id, kind, input, expect}. A kind is a function from `input` to an answer with the
// members that `expect` may name, and a list saying how each of those members is compared. Both
// are registered by a static KindRegistration in a *_kinds.cc file:
//
//   Json AnswerAitxt(const Json& input) { ... return {{"axes", {...}}, {"flags", {"..."}}}; }
//   const KindRegistration kAitxt("aitxt.car", AnswerAitxt,
//                                 {{"variant"}, {"axes", Compare::kAxes}, {"licence"}});
//
// Format of the files and rules of comparison: tests/data/vectors/README.md. The keys that may
// stand in any `expect` (flag, careful, lenient, confidence, ...) need no registration: `flag` is
// looked up in the answer's list "flags".
//
// Thread rule: thread-compatible; registration happens before main().
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace crawlcard::vectors {

using Json = nlohmann::json;

enum class Compare {
  kValue,      // scalars exactly; lists by position; objects by the listed members
  kUnordered,  // list: same length, any one-to-one assignment
  kContains,   // list: each listed member is found in the answer, which may be longer
  kExactMap,   // object: exactly the listed members
  kAxes,       // {axis: value}: absent in the answer means "unspecified"; {} means no statement
  kPassages,   // list of strings: each is part of one passage of the answer, white space collapsed
};

struct Key {
  std::string name;
  Compare compare = Compare::kValue;
};

using AnswerFunction = std::function<Json(const Json& input)>;

struct Kind {
  std::string name;
  AnswerFunction answer;
  std::vector<Key> keys;
};

class KindRegistration {
 public:
  KindRegistration(std::string name, AnswerFunction answer, std::vector<Key> keys);
};

// All registered kinds, in no order.
const std::vector<Kind>& Kinds();

// Why `answer` does not meet `expect`; empty when it does.
std::string Mismatch(const Json& expect, const Json& answer, const Kind& kind);

struct Counts {
  int passed = 0;
  int failed = 0;
};

// Runs every vector of every *.json in `directory` whose kind begins with `kind_prefix` (empty:
// all) and prints each failure with id and reason. An unreadable file or directory is a failure.
Counts RunDirectory(const std::string& directory, std::string_view kind_prefix);

// Inputs shared by kinds: the bytes of robots_txt, robots_b64 or robots_build.
std::string RobotsBytes(const Json& input);
// Path and query of an absolute URL as a server sees them, or "/" for an absent one.
std::string PathOf(const Json& input);

}  // namespace crawlcard::vectors
