// robots/robots_form.h - what of a robots.txt is read alike, whoever serves it.
//
// Sites that are built from one template serve the same file but for the address of their sitemap.
// No reader of this room decides anything by that address.
//
// Indexes keep the SHA-256 of what is given here with each body (index/schema.h): where a file
// would get another answer than from an earlier build, blobs need a new value version.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::robots {

// The bytes of a robots.txt with the values of its Sitemap lines replaced. Every line stays where
// it is, so that two files of one form are read alike in all but sitemaps(). Other bytes, lines
// that a reader would cut, bodies beyond limits::kRobotsFormBytesMax and those that may be HTML or
// UTF-16 stay as they are.
std::string WithoutSitemaps(std::string_view body);

// The 32 bytes of their SHA-256: files with the same ones say the same.
std::string RobotsForm(std::string_view body);

}  // namespace crawlcard::robots
