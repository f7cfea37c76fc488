// page/media/walkers.h - one walker a format: payload in, packets into the sink.
//
// Each takes any bytes and stops at the first that make no sense. Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "page/media/sink.h"

namespace crawlcard::page::media {

void WalkJpeg(std::string_view payload, Sink& sink);
void WalkPng(std::string_view payload, Sink& sink);
void WalkGif(std::string_view payload, Sink& sink);
void WalkTiff(std::string_view payload, Sink& sink);
void WalkWebp(std::string_view payload, Sink& sink);
void WalkPdf(std::string_view payload, Sink& sink);
void WalkBmff(std::string_view payload, Sink& sink);
void WalkSvg(std::string_view payload, Sink& sink);
void WalkEpub(std::string_view payload, Sink& sink);

// A manifest store of content credentials (C2PA 2.x, JUMBF of ISO 19566-5).
void WalkJumbf(std::string_view store, Sink& sink);

}  // namespace crawlcard::page::media
