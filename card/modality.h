// card/modality.h - which kind of content a media type stands for, as disclosure forms ask for it.
//
// By the media type alone (the Content-Type header, or the first bytes where there is none): what a
// type says, not what a viewer would find in the payload.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crawlcard::card {

enum class Modality : std::uint8_t { kText, kImage, kAudio, kVideo, kOther };
inline constexpr std::size_t kModalityCount = 5;

// Text: text/*, HTML, XML, JSON, PDF and office documents, feeds. Other: everything that is none of
// the four, and captures without a type.
Modality ModalityOf(std::string_view media_type);
std::string_view ModalityName(Modality modality);  // "text"

}  // namespace crawlcard::card
