#include "robots/internal/xml.h"

#include <algorithm>
#include <cstddef>
#include <deque>

#include <pugixml.hpp>

#include "base/text.h"
#include "robots/limits.h"

namespace crawlcard::robots::internal {
namespace {

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

// The declarations in force while elements are walked in document order.
class Namespaces {
 public:
  // Forgets what was declared at `depth` or deeper.
  void Leave(std::uint32_t depth) {
    while (!declared_.empty() && declared_.back().depth >= depth) declared_.pop_back();
  }
  // False at the limit.
  bool Declare(std::string_view prefix, std::string_view uri, std::uint32_t depth) {
    if (declared_.size() >= limits::kXmlNamespacesMax) return false;
    declared_.push_back({prefix, uri, depth});
    return true;
  }
  // The URI, or a view with null data() where `prefix` is not declared.
  std::string_view Find(std::string_view prefix) const {
    if (prefix == "xml") return kXmlNamespace;
    for (auto one = declared_.rbegin(); one != declared_.rend(); ++one) {
      if (one->prefix == prefix) return one->uri;
    }
    return prefix.empty() ? std::string_view("") : std::string_view();
  }

 private:
  struct Declared {
    std::string_view prefix;
    std::string_view uri;
    std::uint32_t depth = 0;
  };
  std::vector<Declared> declared_;
};

struct QualifiedName {
  std::string_view space;
  std::string_view local;
};

QualifiedName Resolve(std::string_view written, const Namespaces& namespaces, bool attribute) {
  const std::size_t colon = written.find(':');
  if (colon == std::string_view::npos) {
    return {attribute ? std::string_view("") : namespaces.Find({}), written};
  }
  const std::string_view space = namespaces.Find(written.substr(0, colon));
  if (space.data() == nullptr) return {"", written};
  return {space, written.substr(colon + 1)};
}

// "xmlns" declares "", "xmlns:p" declares "p"; false for other attributes.
bool DeclaredPrefix(std::string_view name, std::string_view& prefix_out) {
  constexpr std::string_view kXmlns = "xmlns";
  if (name.substr(0, kXmlns.size()) != kXmlns) return false;
  name.remove_prefix(kXmlns.size());
  if (name.empty()) {
    prefix_out = {};
    return true;
  }
  if (name.front() != ':') return false;
  prefix_out = name.substr(1);
  return true;
}

bool DeclareOwn(const pugi::xml_node& node, std::uint32_t depth, Namespaces& namespaces) {
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    std::string_view prefix;
    if (!DeclaredPrefix(attribute.name(), prefix)) continue;
    if (!namespaces.Declare(prefix, attribute.value(), depth)) return false;
  }
  return true;
}

// The next element in document order; `depth` follows.
pugi::xml_node NextElement(pugi::xml_node node, std::uint32_t& depth) {
  const auto element_from = [](pugi::xml_node one) {
    while (one && one.type() != pugi::node_element) one = one.next_sibling();
    return one;
  };
  if (const pugi::xml_node child = element_from(node.first_child())) {
    ++depth;
    return child;
  }
  while (node && depth > 0) {
    if (const pugi::xml_node sibling = element_from(node.next_sibling())) return sibling;
    node = node.parent();
    --depth;
  }
  return {};
}

}  // namespace

struct XmlTree::Impl {
  pugi::xml_document document;
  std::deque<std::string> joined;  // texts that stood in several pieces
};

std::string_view XmlElement::Attribute(std::string_view uri, std::string_view local) const {
  for (const XmlAttribute& attribute : attributes) {
    if (attribute.space == uri && attribute.name == local) return attribute.value;
  }
  return {};
}

XmlTree::XmlTree(std::string_view bytes, const XmlOptions& options)
    : impl_(std::make_unique<Impl>()) {
  // Packets are padded, and a padding octet 0 would end the document for the parser.
  while (!bytes.empty() && (bytes.back() == '\0' || IsAsciiSpace(bytes.back()))) {
    bytes.remove_suffix(1);
  }
  if (bytes.size() > limits::kXmlBytesMax) {
    state_ = XmlState::kTooLarge;
    return;
  }
  const pugi::xml_parse_result parsed = impl_->document.load_buffer(
      bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_doctype);
  if (!parsed) state_ = XmlState::kMalformed;
  for (const pugi::xml_node& node : impl_->document.children()) {
    if (node.type() != pugi::node_doctype) continue;
    const std::string_view doctype = node.value();
    if (options.allow_doctype && doctype.find('[') == std::string_view::npos) continue;
    state_ = XmlState::kDtd;
    return;
  }
  Build();
}

XmlTree::~XmlTree() = default;

void XmlTree::Build() {
  const auto refuse = [&] {
    state_ = XmlState::kTooLarge;
    elements_.clear();
  };
  Namespaces namespaces;
  std::vector<std::uint32_t> open;  // by depth
  std::vector<std::size_t> first_attribute;
  std::uint32_t depth = 0;
  pugi::xml_node node = impl_->document.root();
  for (node = NextElement(node, depth); node; node = NextElement(node, depth)) {
    if (depth > limits::kXmlDepthMax || elements_.size() >= limits::kXmlElementsMax) {
      return refuse();
    }
    namespaces.Leave(depth);
    if (!DeclareOwn(node, depth, namespaces)) return refuse();
    const auto index = static_cast<std::uint32_t>(elements_.size());
    while (open.size() >= depth) {
      elements_[open.back()].end = index;
      open.pop_back();
    }
    open.push_back(index);
    XmlElement element;
    const QualifiedName name = Resolve(node.name(), namespaces, false);
    element.space = name.space;
    element.name = name.local;
    element.depth = depth;
    first_attribute.push_back(attributes_.size());
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      if (attributes_.size() >= limits::kXmlAttributesMax) return refuse();
      const QualifiedName key = Resolve(attribute.name(), namespaces, true);
      attributes_.push_back({key.space, key.local, attribute.value()});
    }
    std::size_t pieces = 0;
    for (const pugi::xml_node& child : node.children()) {
      if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) continue;
      if (++pieces == 1) {
        element.text = child.value();
        continue;
      }
      if (pieces == 2) impl_->joined.emplace_back(element.text);
      impl_->joined.back() += child.value();
      element.text = impl_->joined.back();
    }
    element.text = TrimAscii(element.text);
    elements_.push_back(element);
  }
  const auto count = static_cast<std::uint32_t>(elements_.size());
  for (const std::uint32_t index : open) elements_[index].end = count;
  first_attribute.push_back(attributes_.size());
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    elements_[i].attributes =
        std::span<const XmlAttribute>(attributes_)
            .subspan(first_attribute[i], first_attribute[i + 1] - first_attribute[i]);
  }
}

}  // namespace crawlcard::robots::internal
