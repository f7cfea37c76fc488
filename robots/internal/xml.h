// robots/internal/xml.h - small XML files of publishers, with namespaces resolved and limits kept.
//
// A flat list of elements in document order over pugixml's tree, so that its headers stay in one
// source file. Names are compared by namespace URI and local name, never by prefix. No DTD is read
// and no entity but the five of XML is replaced; depth and counts are bounded (signals.md 14).
//
//   index   0     1        2        3
//   element rsl > content > license  content     end(1) = 3: the first element after content's own
//
// Text and names live as long as the tree. Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crawlcard::robots::internal {

struct XmlAttribute {
  std::string_view space;  // namespace URI; empty for names without prefix
  std::string_view name;   // local name; with its prefix where that is not declared
  std::string_view value;
};

struct XmlElement {
  std::string_view space;
  std::string_view name;
  std::string_view text;  // of the element itself, not of its children; trimmed
  std::span<const XmlAttribute> attributes;
  std::uint32_t end = 0;  // index past its last descendant
  std::uint32_t depth = 0;

  bool Is(std::string_view uri, std::string_view local) const {
    return space == uri && name == local;
  }
  // The value of an attribute, or a view with null data().
  std::string_view Attribute(std::string_view uri, std::string_view local) const;
};

enum class XmlState : std::uint8_t {
  kOk,
  kMalformed,  // the elements before the fault are there
  kTooLarge,   // over a limit: nothing is there
  kDtd,        // declares a document type: nothing is there
};

struct XmlOptions {
  bool allow_doctype = false;  // a bare one, without declarations of its own, is then passed over
};

class XmlTree {
 public:
  // Never fails: state() says how it went.
  XmlTree(std::string_view bytes, const XmlOptions& options);
  ~XmlTree();
  XmlTree(const XmlTree&) = delete;
  XmlTree& operator=(const XmlTree&) = delete;

  XmlState state() const { return state_; }
  std::span<const XmlElement> elements() const { return elements_; }

  // Calls `visit(index, element)` for each child of `parent`.
  template <class Visit>
  void ForEachChild(std::uint32_t parent, Visit visit) const {
    for (std::uint32_t i = parent + 1; i < elements_[parent].end; i = elements_[i].end) {
      visit(i, elements_[i]);
    }
  }

 private:
  struct Impl;
  void Build();

  std::unique_ptr<Impl> impl_;
  XmlState state_ = XmlState::kOk;
  std::vector<XmlElement> elements_;
  std::vector<XmlAttribute> attributes_;
};

}  // namespace crawlcard::robots::internal
