// card/svg.h - charts as inline SVG: no script, no fixed width, text that does not scale.
//
// Widths are percentages and text has the size of the page, so a chart is as legible on a phone as
// on a wide screen. Each has <title> and <desc>; labels and values are text, so that nothing hangs
// on colour. Colours come from the classes of card/html_style.cc.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string>

#include "card/document.h"

namespace crawlcard::card {

// Horizontal bars, label and value above each.
std::string RenderBars(const BarChart& chart);

// One column a point, in order, with the first and last label and the largest value.
std::string RenderTimeline(const Timeline& line);

// About `pixels_max` pixels of text in the chart's letters; wide ones count more. Cut with an
// ellipsis, which is counted too.
std::string FitLabel(const std::string& text, std::size_t pixels_max);

}  // namespace crawlcard::card
