#include "index/internal/named_documents.h"

#include <algorithm>

#include "index/internal/host_history.h"
#include "index/internal/judge.h"
#include "index/internal/rows.h"
#include "index/limits.h"
#include "index/schema.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {

Result<NamedDocuments::Url*> NamedDocuments::Load(std::string_view url) {
  if (const auto found = by_url_.find(std::string(url)); found != by_url_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
    return &recent_.front();
  }
  Url loaded;
  loaded.url = url;
  const std::optional<std::string> surt = page::SurtKey(url);
  if (surt && *surt != "-" && url.size() <= limits::kKeyUrlBytesMax) {
    std::string prefix;
    AppendStoredSurt(*surt, page::HostOf(url), prefix);
    prefix += '\0';
    Arena arena;
    const auto take = [&](std::string_view key, std::string_view value,
                          std::string_view file) -> Status {
      arena.Reset();
      CaptureView capture;
      CRAWLCARD_TRY(DecodePageRow(key, value, file, arena, capture));
      if (!SameUrl(capture.url, url) || IsUnchanged(capture) || RankOf(capture) != 0) return {};
      if (loaded.versions.size() >= limits::kNamedDocumentVersionsMax) {
        loaded.versions.erase(loaded.versions.begin());
      }
      Version version;
      version.date = capture.date.value_or(0);
      version.kind = capture.document;
      version.status = capture.status == 0 ? std::uint16_t{200} : capture.status;
      version.content_type = capture.content_type;
      version.redirect = capture.redirect;
      version.body_sha256 = capture.body_sha256;
      version.evidence = EvidenceOf(capture);
      loaded.versions.push_back(std::move(version));
      return {};
    };
    CRAWLCARD_TRY(ForEachRow(store_, Family::kPages, files_, prefix, take));
  }
  recent_.push_front(std::move(loaded));
  by_url_.emplace(recent_.front().url, recent_.begin());
  if (recent_.size() > limits::kNamedDocumentsMax) {
    by_url_.erase(recent_.back().url);
    recent_.pop_back();
  }
  return &recent_.front();
}

Result<NamedDocuments::Version*> NamedDocuments::Choose(std::string_view url, UnixSeconds as_of) {
  CRAWLCARD_ASSIGN(Url* const loaded, Load(url));
  Version* chosen = nullptr;
  for (Version& version : loaded->versions) {
    if (as_of == 0 || version.date <= as_of) chosen = &version;
  }
  return chosen;
}

Status NamedDocuments::Read(Version& version) {
  auto document = std::make_shared<NamedDocument>();
  document->kind = version.kind;
  document->status = version.status;
  document->content_type = version.content_type;
  document->evidence = version.evidence;
  if (version.kind != robots::DocumentKind::kNone && !version.body_sha256.empty()) {
    CRAWLCARD_ASSIGN(document->body, blobs_.Read(version.body_sha256));
  }
  if (version.kind == robots::DocumentKind::kRsl) {
    document->rsl = robots::ParseRsl(document->body, document->arena);
  }
  version.read = std::move(document);
  return {};
}

Result<std::shared_ptr<const NamedDocument>> NamedDocuments::Find(std::string_view url,
                                                                  UnixSeconds as_of) {
  CRAWLCARD_ASSIGN(Version * version, Choose(url, as_of));
  if (version != nullptr && !version->redirect.empty()) {
    const std::string target = version->redirect;
    CRAWLCARD_ASSIGN(version, Choose(target, as_of));
  }
  if (version == nullptr) return std::shared_ptr<const NamedDocument>();
  if (version->read == nullptr) CRAWLCARD_TRY(Read(*version));
  return version->read;
}

}  // namespace crawlcard::index
