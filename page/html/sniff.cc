// page/html/sniff.cc - see sniff.h.
#include "page/html/sniff.h"

#include "base/text.h"

namespace crawlcard::page::html {

bool LooksLikeHtml(std::string_view body) {
  // Section 7.1, table 1. A comment is accepted whatever follows it.
  static constexpr std::string_view kPatterns[] = {"<!doctype html",
                                                   "<html",
                                                   "<head",
                                                   "<script",
                                                   "<iframe",
                                                   "<h1",
                                                   "<div",
                                                   "<font",
                                                   "<table",
                                                   "<a",
                                                   "<style",
                                                   "<title",
                                                   "<b",
                                                   "<body",
                                                   "<br",
                                                   "<p",
                                                   "<!--"};
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  while (!body.empty() && IsAsciiSpace(body.front())) body.remove_prefix(1);
  for (const std::string_view pattern : kPatterns) {
    if (!StartsWithIgnoreCase(body, pattern)) continue;
    if (pattern == "<!--") return true;
    if (body.size() == pattern.size()) return false;
    const char after = body[pattern.size()];
    if (after == ' ' || after == '>') return true;
    // The table names these two only; pages also break the line after a tag's name.
    if (IsAsciiSpace(after)) return true;
  }
  return false;
}

}  // namespace crawlcard::page::html
