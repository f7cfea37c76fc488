// card/render_json.h - the card for machines: crawlcard.card.v1 (docs/schemas/card.v1.schema.json).
//
// Thread rule: thread-safe.
#pragma once

#include <string>

#include "card/card.h"

namespace crawlcard::card {

// Indented JSON, members in fixed order, ended by LF. Foreign text keeps its exact value; deceptive
// characters in it are escaped.
std::string RenderJson(const Card& card);

}  // namespace crawlcard::card
