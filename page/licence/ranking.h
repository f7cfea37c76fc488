// page/licence/ranking.h - how statements are ordered: by place, and by strictness.
//
// Source: signals.md 11.4. Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "page/licence.h"

namespace crawlcard::page::licence {

// 0 for the place that counts most.
int PlaceRank(const Licence& licence);

// Larger is stricter: dedications, attribution, share-alike, no derivatives, not commercial, use
// restrictions, everything else.
int Strictness(std::string_view spdx);

// Whether a licence is about programs: a footer that names one speaks of the site's software.
bool IsSoftwareLicence(std::string_view spdx);

// "CC-BY-SA" of "CC-BY-SA-4.0" and "LicenseRef-CC-BY-SA-3.0-FR".
std::string_view WithoutVersion(std::string_view spdx);

// Whether an identifier grants use to everybody: an open licence or a dedication.
bool IsOpen(std::string_view spdx);

}  // namespace crawlcard::page::licence
