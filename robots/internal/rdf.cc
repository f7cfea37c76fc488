#include "robots/internal/rdf.h"

#include <algorithm>
#include <cstdint>

#include "robots/limits.h"

namespace crawlcard::robots::internal {
namespace {

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

bool IsContainer(const XmlElement& element) {
  return element.space == kRdfNamespace &&
         (element.name == "Alt" || element.name == "Seq" || element.name == "Bag");
}

// The first text below `index`: <dc:rights><cc:Agent><dc:title>...
std::string_view FirstText(const XmlTree& tree, std::uint32_t index) {
  for (std::uint32_t i = index; i < tree.elements()[index].end; ++i) {
    if (!tree.elements()[i].text.empty()) return tree.elements()[i].text;
  }
  return {};
}

// A value that is no container: a resource, a text, an rdf:value, or a node with a name.
std::string_view SimpleValue(const XmlTree& tree, std::uint32_t index) {
  const XmlElement& element = tree.elements()[index];
  const std::string_view resource = element.Attribute(kRdfNamespace, "resource");
  if (!resource.empty()) return resource;
  if (!element.text.empty()) return element.text;
  for (std::uint32_t i = index + 1; i < element.end; ++i) {
    if (tree.elements()[i].Is(kRdfNamespace, "value")) return tree.elements()[i].text;
  }
  if (element.end > index + 1) {
    const std::string_view about = tree.elements()[index + 1].Attribute(kRdfNamespace, "about");
    if (!about.empty()) return about;
  }
  const std::string_view value = element.Attribute(kRdfNamespace, "value");
  return value.empty() ? FirstText(tree, index) : value;
}

void ContainerValues(const XmlTree& tree, std::uint32_t index,
                     std::vector<std::string_view>& values) {
  const bool alternatives = tree.elements()[index].name == "Alt";
  tree.ForEachChild(index, [&](std::uint32_t item_index, const XmlElement& item) {
    if (!item.Is(kRdfNamespace, "li") || values.size() >= limits::kXmpValuesMax) return;
    const std::string_view value = SimpleValue(tree, item_index);
    if (value.empty()) return;
    const bool first = alternatives && item.Attribute(kXmlNamespace, "lang") == "x-default";
    values.insert(first ? values.begin() : values.end(), value);
  });
}

RdfProperty ReadProperty(const XmlTree& tree, std::uint32_t index) {
  const XmlElement& element = tree.elements()[index];
  RdfProperty property{element.space, element.name, {}};
  const bool has_child = element.end > index + 1;
  if (has_child && IsContainer(tree.elements()[index + 1])) {
    ContainerValues(tree, index + 1, property.values);
    return property;
  }
  const std::string_view value = SimpleValue(tree, index);
  if (!value.empty()) property.values.push_back(value);
  return property;
}

}  // namespace

std::vector<RdfProperty> RdfProperties(const XmlTree& tree) {
  std::vector<RdfProperty> properties;
  const auto elements = tree.elements();
  for (std::uint32_t i = 0; i < elements.size();) {
    if (!elements[i].Is(kRdfNamespace, "RDF")) {
      ++i;
      continue;
    }
    tree.ForEachChild(i, [&](std::uint32_t node_index, const XmlElement& node) {
      for (const XmlAttribute& attribute : node.attributes) {
        if (attribute.space.empty() || attribute.space == kRdfNamespace) continue;
        properties.push_back({attribute.space, attribute.name, {attribute.value}});
      }
      tree.ForEachChild(node_index, [&](std::uint32_t index, const XmlElement&) {
        properties.push_back(ReadProperty(tree, index));
      });
    });
    i = elements[i].end;
  }
  return properties;
}

}  // namespace crawlcard::robots::internal
