// crawler/fetch_plan.h - what one publisher is asked for, in which order.
//
// docs/formats/signals.md 0.3: robots.txt before anything, then the carriers with a fixed place on
// the origin, the front page, and the documents that these name. Pure functions over an
// OriginRecord. Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crawler/origin_record.h"

namespace crawlcard::crawler {

// The origin of a seed: a URL, or a host name (with a port) that is asked over https. Empty where
// `seed` is neither, or holds a user name.
std::string OriginOfSeed(std::string_view seed);

// Gives `record` the steps of a publisher that it does not have yet.
void AddWholePlan(OriginRecord& record);

// Adds the step of a document at `url` on this origin. False when it is there already or there are
// limits::kNamedStepsMax of them.
bool AddNamedStep(OriginRecord& record, std::string_view url, std::uint8_t depth);

// Makes robots.txt the next step, and leaves the others as they are.
void AskRobotsAgain(OriginRecord& record);

// Makes every step pending again; validators of earlier answers stay.
void RenewPlan(OriginRecord& record);

// The same for the step at `url` alone, with the robots.txt before it, where there is one.
void RenewNamedStep(OriginRecord& record, std::string_view url);

// Field names and values that ask whether an earlier answer still holds (RFC 9110 section 13.1).
// Empty for redirect targets and where nothing is known.
std::vector<std::pair<std::string, std::string>> ConditionalFields(const Step& step);

// Bytes of an answer's body worth keeping, as they travel.
std::size_t BodyBytesMax(StepKind kind);

}  // namespace crawlcard::crawler
