// page/licence/collector.h - gathers the licence statements of one page and sums them up.
//
// Readers of headers, tags, JSON-LD and text say where they found what (Place) and hand over the
// written value; the collector reads it, drops repetitions, keeps at most limits::kLicencesMax and,
// at the end, ranks: signals.md 11.4. Values go into the arena of the capture.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "page/licence.h"

namespace crawlcard::page::licence {

// Where a statement stood. `location`, `scope` and `region` are static words of
// docs/formats/facts.md; the others are copied.
struct Place {
  std::string_view location;
  std::string_view scope;
  std::string_view region;
  Confidence confidence = Confidence::kLow;
  std::string_view node_type;
  std::string_view subject;
  std::string_view flag;  // static; empty for none
};

// kKnownOnly: a value that is no licence is passed over. kAny: it was called a licence, so it is
// kept as "custom".
enum class Accept { kKnownOnly, kAny };

// Whether `href` may be a licence URL at all; a cheap test for the many links of a page.
bool MayBeLicenceUrl(std::string_view href);
// The same for a value in a text that ends at `end`.
bool MayBeLicenceUrl(std::string_view href, const char* end);

class Collector {
 public:
  // Borrows both until Finish().
  void Begin(std::string_view page_url, Arena& arena);

  // The document's base URL; before that the page's own.
  void SetBase(std::string_view base);
  std::string Resolve(std::string_view reference) const;
  // Whether both name the page: scheme, "www.", fragment and a final slash are not compared.
  bool IsPage(std::string_view url);

  // A licence given as URL. Returns whether it is one we know.
  bool AddUrl(const Place& place, std::string_view href, Accept accept);
  // A licence given as URL, identifier or words. Returns whether anything was kept.
  bool AddValue(const Place& place, std::string_view value, Accept accept);
  // A licence named in a sentence.
  void AddNamed(const Place& place, std::string_view spdx, std::string_view family,
                std::string_view raw);
  // A badge picture.
  bool AddBadge(const Place& place, std::string_view src);

  void AddProse(std::string_view passage);
  void Note(std::string_view static_note);
  // Sets `member` to a copy of `value` where it is still empty.
  void SetOnce(std::string_view& member, std::string_view value);
  // Keeps what a copyright notice says.
  void AddCopyright(std::string_view text);

  Rights& rights() { return rights_; }
  std::string_view page_url() const { return page_url_; }
  Arena& arena() { return *arena_; }

  // Computes ranks and disagreements. The result lives in the arena.
  void Finish();
  std::span<const Licence> licences() const { return finished_; }
  const std::vector<std::string_view>& notes() const { return notes_; }

 private:
  void Add(const Place& place, Licence licence, std::span<const std::string_view> flags);
  bool AddPhrase(const Place& place, std::string_view value);
  void MarkCatalogue();
  void FindDisagreements();
  void Rank();

  std::string_view page_url_;
  std::string_view page_key_;  // what IsPage() compares, once it was asked
  std::string base_;
  Arena* arena_ = nullptr;
  Rights rights_;
  std::vector<Licence> found_;
  std::vector<std::string_view> notes_;
  std::vector<std::string_view> prose_;
  std::vector<std::string_view> flag_scratch_;
  std::span<const Licence> finished_;
};

}  // namespace crawlcard::page::licence
