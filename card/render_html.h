// card/render_html.h - the card as one self-contained HTML file for people.
//
// Makes no request: a Content-Security-Policy forbids all but the one style sheet and the one
// script in the file, by SHA-256 (card/html_parts.h). Works without the script. Light and dark,
// print style, legible from 360 pixels on. Each figure and table opens its definition and the
// command that gives it again. Everything that is printed is escaped; foreign text has passed
// VisibleText().
//
// Thread rule: thread-safe.
#pragma once

#include <string>

#include "card/card.h"
#include "card/facts.h"

namespace crawlcard::card {

// `facts` are BuildFacts(card).
std::string RenderHtml(const Card& card, const Facts& facts);
std::string RenderHtml(const Card& card);

}  // namespace crawlcard::card
