// index/proof/leaves.h - every fact row as one line of text, in one order: the leaves of the tree.
//
// A leaf is a JSON object without white space:
//
//   {"key":"HEX","previous":"HEX","family":"hosts"|"pages","facts":{...}}
//
// `key` is "h" or "p" and the row's key in the index (docs/formats/index.md), in lower-case
// hexadecimal, so that texts sort as keys do: rows of `hosts` before those of `pages`. `previous`
// is the key of the leaf before it, empty in the first: a leaf says that nothing lies between the
// two. `facts` is what `dump` shows of the row; what a well-known file says is left out, since its
// digest is there. Rows of unsealed files are no leaves. docs/formats/proof.md.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "index/store.h"

namespace crawlcard::index {

inline constexpr char kHostLeaf = 'h';
inline constexpr char kPageLeaf = 'p';

struct LeafView {
  std::string_view key;   // "h" or "p" and the row's key, as bytes
  std::string_view line;  // without LF
};

// The leaves behind the key `after` (empty: from the first), in order, until `on_leaf` says false.
// With `known_by`, those of files that were sealed by then. Errors: kCorrupt, kIo, and those of
// `on_leaf`.
[[nodiscard]] Status ReadLeaves(const Store& store, std::optional<UnixSeconds> known_by,
                                std::string_view after,
                                const std::function<Result<bool>(const LeafView&)>& on_leaf);

}  // namespace crawlcard::index
