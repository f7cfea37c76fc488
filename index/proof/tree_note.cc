#include "index/proof/tree_note.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/signed_note.h"
#include "base/text.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kOriginPrefix = "crawlcard/snapshot/";
constexpr std::size_t kOriginDigits = 32;
constexpr std::string_view kDigestMark = "sha256:";

std::string Body(const TreeNote& note) {
  std::string text = fmt::format("{}\n{}\n", note.size, Base64(note.root));
  for (const TreeNote::File& file : note.files) {
    text += fmt::format("{}{} {}\n", kDigestMark, file.sha256, file.name);
  }
  return text;
}

// Commits to all lines below it.
std::string OriginOf(std::string_view body) {
  return std::string(kOriginPrefix) + Hex(Sha256(body)).substr(0, kOriginDigits);
}

bool IsFileName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return c == '/' || static_cast<unsigned char>(c) < ' '; });
}

}  // namespace

TreeNote MakeTreeNote(std::uint64_t size, const MerkleHash& root,
                      std::vector<TreeNote::File> files) {
  TreeNote note{{}, size, root, std::move(files)};
  note.origin = OriginOf(Body(note));
  return note;
}

std::string FormatTreeNote(const TreeNote& note) {
  return note.origin + '\n' + Body(note);
}

Result<TreeNote> ReadTreeNote(std::string_view note) {
  const auto wrong = [](std::string_view what) {
    return Fail(ErrorCode::kCorrupt, "no note of a tree: {}", what);
  };
  const Result<std::string_view> text = NoteText(note);
  if (!text) return wrong(text.error().message());
  std::string_view rest = *text;
  const auto line = [&rest] {
    const std::string_view out = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), out.size() + 1));
    return out;
  };
  TreeNote out;
  out.origin = line();
  const bool is_own = out.origin == OriginOf(rest);
  const std::optional<std::uint64_t> size = ParseUint(line());
  const std::optional<std::string> root = DecodeBase64(line());
  if (out.origin.empty() || !size || !root || root->size() != out.root.size()) {
    return wrong("it does not begin with origin, leaves and root");
  }
  out.size = *size;
  std::copy(root->begin(), root->end(), out.root.begin());
  if (!is_own) return wrong("its origin is not the hash of the lines below it");
  while (!rest.empty()) {
    std::string_view entry = line();
    const std::size_t digest_end = kDigestMark.size() + 2 * sizeof(MerkleHash);
    if (!entry.starts_with(kDigestMark) || entry.size() <= digest_end + 1 ||
        entry[digest_end] != ' ' || !IsFileName(entry.substr(digest_end + 1))) {
      return wrong("a line that is no digest and file name");
    }
    out.files.push_back({std::string(entry.substr(kDigestMark.size(), 2 * sizeof(MerkleHash))),
                         std::string(entry.substr(digest_end + 1))});
  }
  return out;
}

}  // namespace crawlcard::index
