// card/check/sentences.h - sentences and paths by which forms state figures, with the facts they
// state. Written down apart from the renderers: a renderer that names the wrong fact differs.
//
// {ID} stands for a fact of one value, {TABLE/KEY} for the number beside KEY in a fact that is a
// table, {A%B} for a share, {A|B} for A or, where nobody gave it, B, {rows:TABLE} for how many rows
// there are, {digest} for the digest of all facts, {} for words that are looked at elsewhere. In a
// path, * is a number of an array.
//
// Thread rule: static data.
#pragma once

#include <span>
#include <string_view>

namespace crawlcard::card {

std::span<const std::string_view> Sentences();

// Phrases of our own that hold numbers which are no figures.
std::span<const std::string_view> Constants();

struct PathRule {
  std::string_view file;
  std::string_view path;
  std::string_view says;  // as in a sentence
};
std::span<const PathRule> PathRules();

// Labels of the key figures in Markdown.
struct LabelRule {
  std::string_view label;
  std::string_view fact;
};
std::span<const LabelRule> LabelRules();

}  // namespace crawlcard::card
