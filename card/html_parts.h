// card/html_parts.h - the style sheet and the script that RenderHtml() puts into the page.
//
// Both stand in the page as they are; its Content-Security-Policy names them by SHA-256, so that
// nothing else is applied or run. The page works without the script: it sorts and searches tables,
// folds long ones, switches the look, and opens all details for print.
//
// Thread rule: static data.
#pragma once

#include <string_view>

namespace crawlcard::card {

std::string_view HtmlStyle();   // html_style.cc
std::string_view HtmlScript();  // html_script.cc

}  // namespace crawlcard::card
