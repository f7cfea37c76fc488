// card/render_html.h - the card as one self-contained HTML file for people.
//
// No script, no request to anywhere (a Content-Security-Policy forbids both), light and dark, print
// style, legible from 360 pixels on. Everything that is printed is escaped; foreign text has passed
// VisibleText().
//
// Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "card/card.h"

namespace crawlcard::card {

std::string RenderHtml(const Card& card);

// The style sheet that RenderHtml() puts into the page (card/html_style.cc).
std::string_view HtmlStyle();

}  // namespace crawlcard::card
