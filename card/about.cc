#include "card/about.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "card/limits.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

using enum AnswerKind;

constexpr std::string_view kYesNoChoices = "yes|no|not applicable";
constexpr std::string_view kKnownChoices = "yes|no|not known";

// clang-format off
constexpr std::array kQuestions = std::to_array<Question>({
    {"summary", "version", kText, "Summary: version",
     "Version of the public summary, such as 1.0.", "", "\"1.0\""},
    {"summary", "location", kUrl, "Summary: authoritative location",
     "Where the current summary is published.", "", "\"https://example.org/summary\""},
    {"summary", "changes", kText, "Summary: changes from the version before",
     "What changed, in a sentence or two.", "", "\"First version.\""},

    {"provider", "name", kText, "Provider: name",
     "Who places the model on the market, or offers the dataset.", "", "\"Example Ltd\""},
    {"provider", "contact", kText, "Provider: contact",
     "A contact that is not generic: a person or office that answers.", "",
     "\"data-office@example.org\""},
    {"provider", "representative_name", kText, "Authorised representative: name",
     "For providers outside the European Union; or: Not applicable.", "", "\"Not applicable\""},
    {"provider", "representative_contact", kText, "Authorised representative: contact",
     "Contact of the representative in the Union.", "", "\"Not applicable\""},
    {"provider", "sme", kYesNo, "Provider: small or medium-sized, or a start-up",
     "Decides how many domains the public summary must list.", kYesNoChoices, "\"no\""},

    {"dataset", "title", kText, "Dataset: title", "Name of the dataset for people.", "",
     "\"Example web corpus\""},
    {"dataset", "version", kText, "Dataset: version", "Three numbers are best: 1.0.0.", "",
     "\"1.0.0\""},
    {"dataset", "description", kText, "Dataset: description", "What it is, in a few sentences.",
     "", "\"Pages of public institutions.\""},
    {"dataset", "url", kUrl, "Dataset: address", "The page about the dataset.", "",
     "\"https://example.org/corpus\""},
    {"dataset", "download", kUrl, "Dataset: download address", "Where its files are.", "",
     "\"https://example.org/corpus/files/\""},
    {"dataset", "license", kText, "Dataset: licence",
     "SPDX identifier of the licence of the collection, not of the pages in it.", "",
     "\"ODC-By-1.0\""},
    {"dataset", "license_url", kUrl, "Dataset: address of the licence", "Text of that licence.",
     "", "\"https://opendatacommons.org/licenses/by/1-0/\""},
    {"dataset", "creators", kTexts, "Dataset: creators", "Who made it.", "",
     "[\"Example Ltd\"]"},
    {"dataset", "publisher", kText, "Dataset: publisher", "Who publishes it.", "",
     "\"Example Ltd\""},
    {"dataset", "funding", kText, "Dataset: funding", "Who paid for it.", "", "\"Own funds\""},
    {"dataset", "released", kDate, "Dataset: date of release", "When it was published.", "",
     "2026-10-02"},
    {"dataset", "availability", kChoice, "Dataset: how it can be had", "In words of SPDX 3.0.1.",
     "clickthrough|directDownload|query|registration|scrapingScript", "\"directDownload\""},
    {"dataset", "purpose", kText, "Dataset: purpose", "Why it was made.", "",
     "\"Pre-training of language models.\""},
    {"dataset", "uses", kText, "Dataset: intended uses", "What it may be used for.", "",
     "\"Research on language models.\""},
    {"dataset", "out_of_scope", kText, "Dataset: uses out of scope",
     "What it must not be used for.", "", "\"Identifying people.\""},
    {"dataset", "citation", kText, "Dataset: citation", "How to cite it; BibTeX is welcome.", "",
     "\"Example Ltd, Example web corpus, 2026\""},
    {"dataset", "contact", kText, "Dataset: contact", "Who answers questions about it.", "",
     "\"corpus@example.org\""},

    {"models", "name", kText, "Model: name", "Name with version.", "", "\"Example-7B\"", true},
    {"models", "version", kText, "Model: version", "Its version.", "", "\"1.0\"", true},
    {"models", "docs", kUrl, "Model: documentation", "Its documentation.", "",
     "\"https://example.org/model\"", true},
    {"models", "placed_on_eu_market", kDate, "Model: placed on the Union market",
     "Date of placement.", "", "2026-11-01", true},
    {"models", "base_name", kText, "Model: base model", "The model it was made from, if any.", "",
     "\"Base-7B\"", true},
    {"models", "base_summary", kUrl, "Model: summary of the base model",
     "Public summary of the base model.", "", "\"https://example.org/base-summary\"", true},

    {"answers", "public_datasets", kYesNo, "Publicly available datasets used",
     "Datasets compiled by others, free of charge, ready to download.", kYesNoChoices, "\"yes\""},
    {"answers", "licensed_datasets", kYesNo, "Commercially licensed data used",
     "Data under a commercial licence from rightsholders.", kYesNoChoices, "\"no\""},
    {"answers", "other_private", kYesNo, "Other private datasets of third parties used",
     "Private data of third parties that is not licensed commercially.", kYesNoChoices, "\"no\""},
    {"answers", "crawlers_by_us", kYesNo, "Crawlers used by or for the provider",
     "No archive can prove it: only you know.", kYesNoChoices, "\"no\""},
    {"answers", "user_prompts", kYesNo, "Data from users' dealings with the model used",
     "Prompts and the like.", kYesNoChoices, "\"no\""},
    {"answers", "user_services", kYesNo, "Data of users of other services used",
     "Data from the provider's other services.", kYesNoChoices, "\"no\""},
    {"answers", "synthetic", kYesNo, "Synthetic data used",
     "Data made by models for the training.", kYesNoChoices, "\"no\""},
    {"answers", "other_sources", kYesNo, "Other sources used", "Anything else.", kYesNoChoices,
     "\"no\""},
    {"answers", "continuous_training", kYesNo, "Training goes on with newer data",
     "Whether the model is trained on after the latest acquisition.", kYesNoChoices, "\"no\""},
    {"answers", "code_signatory", kYesNo, "Signatory of the Code of Practice",
     "The General-Purpose AI Code of Practice, copyright chapter.", kYesNoChoices, "\"no\""},

    {"describe", "content_types", kText, "Types of content", "News, forums, code, and so on.", "",
     "\"News, encyclopaedias, forums.\""},
    {"describe", "languages", kText, "Linguistic characteristics",
     "In your words, beside the measured table.", "", "\"Mostly English.\""},
    {"describe", "other_characteristics", kText, "Other characteristics",
     "National, regional or demographic traits.", "", "\"European sites are most of it.\""},
    {"describe", "public_datasets", kText, "Other public datasets",
     "Public datasets that are not listed one by one.", "", "\"None.\""},
    {"describe", "private_datasets", kText, "Private datasets", "What they are.", "", "\"None.\""},
    {"describe", "user_data", kText, "User data", "From which services, of which kind.", "",
     "\"None.\""},
    {"describe", "synthetic_data", kText, "Synthetic data", "Made by which models, why.", "",
     "\"None.\""},
    {"describe", "other_sources", kText, "Other sources", "What they are.", "", "\"None.\""},
    {"describe", "comments", kText, "Comments", "Anything a reader should know.", "",
     "\"Sizes are before tokenisation.\""},

    {"public_datasets", "name", kText, "Public dataset: name", "Name or identifier.", "",
     "\"Common Crawl\"", true},
    {"public_datasets", "version", kText, "Public dataset: version", "Snapshot or version.", "",
     "\"CC-MAIN-2025-43\"", true},
    {"public_datasets", "link", kUrl, "Public dataset: address", "Where it is.", "",
     "\"https://commoncrawl.org/\"", true},
    {"public_datasets", "selection", kText, "Public dataset: part selected", "Which part, and how.",
     "", "\"All robots.txt files.\"", true},

    {"crawler", "name", kText, "Crawler: name", "Name or user agent.", "", "\"examplebot\""},
    {"crawler", "operator", kText, "Crawler: operator", "Who runs it.", "", "\"Example Ltd\""},
    {"crawler", "purposes", kText, "Crawler: purposes", "What it collects for.", "",
     "\"Training data.\""},
    {"crawler", "robots_txt", kText, "Crawler: robots.txt", "How it deals with robots.txt.", "",
     "\"Obeyed by RFC 9309.\""},
    {"crawler", "other_protocols", kText, "Crawler: other protocols",
     "Which other reservations it honours.", "", "\"TDMRep, ai.txt.\""},
    {"crawler", "captcha", kText, "Crawler: captchas", "How it deals with them.", "",
     "\"Not solved; the page is left out.\""},
    {"crawler", "password", kText, "Crawler: pages behind a password", "How it deals with them.",
     "", "\"Never entered.\""},
    {"crawler", "paywall", kText, "Crawler: paywalls", "How it deals with them.", "",
     "\"Not got round.\""},
    {"crawler", "sources", kText, "Crawler: kinds of sources",
     "Geography, languages, kinds of sites.", "", "\"Public institutions in Europe.\""},
    {"crawler", "ip_ranges", kUrl, "Crawler: addresses", "List of its IP ranges.", "",
     "\"https://example.org/bot.json\""},

    {"policies", "reservations", kText, "Measures for reservations of rights",
     "What is done before and during collection.", "", "\"Refused pages are dropped.\""},
    {"policies", "copyright_policy", kUrl, "Copyright policy", "Its address.", "",
     "\"https://example.org/copyright\""},
    {"policies", "complaints_contact", kText, "Contact for rightsholders",
     "Where complaints go.", "", "\"rights@example.org\""},
    {"policies", "removal_form", kUrl, "Removal form", "Where removal can be asked for.", "",
     "\"https://example.org/removal\""},
    {"policies", "illegal_content", kText, "Removal of illegal content", "Which measures.", "",
     "\"Block lists.\""},
    {"policies", "other_processing", kText, "Other processing", "What else was done to the data.",
     "", "\"Near-duplicates were removed.\""},

    {"california", "copyright", kChoice, "Data protected by copyright",
     "Whether the data includes such.", kKnownChoices, "\"yes\""},
    {"california", "trademark", kChoice, "Data protected by trademark",
     "Whether the data includes such.", kKnownChoices, "\"not known\""},
    {"california", "patent", kChoice, "Data protected by patent",
     "Whether the data includes such.", kKnownChoices, "\"not known\""},
    {"california", "entirely_public_domain", kChoice, "Data entirely in the public domain",
     "A crawl practically never is.", "yes|no", "\"no\""},
    {"california", "purchased_or_licensed", kChoice, "Data purchased or licensed",
     "How the datasets were had.", "purchased|licensed|both|neither", "\"neither\""},
    {"california", "personal_information", kChoice, "Data with personal information",
     "Civil Code 1798.140(v); a web crawl practically always holds some.", kKnownChoices,
     "\"yes\""},
    {"california", "aggregate_consumer_information", kChoice,
     "Data with aggregate consumer information", "Civil Code 1798.140(b).", kKnownChoices,
     "\"not known\""},
    {"california", "cleaned", kChoice, "Data cleaned or modified", "By the developer.", "yes|no",
     "\"yes\""},
    {"california", "cleaning", kText, "Cleaning and its purpose", "What was done, what for.", "",
     "\"Duplicates were removed to save time.\""},
    {"california", "ongoing", kYesNo, "Collection goes on", "Whether it does.", kYesNoChoices,
     "\"no\""},
    {"california", "first_used", kDates, "Dates of first use", "In the development of the system.",
     "", "[2026-05-01]"},
    {"california", "synthetic", kChoice, "Synthetic data generation",
     "Whether it was or is used.", "yes|no|continuously", "\"no\""},

    {"statements", "personal_data", kText, "Personal and sensitive information",
     "What is known of it, and what was done.", "", "\"Not looked for.\""},
    {"statements", "sensitive_personal_data", kChoice, "Sensitive personal information present",
     "In words of SPDX 3.0.1.", "yes|no|noAssertion", "\"noAssertion\""},
    {"statements", "legal_basis", kText, "Legal basis", "Of the collection and of each use.", "",
     "\"Directive (EU) 2019/790, Article 4.\""},
    {"statements", "biases", kTexts, "Biases", "Known ones.", "",
     "[\"English outweighs the rest.\"]"},
    {"statements", "limitations", kTexts, "Limitations", "Known ones.", "",
     "[\"Only captured pages.\"]"},
    {"statements", "social_impact", kText, "Social impact", "What it may do to people.", "",
     "\"Unknown.\""},
    {"statements", "maintenance", kText, "Maintenance", "Who keeps it, how often.", "",
     "\"Twice a year.\""},
    {"statements", "ethical_review", kText, "Ethical review", "By whom, when.", "", "\"None.\""},
    {"statements", "confidentiality", kText, "Confidentiality", "Class of the data.", "",
     "\"public\""},
    {"statements", "origin_country", kText, "Country of origin",
     "Two letters by ISO 3166-1, or Various.", "", "\"Various\""},
});
// clang-format on

struct Group {
  std::string_view name;
  std::string_view title;
};
constexpr std::array kGroups = std::to_array<Group>({
    {"summary", "The public summary itself"},
    {"provider", "Who answers"},
    {"dataset", "The dataset"},
    {"models", "Models that use the data"},
    {"answers", "Questions with a short answer: yes, no or not applicable"},
    {"describe", "In your words"},
    {"public_datasets", "Public datasets used"},
    {"crawler", "Crawlers of the provider"},
    {"policies", "Policies and measures"},
    {"california", "California Civil Code 3111"},
    {"statements", "Statements"},
});

bool IsUrl(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() == scheme) return false;
  if (text[scheme] == '/' || text[scheme] == ':' || text[scheme] == '?') return false;
  // RFC 3986: printable ASCII without what must be escaped.
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7F' &&
           std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

// A day of the calendar and nothing more: "2026-10-02".
bool IsDay(std::string_view text) {
  if (text.size() != 10) return false;
  const std::optional<UnixSeconds> at = ParseRfc3339(text);
  return at && FormatRfc3339(*at).starts_with(text);
}

bool IsChoice(std::string_view choices, std::string_view text) {
  while (!choices.empty()) {
    const std::size_t bar = choices.find('|');
    if (choices.substr(0, bar) == text) return true;
    if (bar == std::string_view::npos) return false;
    choices.remove_prefix(bar + 1);
  }
  return false;
}

std::string_view KindWords(AnswerKind kind) {
  switch (kind) {
    case kText:
      return "text";
    case kTexts:
      return "a list of texts";
    case kUrl:
      return "an address that starts with https:// or http://";
    case kDate:
      return "a date";
    case kDates:
      return "a list of dates";
    case kYesNo:
    case kChoice:
      return "one of";
  }
  return "";
}

// The first character that may not stand in an answer: controls but TAB and LF, and what steers the
// direction of text or hides.
bool HasForbiddenCharacter(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '\n', ' ');
  std::replace(plain.begin(), plain.end(), '\t', ' ');
  return VisibleText(plain, plain.size() + 1) != plain;
}

}  // namespace

std::span<const Question> Questions() {
  return kQuestions;
}

const Question* FindQuestion(std::string_view group, std::string_view key) {
  for (const Question& question : kQuestions) {
    if (question.group == group && question.key == key) return &question;
  }
  return nullptr;
}

std::string_view GroupTitle(std::string_view group) {
  for (const Group& one : kGroups) {
    if (one.name == group) return one.title;
  }
  return "";
}

std::string WrongAnswer(const Question& question, std::string_view text) {
  if (TrimAscii(text).empty()) return "the answer is empty: leave the line out instead";
  if (text.size() > limits::kAnswerBytesMax) {
    return fmt::format("the answer has {} bytes, {} are allowed", text.size(),
                       limits::kAnswerBytesMax);
  }
  if (!IsUtf8(text)) return "the answer is no UTF-8";
  if (HasForbiddenCharacter(text)) {
    return "the answer holds a control character, or one that is invisible or turns text around";
  }
  switch (question.kind) {
    case kUrl:
      if (!IsUrl(text)) return fmt::format("'{}' is no address: {}", text, KindWords(kUrl));
      break;
    case kDate:
    case kDates:
      if (!IsDay(text)) return fmt::format("'{}' is no date such as 2026-10-02", text);
      break;
    case kYesNo:
    case kChoice:
      if (!IsChoice(question.choices, text)) {
        return fmt::format("'{}' is none of: {}", text, question.choices);
      }
      break;
    case kText:
    case kTexts:
      break;
  }
  return "";
}

std::string AboutTemplate() {
  std::string out =
      "# What only people can say of a dataset: read by `crawlcard card --about FILE`.\n"
      "# Take the '# ' away from a line and write your answer; what is left out is printed as\n"
      "# \"Not provided\". docs/formats/about.md says more.\n";
  std::string_view group;
  for (const Question& question : kQuestions) {
    if (question.group != group) {
      group = question.group;
      out += fmt::format("\n# --- {}{}\n", GroupTitle(group),
                         question.repeated ? " (repeat the block for each)" : "");
      out += question.repeated ? fmt::format("# [[{}]]\n", group) : fmt::format("[{}]\n", group);
    }
    out += fmt::format("# {}: {}", question.title, question.help);
    if (!question.choices.empty()) out += fmt::format(" One of: {}.", question.choices);
    out += fmt::format("\n# {} = {}\n", question.key, question.example);
  }
  return out;
}

std::optional<std::string_view> About::Text(std::string_view id) const {
  const auto found = answers.find(id);
  if (found == answers.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

const std::vector<About::Row>& About::Rows(std::string_view group) const {
  static const std::vector<Row> kNone;
  const auto found = rows.find(group);
  return found == rows.end() ? kNone : found->second;
}

}  // namespace crawlcard::card
