// SVG: metadata elements, each put into a root that declares what the document's own root declares,
// so that the packet can be read without the drawing. Comments, CDATA sections and the document
// type are passed over; no entity is replaced; elements are not nested by recursion but found one
// by one. Source: SVG 2 section 5.11; docs/formats/signals.md 10.1.

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

constexpr std::size_t kNamespaceBytesMax = 16 * 1024;

bool StartsAt(std::string_view text, std::size_t at, std::string_view what) {
  return text.substr(std::min(at, text.size())).substr(0, what.size()) == what;
}

// Past the first `end` from `at` on, or the end of the text.
std::size_t Past(std::string_view text, std::size_t at, std::string_view end) {
  const std::size_t found = text.find(end, at);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

// Past a document type with its internal subset.
std::size_t PastDoctype(std::string_view text, std::size_t at) {
  const std::size_t stop = text.find_first_of("[>", at);
  if (stop == std::string_view::npos) return text.size();
  return text[stop] == '>' ? stop + 1 : Past(text, Past(text, stop, "]"), ">");
}

// Past the `>` of the tag that begins at `at`; quotes may hold one.
std::size_t PastTag(std::string_view text, std::size_t at) {
  char quote = '\0';
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return text.size();
}

// What is no element, from its `<` on; 0 for elements.
std::size_t PastOther(std::string_view text, std::size_t at) {
  if (StartsAt(text, at, "<!--")) return Past(text, at + 4, "-->");
  if (StartsAt(text, at, "<![CDATA[")) return Past(text, at + 9, "]]>");
  if (StartsAt(text, at, "<?")) return Past(text, at + 2, "?>");
  if (StartsAt(text, at, "<!")) return PastDoctype(text, at);
  return 0;
}

// The name at the start of a tag without its `<` and `/`.
std::string_view NameOf(std::string_view tag) {
  return tag.substr(0, tag.find_first_of(" \t\r\n/>"));
}

std::string_view LocalName(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class Walker {
 public:
  Walker(std::string_view payload, Sink& sink) : text_(payload), sink_(sink) {}

  void Run() {
    std::size_t at = text_.find('<');
    while (at < text_.size()) {
      std::size_t next = PastOther(text_, at);
      if (next == 0) next = Element(at);
      at = text_.find('<', next);
    }
  }

 private:
  // Past the tag at `at`, or past the whole element where it is metadata.
  std::size_t Element(std::size_t at) {
    const std::size_t end = PastTag(text_, at);
    const std::string_view tag = text_.substr(at + 1, end - at - 1);
    const std::string_view name = NameOf(tag);
    if (root_.empty()) {
      KeepNamespaces(tag);
      return end;
    }
    const bool empty = tag.size() >= 2 && tag[tag.size() - 2] == '/';
    if (LocalName(name) != "metadata" || empty || !sink_.Step()) return end;
    const std::size_t close = FindClose(end, name);
    if (close == text_.size()) sink_.Note("media.truncated");
    AddMetadata(text_.substr(at, close - at));
    return close;
  }

  // Past the end tag of metadata, which cannot hold another one.
  std::size_t FindClose(std::size_t at, std::string_view name) {
    at = text_.find('<', at);
    while (at < text_.size()) {
      std::size_t next = PastOther(text_, at);
      if (next == 0) {
        next = PastTag(text_, at);
        if (text_[at + 1 < text_.size() ? at + 1 : at] == '/' &&
            NameOf(text_.substr(at + 2, next - at - 2)) == name) {
          return next;
        }
      }
      at = text_.find('<', next);
    }
    return text_.size();
  }

  // The start tag of the root with its namespace declarations and nothing else.
  void KeepNamespaces(std::string_view tag) {
    root_ = "<svg";
    for (std::size_t at = tag.find("xmlns"); at != std::string_view::npos;
         at = tag.find("xmlns", at)) {
      const bool begins = at > 0 && IsAsciiSpace(tag[at - 1]);
      const std::size_t equals = tag.find('=', at);
      if (equals == std::string_view::npos) break;
      const std::size_t open = tag.find_first_not_of(" \t\r\n", equals + 1);
      if (open == std::string_view::npos) break;
      const std::size_t close = tag.find(tag[open], open + 1);
      const bool quoted = tag[open] == '"' || tag[open] == '\'';
      if (!quoted || close == std::string_view::npos) break;
      if (begins && root_.size() + (close - at) < kNamespaceBytesMax) {
        root_ += ' ';
        root_ += tag.substr(at, close + 1 - at);
      }
      at = close + 1;
    }
    root_ += '>';
  }

  void AddMetadata(std::string_view element) {
    // Most metadata elements are empty shells of drawing tools.
    if (element.find("RDF") == std::string_view::npos &&
        element.find("rslstandard") == std::string_view::npos) {
      return;
    }
    if (element.size() > limits::kPacketBytesMax - kNamespaceBytesMax) {
      return sink_.Note("media.packet_too_large");
    }
    if (++found_ > limits::kPacketsMax) return sink_.Note("media.too_many_packets");
    packet_ = root_;
    packet_ += element;
    packet_ += "</svg>";
    sink_.AddXmp(sink_.arena().Copy(packet_));
  }

  std::string_view text_;
  Sink& sink_;
  std::string root_;
  std::string packet_;
  std::size_t found_ = 0;
};

}  // namespace

void WalkSvg(std::string_view payload, Sink& sink) {
  Walker(payload, sink).Run();
}

}  // namespace crawlcard::page::media
