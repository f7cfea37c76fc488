// page/licence/node_types.cc - see node_types.h.
#include "page/licence/node_types.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "base/text.h"

namespace crawlcard::page::licence {
namespace {

constexpr std::string_view kPageTypes[] = {"AboutPage",
                                           "AdvertiserContentArticle",
                                           "AnalysisNewsArticle",
                                           "APIReference",
                                           "Article",
                                           "AskPublicNewsArticle",
                                           "BackgroundNewsArticle",
                                           "BlogPosting",
                                           "CheckoutPage",
                                           "CollectionPage",
                                           "ContactPage",
                                           "DiscussionForumPosting",
                                           "FAQPage",
                                           "ImageGallery",
                                           "ItemPage",
                                           "LiveBlogPosting",
                                           "MediaGallery",
                                           "MedicalScholarlyArticle",
                                           "MedicalWebPage",
                                           "NewsArticle",
                                           "OpinionNewsArticle",
                                           "ProfilePage",
                                           "QAPage",
                                           "RealEstateListing",
                                           "Report",
                                           "ReportageNewsArticle",
                                           "ReviewNewsArticle",
                                           "SatiricalArticle",
                                           "ScholarlyArticle",
                                           "SearchResultsPage",
                                           "SocialMediaPosting",
                                           "TechArticle",
                                           "VideoGallery",
                                           "WebPage"};

constexpr std::string_view kMediaTypes[] = {"3DModel",
                                            "AudioObject",
                                            "Audiobook",
                                            "Barcode",
                                            "DataDownload",
                                            "Dataset",
                                            "ImageObject",
                                            "MediaObject",
                                            "MobileApplication",
                                            "MusicRecording",
                                            "MusicVideoObject",
                                            "Photograph",
                                            "SoftwareApplication",
                                            "SoftwareSourceCode",
                                            "VideoObject",
                                            "WebApplication"};

constexpr std::string_view kVocabularyPrefixes[] = {"https://schema.org/", "http://schema.org/",
                                                    "https://www.schema.org/",
                                                    "http://www.schema.org/", "schema:"};

template <std::size_t N>
bool Contains(const std::string_view (&list)[N], std::string_view type) {
  return std::find(std::begin(list), std::end(list), type) != std::end(list);
}

}  // namespace

NodeKind KindOfNode(std::string_view type) {
  if (Contains(kPageTypes, type)) return NodeKind::kPage;
  if (Contains(kMediaTypes, type)) return NodeKind::kMedia;
  return NodeKind::kOther;
}

std::string_view WithoutVocabulary(std::string_view term) {
  term = TrimAscii(term);
  for (const std::string_view prefix : kVocabularyPrefixes) {
    if (StartsWithIgnoreCase(term, prefix)) return term.substr(prefix.size());
  }
  return term;
}

}  // namespace crawlcard::page::licence
