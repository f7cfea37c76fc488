#include "base/result.h"

namespace crawlcard {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid-argument";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kTruncated:
      return "truncated";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kTooLarge:
      return "too-large";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kLocked:
      return "locked";
    case ErrorCode::kSchema:
      return "schema";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

Error& Error::At(std::uint64_t offset) & {
  if (!offset_) offset_ = offset;
  return *this;
}
Error&& Error::At(std::uint64_t offset) && {
  return std::move(At(offset));
}
Error& Error::At(std::string_view file) & {
  if (file_.empty()) file_ = file;
  return *this;
}
Error&& Error::At(std::string_view file) && {
  return std::move(At(file));
}

std::string Error::ToString() const {
  std::string text;
  if (!file_.empty()) text += file_ + ": ";
  if (offset_) text += fmt::format("offset {}: ", *offset_);
  return text + message_;
}

}  // namespace crawlcard
