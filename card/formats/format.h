// card/formats/format.h - every form in which a card can be written, one file a form.
//
// A form is a projection of card/facts.h: it picks facts, gives them the names that its readers
// expect, and adds nothing. What no fact answers is one of the three words for absence, or left out
// where the format has no room for words. Ids and dates come from the facts alone.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "card/card.h"
#include "card/facts.h"

namespace crawlcard::card {

struct FormInput {
  const Card& card;    // for html, md, json and the list of domains
  const Facts& facts;  // BuildFacts(card)
};

struct Format {
  std::string_view name;  // of --format
  std::string_view file;  // within --out DIR
  std::string_view line;  // what it is
  std::string (*render)(const FormInput& input);
};

// By name.
std::span<const Format> Formats();
const Format* FindFormat(std::string_view name);

// One a file: card/formats/NAME.cc.
std::string RenderEuSummaryJson(const FormInput& input);
std::string RenderEuSummaryMarkdown(const FormInput& input);
std::string RenderEuSummaryHtml(const FormInput& input);
std::string RenderAb2013Json(const FormInput& input);
std::string RenderAb2013Markdown(const FormInput& input);
std::string RenderHuggingFace(const FormInput& input);
std::string RenderCroissant(const FormInput& input);
std::string RenderCroissant10(const FormInput& input);
std::string RenderSpdx(const FormInput& input);
std::string RenderCycloneDx(const FormInput& input);
std::string RenderCycloneDx16(const FormInput& input);
std::string RenderDps(const FormInput& input);
std::string RenderProv(const FormInput& input);
std::string RenderDcat(const FormInput& input);
std::string RenderOsaid(const FormInput& input);
std::string RenderDatasheet(const FormInput& input);
std::string RenderInToto(const FormInput& input);

}  // namespace crawlcard::card
