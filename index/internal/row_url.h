// index/internal/row_url.h - a URL told as what its SURT key dropped of it.
//
// A key drops scheme, `www.`, letter case, a slash at the end of the path, and the order of the
// query. The row notes these; the URL is built again from the key when it is read. The writer
// builds it too: where that does not give the same bytes (credentials, escapes, session ids,
// fragments), the part behind the host, or all of it, is written as text.
//
//   form     bits 0-1   0 https, 1 http, 3 the whole URL as text
//            bit  2     "www." before the host
//            bits 3-4   part behind the host: 0 that of the key, 1 with a slash at the end of its
//                       path, 2 with its query in another order, 3 as text
//            bit  5     hex digits of escapes are upper case
//            bit  6     other upper case letters: n, n gaps
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/byte_codec.h"

namespace crawlcard::index {

// Appends what the form says follows to `data_out`. `stored_surt` is that of the row's key.
std::uint8_t EncodeRowUrl(std::string_view url, std::string_view stored_surt,
                          std::string& data_out);

struct RowUrl {
  std::string_view url;
  std::size_t host_begin = 0;  // of the host in url; 0 when the whole URL was text
  std::size_t host_end = 0;    // without the port
  std::size_t path_begin = 0;  // behind the authority
};

// Reads what EncodeRowUrl() wrote. False for bytes that it cannot have written.
[[nodiscard]] bool DecodeRowUrl(std::uint8_t form, std::string_view stored_surt, ByteReader& reader,
                                Arena& arena, RowUrl& url_out);
// The part behind the authority alone, where the stored host takes `host_bytes` of the key and a
// URL with the same stored host and the same kRowUrlAuthority of its form was read by
// DecodeRowUrl().
[[nodiscard]] bool DecodeRowPath(std::uint8_t form, std::string_view stored_surt,
                                 std::size_t host_bytes, ByteReader& reader, Arena& arena,
                                 std::string_view& path_out);
// The same as the key has it, without building it. `start_alone_out`: no more than what stands
// before its first `?`, or all of it, is known to be the start of the URL's. False where that is
// not known. Letters are in lower case.
[[nodiscard]] bool TailOfKey(std::uint8_t form, std::string_view stored_surt,
                             std::size_t host_bytes, std::string_view& tail_out,
                             bool& start_alone_out);
// What of a form tells scheme and host beside the key.
inline constexpr std::uint8_t kRowUrlAuthority = 7;
// Whether the form tells the whole URL as text.
inline bool IsWholeUrl(std::uint8_t form) {
  return form == 3;
}
// Goes past what EncodeRowUrl() wrote, without building the URL.
[[nodiscard]] bool SkipRowUrl(std::uint8_t form, ByteReader& reader);

}  // namespace crawlcard::index
