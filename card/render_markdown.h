// card/render_markdown.h - the card as GitHub-flavoured Markdown.
//
// Foreign text stands in code spans: no link, mention or markup can arise from it.
//
// Thread rule: thread-safe.
#pragma once

#include <string>

#include "card/card.h"

namespace crawlcard::card {

std::string RenderMarkdown(const Card& card);

}  // namespace crawlcard::card
