// page/json_ld/json_ld.cc - see json_ld.h.
#include "page/json_ld/json_ld.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/text.h"
#include "page/licence/node_types.h"
#include "page/limits.h"

namespace crawlcard::page::json_ld {
namespace {

namespace dom = simdjson::dom;
using licence::Accept;
using licence::Collector;
using licence::NodeKind;
using licence::Place;

// What a node is to the page. kPart: something inside another node.
enum class Role { kTop, kPart };

std::string_view StringOf(const dom::element& value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::string_view Member(const dom::object& node, std::string_view key) {
  dom::element value;
  if (node[key].get(value) != simdjson::SUCCESS) return {};
  return StringOf(value);
}

// The type of a node: the first that says what a licence on it means, else the first.
std::string_view TypeOf(const dom::object& node) {
  dom::element value;
  if (node["@type"].get(value) != simdjson::SUCCESS) return {};
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return licence::WithoutVocabulary(StringOf(value));
  std::string_view first;
  for (const dom::element& item : list) {
    const std::string_view type = licence::WithoutVocabulary(StringOf(item));
    if (licence::KindOfNode(type) != NodeKind::kOther) return type;
    if (first.empty()) first = type;
  }
  return first;
}

// URL of a node, or of a value that is a URL.
std::string_view UrlOf(const dom::element& value) {
  dom::object node;
  if (value.get(node) != simdjson::SUCCESS) return StringOf(value);
  for (const std::string_view key : {"@id", "url", "schema:url", "@value"}) {
    const std::string_view url = Member(node, key);
    if (!url.empty() && !url.starts_with("_:")) return url;
  }
  return {};
}

enum class Truth { kNone, kTrue, kFalse };

// Boolean, "True" or "http://schema.org/False".
Truth TruthOf(const dom::element& value) {
  bool truth = false;
  if (value.get(truth) == simdjson::SUCCESS) return truth ? Truth::kTrue : Truth::kFalse;
  const std::string_view text = licence::WithoutVocabulary(StringOf(value));
  if (EqualsIgnoreCase(text, "true")) return Truth::kTrue;
  if (EqualsIgnoreCase(text, "false")) return Truth::kFalse;
  return Truth::kNone;
}

class Walker {
 public:
  explicit Walker(Collector& out) : out_(out) {}

  void Top(const dom::element& value) { Visit(value, {Role::kTop, nullptr}); }

 private:
  class Node;
  // What a node is to the page: `role`, or kTop where `if_main` is given and is about the page.
  struct Standing {
    Role role = Role::kPart;
    Node* if_main = nullptr;

    bool is_top() const { return role == Role::kTop || (if_main != nullptr && if_main->main()); }
  };
  struct Description {
    std::string_view type;
    NodeKind kind = NodeKind::kOther;
    Place place;  // without its subject
    std::string subject;
    bool main = false;
  };
  // Described when first asked: most nodes say nothing about rights.
  class Node {
   public:
    Node(const Walker& walker, const dom::object& object, Standing standing)
        : walker_(walker), object_(object), standing_(standing) {}

    const Description& description() {
      if (!description_) description_.emplace(walker_.Describe(object_, standing_.is_top()));
      return *description_;
    }
    bool main() { return description().main; }

   private:
    const Walker& walker_;
    const dom::object& object_;
    const Standing standing_;
    std::optional<Description> description_;
  };

  // Recursion is bounded by the parser's depth limit.
  void Visit(const dom::element& value, Standing standing) {
    dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const dom::element& item : list) Visit(item, standing);
      return;
    }
    dom::object object;
    if (value.get(object) == simdjson::SUCCESS) VisitNode(object, standing);
  }

  void VisitNode(const dom::object& object, Standing standing) {
    Node node(*this, object, standing);
    for (const auto& [key, value] : object) {
      const std::string_view term = licence::WithoutVocabulary(key);
      if (term == "@graph") {
        Visit(value, standing);
        continue;
      }
      if (term == "license" || term == "dct:license" || term == "dcterms:license" ||
          term == "cc:license") {
        Licences(node.description(), value);
        continue;
      }
      if (!ReadRight(node, term, value)) VisitChild(node, term, value);
    }
  }

  void VisitChild(Node& node, std::string_view term, const dom::element& value) {
    const bool main_if_node_is =
        term == "mainEntity" || term == "mainEntityOfPage" || term == "@reverse";
    if (term == "hasPart") Paywall(value);
    Visit(value, {Role::kPart, main_if_node_is ? &node : nullptr});
  }

  Description Describe(const dom::object& object, bool top) const {
    Description node;
    node.type = TypeOf(object);
    node.kind = licence::KindOfNode(node.type);
    bool is_page = false;
    std::string_view other_url;
    for (const std::string_view key : {"mainEntityOfPage", "url", "@id"}) {
      dom::element value;
      if (object[key].get(value) != simdjson::SUCCESS) continue;
      const std::string_view url = UrlOf(value);
      if (url.empty() || url.starts_with("_:")) continue;
      if (out_.IsPage(url)) {
        is_page = true;
      } else {
        other_url = url;
      }
    }
    const bool page_type = node.kind == NodeKind::kPage;
    node.main =
        node.kind != NodeKind::kMedia && ((top && page_type) || (is_page && (page_type || top)));
    node.place.location = "json-ld";
    node.place.region = out_region_;
    node.place.node_type = node.type;
    node.place.confidence = Confidence::kHigh;
    if (node.main) {
      node.place.scope = "page";
    } else if (node.kind == NodeKind::kMedia) {
      node.place.scope = "media";
    } else if (page_type && !other_url.empty()) {
      node.subject = out_.Resolve(other_url);
      node.place.scope = "other-resource";
    } else {
      node.place.scope = "item";
      node.place.confidence = Confidence::kMedium;
    }
    return node;
  }

  void Licences(const Description& node, const dom::element& value) {
    Place place = node.place;
    place.subject = node.subject;
    dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const dom::element& item : list) Licences(node, item);
      return;
    }
    std::string_view written = UrlOf(value);
    dom::object object;
    if (written.empty() && value.get(object) == simdjson::SUCCESS) {
      written = Member(object, "name");
    }
    out_.AddValue(place, written, Accept::kAny);
  }

  // Rights information beside licences. False: not a term of these.
  bool ReadRight(Node& node, std::string_view term, const dom::element& value) {
    Rights& rights = out_.rights();
    if (term == "usageInfo") {
      SetUrl(rights.usage_info, value);
    } else if (term == "acquireLicensePage") {
      SetUrl(rights.acquire, value);
    } else if (term == "isAccessibleForFree") {
      const Truth truth = TruthOf(value);
      if (truth != Truth::kNone && node.main() && rights.access != Access::kPaid) {
        rights.access = truth == Truth::kTrue ? Access::kFree : Access::kPaid;
      }
    } else {
      return IsPageRight(term) && node.main() && ReadPageRight(term, value);
    }
    return true;
  }

  // Terms that are heeded on the node of the page alone.
  static bool IsPageRight(std::string_view term) {
    return term.starts_with("copyright") || term == "creditText" || term == "conditionsOfAccess";
  }
  bool ReadPageRight(std::string_view term, const dom::element& value) {
    Rights& rights = out_.rights();
    if (term == "copyrightHolder") {
      out_.SetOnce(rights.copyright_holder, NameOf(value));
    } else if (term == "copyrightYear") {
      SetYear(value);
    } else if (term == "copyrightNotice") {
      out_.AddCopyright(StringOf(value));
    } else if (term == "creditText") {
      out_.SetOnce(rights.credit_text, StringOf(value));
    } else if (term == "conditionsOfAccess") {
      out_.SetOnce(rights.conditions_of_access, StringOf(value));
    } else {
      return false;
    }
    return true;
  }

  void SetUrl(std::string_view& member, const dom::element& value) {
    dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const dom::element& item : list) return SetUrl(member, item);
      return;
    }
    const std::string_view url = UrlOf(value);
    if (!url.empty() && url.size() <= limits::kLicenceUrlBytesMax) {
      out_.SetOnce(member, out_.Resolve(url));
    }
  }

  static std::string_view NameOf(const dom::element& value) {
    dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const dom::element& item : list) return NameOf(item);
      return {};
    }
    dom::object object;
    if (value.get(object) == simdjson::SUCCESS) return Member(object, "name");
    return StringOf(value);
  }

  void SetYear(const dom::element& value) {
    std::int64_t year = 0;
    if (value.get(year) != simdjson::SUCCESS) {
      year = static_cast<std::int64_t>(ParseUint(TrimAscii(StringOf(value))).value_or(0));
    }
    if (year < 1000 || year > 9999 || out_.rights().copyright_year != 0) return;
    out_.rights().copyright_year = static_cast<std::int32_t>(year);
  }

  // A part that is not free: its selector names the paywalled element.
  void Paywall(const dom::element& value) {
    dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const dom::element& item : list) Paywall(item);
      return;
    }
    dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return;
    dom::element free;
    if (object["isAccessibleForFree"].get(free) != simdjson::SUCCESS) return;
    if (TruthOf(free) != Truth::kFalse) return;
    dom::element selector;
    if (object["cssSelector"].get(selector) != simdjson::SUCCESS) return;
    dom::array selectors;
    if (selector.get(selectors) == simdjson::SUCCESS) {
      for (const dom::element& item : selectors) {
        out_.SetOnce(out_.rights().paywall_selector, StringOf(item));
      }
      return;
    }
    out_.SetOnce(out_.rights().paywall_selector, StringOf(selector));
  }

  Collector& out_;
  std::string_view out_region_ = "head";

 public:
  void set_region(std::string_view region) { out_region_ = region; }
};

// A licence URL that a broken block holds: a hint, no statement.
void KeepHint(std::string_view text, Collector& out) {
  for (std::size_t at = text.find("creativecommons.org/"); at != std::string_view::npos;
       at = text.find("creativecommons.org/", at + 1)) {
    const std::string_view rest = text.substr(at);
    const std::size_t end = std::min(rest.find_first_of("\"' \\<>\n\r\t,"), rest.size());
    const LicenceUrl read =
        ReadLicenceUrl("https://" + std::string(rest.substr(0, std::min<std::size_t>(end, 200))));
    if (read.spdx.empty()) continue;
    out.SetOnce(out.rights().hint, read.spdx);
    return;
  }
}

}  // namespace

class BlockReader::Impl {
 public:
  Impl() {
    // simdjson counts the document itself as a level. Where this fails, so does each parse().
    [[maybe_unused]] const simdjson::error_code error =
        parser_.allocate(0, limits::kJsonLdDepthMax + 1);
  }

  bool Read(std::string_view text, Collector& out) {
    text = TrimAscii(text);
    if (text.size() > limits::kJsonLdBytesMax) {
      out.Note("jsonld.too_large");
      return false;
    }
    buffer_.clear();
    if (IsUtf8(text)) {
      buffer_.append(text);
    } else {
      AppendValidUtf8(text, buffer_);
    }
    buffer_.reserve(buffer_.size() + simdjson::SIMDJSON_PADDING);
    dom::element root;
    const auto error = parser_.parse(buffer_.data(), buffer_.size(), false).get(root);
    if (error != simdjson::SUCCESS) {
      out.Note(error == simdjson::DEPTH_ERROR ? "jsonld.too_deep" : "jsonld.syntax");
      KeepHint(text, out);
      return false;
    }
    Walker walker(out);
    walker.Top(root);
    return true;
  }

 private:
  dom::parser parser_{limits::kJsonLdBytesMax * 4};
  std::string buffer_;
};

BlockReader::BlockReader() : impl_(std::make_unique<Impl>()) {}
BlockReader::~BlockReader() = default;

bool BlockReader::Read(std::string_view text, licence::Collector& out) {
  return impl_->Read(text, out);
}

}  // namespace crawlcard::page::json_ld
