// page/internal/head_reader.h - what the head of a response says by itself: its type and licences.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string_view>

#include "page/http.h"
#include "page/licence/collector.h"

namespace crawlcard::page::internal {

bool IsHtmlType(std::string_view essence);
bool IsTextType(std::string_view essence);

// What an archive may say of HTML after looking at the bytes.
bool MayBeHtml(std::string_view identified);

// Types that say nothing: the archive's finding and the first bytes decide.
bool IsUnsaidType(std::string_view essence);

// Link fields with rel=license speak about the response, or about their anchor.
void ReadLinkFields(const HttpHead& head, licence::Collector& collector);

}  // namespace crawlcard::page::internal
