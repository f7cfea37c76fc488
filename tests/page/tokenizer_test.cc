// tests/page/tokenizer_test.cc - the tokenizer against the html5lib conformance suite, and against
// input made to hurt it.
#include "page/html/tokenizer.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "page/html/char_ref.h"
#include "page/html/doctype.h"
#include "page/limits.h"

namespace crawlcard::page::html {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string Clean(std::string_view raw) {
  std::string out;
  AppendDecoded(raw, RefContext::kNone, NulRule::kReplace, out);
  return out;
}

void AddText(json& out, const std::string& text) {
  if (text.empty()) return;
  if (!out.empty() && out.back()[0] == "Character") {
    out.back()[1] = out.back()[1].get<std::string>() + text;
    return;
  }
  out.push_back({"Character", text});
}

std::string TextOf(const Token& token) {
  std::string out;
  const bool references = token.mode == TextMode::kData || token.mode == TextMode::kRcdata;
  const bool keeps_nul = token.mode == TextMode::kData || token.mode == TextMode::kCdata;
  AppendDecoded(token.data, references ? RefContext::kText : RefContext::kNone,
                keeps_nul ? NulRule::kKeep : NulRule::kReplace, out);
  return out;
}

// The tokens in the suite's JSON form.
json Tokens(std::string_view input, TextMode mode, const std::string& last_start_tag) {
  Tokenizer tokenizer(input);
  tokenizer.DisableSwitching();
  tokenizer.SwitchTo(mode, last_start_tag);
  json out = json::array();
  while (true) {
    const Token& token = tokenizer.Next();
    switch (token.kind) {
      case TokenKind::kEnd:
        return out;
      case TokenKind::kText:
        AddText(out, TextOf(token));
        break;
      case TokenKind::kStartTag: {
        json attributes = json::object();
        for (const Attribute& attribute : token.attributes) {
          std::string scratch;
          attributes[AsciiLowerCopy(Clean(attribute.name))] =
              std::string(AttributeValue(attribute.value, scratch));
        }
        json tag = {"StartTag", AsciiLowerCopy(Clean(token.name)), attributes};
        if (token.self_closing) tag.push_back(true);
        out.push_back(tag);
        break;
      }
      case TokenKind::kEndTag:
        out.push_back({"EndTag", AsciiLowerCopy(Clean(token.name))});
        break;
      case TokenKind::kComment:
        out.push_back({"Comment", Clean(token.data)});
        break;
      case TokenKind::kDoctype: {
        const bool closed = token.end > token.offset && input[token.end - 1] == '>';
        const Doctype doctype = ParseDoctype(token.data, closed);
        const auto text = [](const std::optional<std::string>& value) {
          return value ? json(*value) : json();
        };
        out.push_back({"DOCTYPE", text(doctype.name), text(doctype.public_id),
                       text(doctype.system_id), !doctype.force_quirks});
        break;
      }
    }
  }
}

// "\\u00e9" written twice escaped. Nullopt for lone surrogates, which UTF-8 cannot hold.
std::optional<std::string> Unescape(const std::string& text) {
  try {
    std::string quoted = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\\' && i + 1 < text.size() && text[i + 1] == 'u') {
        quoted += text.substr(i, 6);
        i += 5;
        continue;
      }
      quoted +=
          json(std::string(1, c)).dump(-1, ' ', false, json::error_handler_t::ignore).substr(1);
      quoted.pop_back();
    }
    return json::parse(quoted + "\"").get<std::string>();
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

const std::map<std::string, TextMode> kStates = {
    {"Data state", TextMode::kData},          {"PLAINTEXT state", TextMode::kPlaintext},
    {"RCDATA state", TextMode::kRcdata},      {"RAWTEXT state", TextMode::kRawtext},
    {"Script data state", TextMode::kScript}, {"CDATA section state", TextMode::kCdata}};

struct Outcome {
  int passed = 0;
  int failed = 0;
  int excluded = 0;
};

// The suite may cut text into several tokens; so may we.
json MergeText(const json& tokens) {
  json merged = json::array();
  for (const json& token : tokens) {
    if (token[0] == "Character") {
      AddText(merged, token[1].get<std::string>());
    } else {
      merged.push_back(token);
    }
  }
  return merged;
}

// Lone surrogates cannot stand in UTF-8 input: our decoders never produce them.
void RunFile(const fs::path& path, Outcome& outcome) {
  std::ifstream in(path);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  json suite;
  try {
    suite = json::parse(text);
  } catch (const json::exception& error) {
    ADD_FAILURE() << path.filename() << ": " << error.what();
    return;
  }
  if (!suite.contains("tests")) {
    // xmlViolationTests: an optional mapping for XML output, which we do not make.
    std::cout << "excluded: " << path.filename() << ": coercion to XML is not a tokenizer's work\n";
    ++outcome.excluded;
    return;
  }
  for (const json& test : suite["tests"]) {
    std::string input = test["input"].get<std::string>();
    json expected = test["output"];
    const std::string name =
        path.filename().string() + ": " + test["description"].get<std::string>();
    if (test.value("doubleEscaped", false)) {
      const auto once = Unescape(input);
      bool good = once.has_value();
      if (good) input = *once;
      for (json& token : expected) {
        for (json& member : token) {
          if (!member.is_string()) continue;
          const auto value = Unescape(member.get<std::string>());
          good = good && value.has_value();
          if (good) member = *value;
        }
        if (token[0] == "StartTag") {
          json attributes = json::object();
          for (const auto& [key, value] : token[2].items()) {
            attributes[Unescape(key).value_or("")] =
                Unescape(value.get<std::string>()).value_or("");
          }
          token[2] = attributes;
        }
      }
      if (!good) {
        std::cout << "excluded: " << name << ": lone surrogate\n";
        ++outcome.excluded;
        continue;
      }
    }
    const json merged = MergeText(expected);
    for (const json& state : test.value("initialStates", json::array({"Data state"}))) {
      const json got =
          Tokens(input, kStates.at(state.get<std::string>()), test.value("lastStartTag", ""));
      if (got == merged) {
        ++outcome.passed;
        continue;
      }
      ++outcome.failed;
      ADD_FAILURE() << name << " [" << state << "]\n  input " << json(input).dump() << "\n  want "
                    << merged.dump() << "\n  got  " << got.dump();
    }
  }
}

TEST(TokenizerConformance, Html5libSuite) {
  const fs::path folder =
      fs::path(CRAWLCARD_SHARED) / "corpora/conformance/html5lib__html5lib-tests/tokenizer";
  if (!fs::exists(folder)) GTEST_SKIP() << "corpus absent: " << folder;
  Outcome outcome;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".test") RunFile(entry.path(), outcome);
  }
  std::cout << outcome.passed << " passed, " << outcome.failed << " failed, " << outcome.excluded
            << " excluded\n";
  // The coercion file as a whole, and the four tests with a lone surrogate; nothing else.
  EXPECT_EQ(outcome.excluded, 5);
  EXPECT_GT(outcome.passed, 7000);
}

std::size_t Count(std::string_view body) {
  Tokenizer tokenizer(body);
  std::size_t tokens = 0;
  while (tokenizer.Next().kind != TokenKind::kEnd) ++tokens;
  return tokens;
}

std::string Repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Tokenizer, HostileInputIsReadInLinearTime) {
  EXPECT_EQ(Count(Repeat("<", 5'000'000)), 1U);
  EXPECT_EQ(Count("<!--" + Repeat("-", 5'000'000)), 1U);
  EXPECT_EQ(Count("<!--" + Repeat("<!--", 1'000'000)), 1U);
  EXPECT_EQ(Count(Repeat("<!--", 1'000'000)), 1U);
  EXPECT_EQ(Count("<script>" + Repeat("<!--<script>", 500'000)), 2U);
  EXPECT_EQ(Count("<title>" + Repeat("</titl", 900'000)), 2U);
  EXPECT_EQ(Count("<a " + Repeat("b='", 1'000'000)), 0U);
  EXPECT_EQ(Count(Repeat(std::string_view("\0", 1), 3'000'000)), 1U);
  EXPECT_EQ(Count(Repeat("<div>", 1'000'000)), 1'000'000U);
  EXPECT_EQ(Count(Repeat("</", 2'000'000)), 1U);
}

TEST(Tokenizer, KeepsTheFirstAttributesOfATagAndSaysSo) {
  for (const std::size_t extra : {0U, 1U}) {
    std::string tag = "<p";
    for (std::size_t i = 0; i < limits::kAttributesMax + extra; ++i) {
      tag += " a" + std::to_string(i) + "=1";
    }
    tag += ">x";
    Tokenizer tokenizer(tag);
    EXPECT_EQ(tokenizer.Next().attributes.size(), limits::kAttributesMax);
    EXPECT_EQ(tokenizer.attributes_dropped(), extra == 1);
    EXPECT_EQ(tokenizer.Next().data, "x");
  }
  std::string many = "<p";
  for (int i = 0; i < 1'000'000; ++i) many += " a" + std::to_string(i);
  EXPECT_EQ(Count(many + ">"), 1U);
}

TEST(Tokenizer, CdataIsTextOnlyInForeignContent) {
  Tokenizer tokenizer("<svg><![CDATA[<a>]]></svg><![CDATA[b]]>");
  tokenizer.Next();
  tokenizer.SetForeign(true);
  const Token text = tokenizer.Next();
  EXPECT_EQ(text.kind, TokenKind::kText);
  EXPECT_EQ(text.data, "<a>");
  EXPECT_EQ(tokenizer.Next().kind, TokenKind::kEndTag);
  tokenizer.SetForeign(false);
  EXPECT_EQ(tokenizer.Next().kind, TokenKind::kComment);
}

TEST(Tokenizer, OffsetsCoverTheTag) {
  const std::string_view body = "ab<a href=x>c";
  Tokenizer tokenizer(body);
  tokenizer.Next();
  const Token tag = tokenizer.Next();
  EXPECT_EQ(body.substr(tag.offset, tag.end - tag.offset), "<a href=x>");
}

TEST(AttributeValue, DecodesOnlyWhatNeedsIt) {
  std::string scratch;
  const std::string_view plain = "plain";
  EXPECT_EQ(AttributeValue(plain, scratch).data(), plain.data());
  EXPECT_EQ(AttributeValue("application&#x2F;ld&#x2B;json", scratch), "application/ld+json");
  EXPECT_EQ(AttributeValue("?a=1&copy=2&lt;", scratch), "?a=1&copy=2<");
}

}  // namespace
}  // namespace crawlcard::page::html
