#include "card/modality.h"

#include <algorithm>

namespace crawlcard::card {
namespace {

// Documents and data that are read as text although their type is no text/*.
constexpr std::array<std::string_view, 12> kTextTypes{
    "application/xhtml+xml", "application/xml",        "application/json",
    "application/ld+json",   "application/rss+xml",    "application/atom+xml",
    "application/rdf+xml",   "application/javascript", "application/pdf",
    "application/rtf",       "application/msword",     "application/epub+zip"};

constexpr std::string_view kOfficePrefix = "application/vnd.openxmlformats-officedocument.";
constexpr std::string_view kOpenDocumentPrefix = "application/vnd.oasis.opendocument.";

}  // namespace

Modality ModalityOf(std::string_view media_type) {
  if (media_type.starts_with("text/")) return Modality::kText;
  if (media_type.starts_with("image/")) return Modality::kImage;
  if (media_type.starts_with("audio/")) return Modality::kAudio;
  if (media_type.starts_with("video/")) return Modality::kVideo;
  if (media_type.starts_with(kOfficePrefix) || media_type.starts_with(kOpenDocumentPrefix) ||
      std::find(kTextTypes.begin(), kTextTypes.end(), media_type) != kTextTypes.end()) {
    return Modality::kText;
  }
  return Modality::kOther;
}

std::string_view ModalityName(Modality modality) {
  constexpr std::array<std::string_view, kModalityCount> kNames{"text", "image", "audio", "video",
                                                                "other"};
  return kNames[static_cast<std::size_t>(modality)];
}

}  // namespace crawlcard::card
