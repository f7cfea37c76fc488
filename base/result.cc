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

Error::Error(ErrorCode code, std::string message)
    : body_(std::make_unique<Body>(Body{code, std::move(message), {}, {}}).release()) {}

Error::Error(const Error& other) : body_(std::make_unique<Body>(other.body()).release()) {}

Error& Error::operator=(const Error& other) {
  if (this != &other) body_.reset(std::make_unique<Body>(other.body()).release());
  return *this;
}

void Error::DeleteBody::operator()(Body* body) const noexcept {
  const std::unique_ptr<Body> owned(body);
}

const Error::Body& Error::body() const {
  static const Body moved_from;
  return body_ != nullptr ? *body_ : moved_from;
}

Error::Body& Error::own_body() {
  if (body_ == nullptr) body_.reset(std::make_unique<Body>().release());
  return *body_;
}

Error& Error::At(std::uint64_t offset) & {
  std::optional<std::uint64_t>& known = own_body().offset;
  if (!known) known = offset;
  return *this;
}
Error&& Error::At(std::uint64_t offset) && {
  return std::move(At(offset));
}
Error& Error::At(std::string_view file) & {
  std::string& known = own_body().file;
  if (known.empty()) known = file;
  return *this;
}
Error&& Error::At(std::string_view file) && {
  return std::move(At(file));
}

std::string Error::ToString() const {
  const Body& known = body();
  std::string text;
  if (!known.file.empty()) text += known.file + ": ";
  if (known.offset) text += fmt::format("offset {}: ", *known.offset);
  return text + known.message;
}

}  // namespace crawlcard
