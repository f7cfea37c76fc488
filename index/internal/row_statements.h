// index/internal/row_statements.h - signals and licences of a row, in two strings of bytes.
//
// `what` holds what a verdict can depend on; `where` holds line numbers and the texts as written,
// which differ from page to page of one template. Two pages with the same `what` are judged alike.
//
//   what     n signals (family 4 carrier 4 bits  use 4 says 3 anybody 1  careful 3 confidence 2
//            numbered 1 same place 1 same raw 1  parts:1  key word, parts)*  n licences (bits:1
//            location scope region words, parts)*
//   where    of each signal: [line number]  [raw];  of each licence: [subject]  raw
//
// Thread rule: functions are thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "page/licence.h"
#include "robots/signal.h"

namespace crawlcard::index {

// Appends to both.
void EncodeStatements(std::span<const robots::Signal> signals,
                      std::span<const page::Licence> licences, std::string& what_out,
                      std::string& where_out);

struct RowStatements {
  std::span<const robots::Signal> signals;
  std::span<const page::Licence> licences;
};

// False for bytes that EncodeStatements() cannot have written. Views into the bytes and `arena`.
[[nodiscard]] bool DecodeStatements(std::string_view what, std::string_view where, Arena& arena,
                                    RowStatements& statements_out);

}  // namespace crawlcard::index
