// card/formats/words.h - answers and sentences that several formats need, each said in one place.
//
// Texts hold foreign characters as they are: JSON escapes them, Markdown and HTML forms must.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/facts.h"

namespace crawlcard::card {

// The answer of "about.ID", or "Not provided".
std::string Answer(const Facts& facts, std::string_view id);
std::optional<std::string> OptionalAnswer(const Facts& facts, std::string_view id);
// The elements of an answer that is a list; empty when there is none.
std::vector<std::string> Answers(const Facts& facts, std::string_view id);

// Title that a person gave, else one of the measured snapshots or of the input digest.
std::string TitleOf(const Facts& facts);
// What was measured, in one sentence.
std::string MeasuredWords(const Facts& facts);
// The person's description, then what was measured.
std::string DescriptionOf(const Facts& facts);
// "2024-05-01T00:00:00Z/2024-05-18T02:40:00Z"; nullopt when no capture has a date.
std::optional<std::string> PeriodOf(const Facts& facts);
std::string DateOf(const Facts& facts);  // of the card, RFC 3339; the card must have one
// An address for the licence: the one given, else spdx.org's page of an SPDX id; else nullopt.
std::optional<std::string> LicenceUrlOf(const Facts& facts);

// Kinds of content with at least one capture, as names: "text", "image".
std::vector<std::string> ModalitiesOf(const Facts& facts);
// Codes of languages (ISO 639-3) of at least one page, most pages first, without "not known".
std::vector<std::string> LanguagesOf(const Facts& facts);
bool IsLanguageCode(std::string_view code);

// One sentence each, of measured, observed and configured facts.
std::string CollectionWords(const Facts& facts);  // how the archive says that it was collected
std::string LanguageWords(const Facts& facts);    // the largest languages with shares
std::string ContentWords(const Facts& facts);     // the largest media types
std::string ReservationWords(
    const Facts& facts);                         // what publishers reserved, what the policy drops
std::string TakedownWords(const Facts& facts);   // requests in force; empty where nobody looked
std::string RobotsWords(const Facts& facts);     // what robots.txt files say
std::string LicenceWords(const Facts& facts);    // what licences pages state
std::string DuplicateWords(const Facts& facts);  // repeats and revisits
std::string DamageWords(const Facts& facts);     // what could not be read
std::string PersonalDataWords(const Facts& facts);  // that nobody looked
std::string PreprocessingWords(const Facts& facts);
std::string DomainListWords(const Facts& facts);
std::string ReproductionWords(const Facts& facts);

// "urn:uuid:..." of the card's content and `purpose`: RFC 9562 version 8, from SHA-256.
std::string UuidUrn(const Facts& facts, std::string_view purpose);

}  // namespace crawlcard::card
