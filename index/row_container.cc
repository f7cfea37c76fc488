#include "index/internal/row_container.h"

#include "index/internal/row_ids.h"

namespace crawlcard::index {
namespace {

// The WARC beside a WAT file: ".../wat/X.warc.wat.gz" tells of ".../warc/X.warc.gz".
std::string BesideWat(std::string_view file) {
  constexpr std::string_view kWatEnd = ".warc.wat.gz";
  const std::size_t folder = file.rfind("/wat/");
  if (folder == std::string_view::npos || !file.ends_with(kWatEnd)) return {};
  std::string out(file.substr(0, folder));
  out += "/warc/";
  out += file.substr(folder + 5, file.size() - kWatEnd.size() - folder - 5);
  return out += ".warc.gz";
}

constexpr std::uint8_t kContainerUuid = 0;
constexpr std::uint8_t kContainerTextId = 1;

}  // namespace

void WriteContainer(const CaptureView& capture, ByteWriter& writer) {
  const bool beside = capture.container.file == BesideWat(capture.file);
  writer.U8(beside ? 1 : 0);
  if (!beside) writer.Bytes(capture.container.file);
  writer.Varint(capture.container.offset);
  writer.Varint(capture.container.length);
  std::string raw;
  const std::string_view id = capture.container.record_id;
  const bool uuid = ReadUuid(id, raw);
  writer.U8(uuid ? kContainerUuid : kContainerTextId);
  if (uuid) writer.Raw(raw);
  if (!uuid) writer.Bytes(id);
}

bool ReadContainer(ByteReader& reader, std::string_view file_name, bool texts, Arena& arena,
                   ContainerView& container) {
  const std::uint8_t beside = reader.U8();
  const std::string_view file = beside == 0 ? reader.Bytes() : std::string_view();
  const std::uint64_t offset = reader.Varint();
  const std::uint64_t length = reader.Varint();
  const std::uint8_t form = reader.U8();
  const std::string_view id = form == kContainerUuid ? reader.Raw(kUuidBytes) : reader.Bytes();
  if (beside > 1 || form > kContainerTextId || !reader.ok()) return false;
  if (!texts) return beside == 1 || !file.empty();
  container.offset = offset;
  container.length = length;
  container.file = beside == 0 ? file : arena.Copy(BesideWat(file_name));
  container.record_id = form == kContainerUuid ? WriteUuid(id, arena) : id;
  return !container.file.empty();
}

}  // namespace crawlcard::index
