// index/internal/named_documents.h - licences and policies that statements name, as the index holds
// them.
//
// A document is a capture of its own URL: the latest at or before an instant counts, one redirect
// is followed. Read and parsed once while it stays among the recent ones.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "index/internal/blob_reader.h"
#include "index/internal/store_impl.h"
#include "robots/named_document.h"
#include "robots/rsl.h"
#include "robots/verdict.h"

namespace crawlcard::index {

// One capture of a document. Immutable once it was made.
struct NamedDocument {
  robots::DocumentKind kind = robots::DocumentKind::kNone;
  std::uint16_t status = 0;
  std::string content_type;
  robots::Evidence evidence;
  std::string body;         // of a document; else empty
  Arena arena{4 * 1024};    // of `rsl`
  robots::RslDocument rsl;  // for kRsl
};

class NamedDocuments {
 public:
  // Borrows its arguments.
  NamedDocuments(const Store::Impl& store, const FileTable& files, BlobReader& blobs)
      : store_(store), files_(files), blobs_(blobs) {}

  // The capture of `url` in force at `as_of` (0: the latest), or null where there is none. Shared
  // with whoever still uses it when it leaves the recent ones.
  [[nodiscard]] Result<std::shared_ptr<const NamedDocument>> Find(std::string_view url,
                                                                  UnixSeconds as_of);

 private:
  // What the index holds of one URL.
  struct Version {
    UnixSeconds date = 0;
    robots::DocumentKind kind = robots::DocumentKind::kNone;
    std::uint16_t status = 0;
    std::string content_type;
    std::string redirect;
    std::string body_sha256;
    robots::Evidence evidence;
    std::shared_ptr<const NamedDocument> read;  // shared with the judge that asked last
  };
  struct Url {
    std::string url;
    std::vector<Version> versions;  // in time order
  };

  [[nodiscard]] Result<Url*> Load(std::string_view url);
  [[nodiscard]] Result<Version*> Choose(std::string_view url, UnixSeconds as_of);
  [[nodiscard]] Status Read(Version& version);

  const Store::Impl& store_;
  const FileTable& files_;
  BlobReader& blobs_;
  std::list<Url> recent_;  // latest first
  std::unordered_map<std::string, std::list<Url>::iterator> by_url_;
};

}  // namespace crawlcard::index
