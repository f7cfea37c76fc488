// The reader of RSL documents: elements in, contents and licences out.

#include "robots/internal/rsl_parse.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/internal/url.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using internal::XmlElement;
using internal::XmlState;
using internal::XmlTree;

constexpr std::array<std::string_view, 15> kElements = {
    "rsl",    "content", "license", "permits",   "prohibits", "payment", "standard", "custom",
    "amount", "accepts", "legal",   "reporting", "alternate", "schema",  "copyright"};

bool IsKnownElement(std::string_view name) {
  return name == "terms" || std::find(kElements.begin(), kElements.end(), name) != kElements.end();
}

RslUses UsesOf(std::string_view token) {
  struct Row {
    std::string_view token;
    RslUses uses;
  };
  constexpr std::array<Row, 6> kRows = {{{"all", kRslAll},
                                         {"ai-all", kRslAiAll},
                                         {"ai-train", kRslAiTrain},
                                         {"ai-input", kRslAiInput},
                                         {"ai-index", kRslAiIndex},
                                         {"search", kRslSearch}}};
  for (const Row& row : kRows) {
    if (EqualsIgnoreCase(row.token, token)) return row.uses;
  }
  return 0;
}

class Reader {
 public:
  Reader(const XmlTree& tree, Arena& arena) : tree_(tree), arena_(arena) {}

  RslDocument Read(std::uint32_t root) {
    document_.valid = true;
    const XmlElement& element = tree_.elements()[root];
    if (element.name == "content") {
      ReadContent(root, element);
    } else {
      ReadMaxAge(element.Attribute("", "max-age"));
      tree_.ForEachChild(root, [&](std::uint32_t index, const XmlElement& child) {
        if (child.Is(kRslNamespace, "content")) ReadContent(index, child);
      });
    }
    for (std::uint32_t i = root; i < element.end; ++i) {
      const XmlElement& one = tree_.elements()[i];
      if (one.space != kRslNamespace || IsKnownElement(one.name)) continue;
      Break("rsl.unknown_element");
    }
    if (contents_.empty()) Break("rsl.no_content");
    document_.contents = arena_.CopySpan(std::span<const RslContent>(contents_));
    document_.flags = arena_.CopySpan(internal::FlagSpan(flags_));
    return document_;
  }

 private:
  void Flag(std::string_view flag) {
    if (std::find(flags_.begin(), flags_.end(), flag) == flags_.end()) flags_.push_back(flag);
  }
  // The document does not conform: it licenses nothing.
  void Break(std::string_view flag) {
    Flag(flag);
    document_.valid = false;
  }

  std::string_view Keep(std::string_view text) {
    return arena_.Copy(Utf8Prefix(TrimAscii(text), limits::kSignalTextBytesMax));
  }

  void ReadMaxAge(std::string_view written) {
    if (written.data() == nullptr) return;
    const auto days = ParseUint(TrimAscii(written));
    if (days && *days <= UINT32_MAX) {
      document_.max_age_days = static_cast<std::uint32_t>(*days);
    } else {
      Flag("rsl.bad_max_age");
    }
  }

  void ReadContent(std::uint32_t index, const XmlElement& element) {
    if (contents_.size() >= limits::kRslContentsMax) return Break("rsl.truncated");
    RslContent content;
    const std::string_view url = element.Attribute("", "url");
    if (url.data() == nullptr) Break("rsl.no_url");
    content.url = Keep(url);
    ReadPattern(content);
    content.server = Keep(element.Attribute("", "server"));
    content.encrypted = TrimAscii(element.Attribute("", "encrypted")) == "true";
    std::vector<RslLicence> licences;
    tree_.ForEachChild(index, [&](std::uint32_t child_index, const XmlElement& child) {
      if (child.Is(kRslNamespace, "terms")) content.terms = Keep(child.text);
      if (!child.Is(kRslNamespace, "license")) return;
      if (licences.size() >= limits::kRslLicencesMax) return Break("rsl.truncated");
      licences.push_back(ReadLicence(child_index));
    });
    if (licences.empty()) Break("rsl.no_license");
    content.licences = arena_.CopySpan(std::span<const RslLicence>(licences));
    contents_.push_back(content);
  }

  // Patterns of RFC 9309 over a path, or over a full URL.
  void ReadPattern(RslContent& content) {
    if (content.url.empty()) return;
    content.origin = arena_.Copy(internal::Origin(content.url));
    std::string path(content.url);
    if (!content.origin.empty()) {
      path = internal::PathAndQuery(content.url);
    } else if (path.front() != '/' && path.front() != '*') {
      path.insert(path.begin(), '/');
    }
    content.pattern = internal::CompileRfcPattern(arena_.Copy(path), arena_);
  }

  RslLicence ReadLicence(std::uint32_t index) {
    RslLicence licence;
    std::vector<RslScope> permits;
    std::vector<RslScope> prohibits;
    tree_.ForEachChild(index, [&](std::uint32_t child_index, const XmlElement& child) {
      if (child.space != kRslNamespace) return;
      if (child.name == "permits" || child.name == "prohibits") {
        ReadScope(child, child.name == "permits" ? permits : prohibits);
      } else if (child.name == "payment") {
        ReadPayment(child_index, child, licence);
      } else if (child.name == "reporting") {
        licence.reporting = true;
      } else if (child.name == "legal") {
        licence.legal = true;
      }
    });
    Apply(permits, prohibits, licence);
    licence.permits = arena_.CopySpan(std::span<const RslScope>(permits));
    licence.prohibits = arena_.CopySpan(std::span<const RslScope>(prohibits));
    return licence;
  }

  void ReadScope(const XmlElement& element, std::vector<RslScope>& scopes) {
    if (scopes.size() >= limits::kRslLicencesMax) return Break("rsl.truncated");
    RslScope scope;
    scope.type = Keep(element.Attribute("", "type"));
    if (scope.type.empty()) {
      Flag("rsl.no_type");
      scope.type = "usage";
    }
    scope.tokens = ReadTokens(element.text);
    scopes.push_back(scope);
  }

  RslTokens ReadTokens(std::string_view text) {
    std::vector<std::string_view> tokens;
    const auto separates = [](char c) { return IsAsciiSpace(c) || c == ','; };
    for (std::size_t at = 0; at < text.size();) {
      if (separates(text[at])) {
        // Lists with commas are a habit of the 0.9 draft.
        if (text[at] == ',') Legacy("rsl.legacy_commas");
        ++at;
        continue;
      }
      const std::size_t begin = at;
      while (at < text.size() && !separates(text[at])) ++at;
      if (tokens.size() >= limits::kRslTokensMax) {
        Break("rsl.truncated");
        break;
      }
      tokens.push_back(Keep(text.substr(begin, at - begin)));
    }
    return arena_.CopySpan(RslTokens(tokens));
  }

  void Legacy(std::string_view flag) {
    if (!flag.empty()) Flag(flag);
    document_.version = RslVersion::k09;
  }

  void ReadPayment(std::uint32_t index, const XmlElement& element, RslLicence& licence) {
    licence.payment = Keep(element.Attribute("", "type"));
    if (licence.payment == "inference") Legacy("rsl.legacy_payment");
    tree_.ForEachChild(index, [&](std::uint32_t, const XmlElement& child) {
      if (child.space != kRslNamespace) return;
      if (child.name == "standard") licence.standard = Keep(child.text);
      if (child.name == "custom") licence.custom = Keep(child.text);
      if (child.name != "amount") return;
      licence.amount = Keep(child.text);
      licence.currency = Keep(child.Attribute("", "currency"));
      if (licence.currency == "XBT") Legacy("rsl.legacy_currency");
    });
  }

  void Apply(const std::vector<RslScope>& permits, const std::vector<RslScope>& prohibits,
             RslLicence& licence) {
    for (const RslScope& scope : prohibits) {
      if (scope.type == "usage") {
        for (const std::string_view token : scope.tokens) licence.prohibited |= Known(token);
      }
      if (scope.type == "user") licence.users_not = scope.tokens;
      if (scope.type == "geo") licence.regions_not = scope.tokens;
    }
    for (const RslScope& scope : permits) {
      if (scope.type == "user") licence.users = scope.tokens;
      if (scope.type == "geo") licence.regions = scope.tokens;
      if (scope.type != "usage") continue;
      licence.permits_uses = true;
      for (const std::string_view token : scope.tokens) {
        const RslUses uses = Known(token);
        licence.permitted |= uses;
        if (uses != 0 && (uses & ~licence.prohibited) == 0) licence.self_defeating = true;
      }
    }
    if (licence.self_defeating) Flag("rsl.self_defeating");
  }

  RslUses Known(std::string_view token) {
    const RslUses uses = UsesOf(token);
    if (uses == 0) Flag("rsl.unknown_usage");
    return uses;
  }

  const XmlTree& tree_;
  Arena& arena_;
  RslDocument document_;
  std::vector<RslContent> contents_;
  std::vector<std::string_view> flags_;
};

RslDocument Broken(std::string_view flag, Arena& arena) {
  RslDocument document;
  document.flags = arena.CopySpan(internal::FlagSpan(std::span(&flag, 1)));
  return document;
}

}  // namespace

RslDocument internal::ParseRslElement(const XmlTree& tree, std::uint32_t root, Arena& arena) {
  return Reader(tree, arena).Read(root);
}

RslDocument ParseRsl(std::string_view bytes, Arena& arena) {
  const XmlTree tree(bytes, {});
  const bool is_rsl =
      !tree.elements().empty() && (tree.elements().front().Is(kRslNamespace, "rsl") ||
                                   tree.elements().front().Is(kRslNamespace, "content"));
  if (tree.state() == XmlState::kTooLarge) return Broken("rsl.truncated", arena);
  if (!is_rsl) return Broken("rsl.not_rsl", arena);
  RslDocument document = internal::ParseRslElement(tree, 0, arena);
  if (tree.state() == XmlState::kMalformed) {
    document.valid = false;
    document.flags = internal::WithFlags(document.flags, {"rsl.syntax"}, arena);
  }
  return document;
}

}  // namespace crawlcard::robots
