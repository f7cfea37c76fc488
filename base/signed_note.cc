#include "base/signed_note.h"

#include <memory>
#include <optional>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/assert.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/text.h"

namespace crawlcard {
namespace {

constexpr char kEd25519 = 0x01;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";
constexpr std::string_view kSignatureMark = "\u2014 ";  // an em dash and a space

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool IsName(std::string_view name) {
  if (name.empty() || !IsUtf8(name)) return false;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '+' || c == '\x7f') return false;
  }
  return true;
}

std::string KeyId(std::string_view name, std::string_view public_key) {
  std::string text(name);
  text += '\n';
  text += kEd25519;
  text += public_key;
  const Sha256Digest digest = Sha256(text);
  return {reinterpret_cast<const char*>(digest.data()), kKeyIdBytes};
}

std::string PublicOf(std::string_view seed) {
  const Key key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Unsigned(seed), seed.size()));
  std::string out(kKeyBytes, '\0');
  std::size_t length = out.size();
  const bool ok = key && EVP_PKEY_get_raw_public_key(
                             key.get(), reinterpret_cast<unsigned char*>(out.data()), &length) == 1;
  CRAWLCARD_ASSERT(ok && length == kKeyBytes);
  return out;
}

struct KeyText {
  std::string_view name;
  std::string key_id;
  std::string bytes;
};

// "NAME+KEYID+BASE64".
std::optional<KeyText> ReadKeyText(std::string_view text) {
  const std::size_t first = text.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  KeyText out;
  out.name = text.substr(0, first);
  out.key_id = text.substr(first + 1, second - first - 1);
  const std::optional<std::string> bytes = DecodeBase64(text.substr(second + 1));
  if (!IsName(out.name) || !bytes || bytes->size() != 1 + kKeyBytes || bytes->front() != kEd25519) {
    return std::nullopt;
  }
  out.bytes = bytes->substr(1);
  return out;
}

std::string KeyLine(std::string_view name, std::string_view key_id, std::string_view bytes) {
  return fmt::format("{}+{}+{}", name, Hex(key_id), Base64(kEd25519 + std::string(bytes)));
}

}  // namespace

Result<std::string_view> NoteText(std::string_view note) {
  if (!note.ends_with('\n')) {
    return Fail(ErrorCode::kInvalidArgument, "a note must end in a line feed");
  }
  const std::size_t at = note.rfind("\n\n");
  if (at == std::string_view::npos || !note.substr(at + 2).starts_with(kSignatureMark)) {
    return note;
  }
  return note.substr(0, at + 1);
}

Result<NoteVerifier> NoteVerifier::Parse(std::string_view public_key) {
  const std::optional<KeyText> text = ReadKeyText(TrimAscii(public_key));
  NoteVerifier out;
  if (text) {
    out.name_ = text->name;
    out.public_ = text->bytes;
    out.key_id_ = KeyId(text->name, text->bytes);
  }
  if (!text || Hex(out.key_id_) != text->key_id) {
    return Fail(ErrorCode::kInvalidArgument, "no public key such as NAME+HEX+BASE64 of Ed25519");
  }
  return out;
}

bool NoteVerifier::Accepts(std::string_view note) const {
  const Result<std::string_view> text = NoteText(note);
  if (!text || text->size() == note.size()) return false;
  const Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Unsigned(public_), public_.size()));
  std::string_view rest = note.substr(text->size() + 1);
  const std::string mark = std::string(kSignatureMark) + name_ + ' ';
  while (key && !rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    if (!line.starts_with(mark)) continue;
    const std::optional<std::string> bytes = DecodeBase64(line.substr(mark.size()));
    if (!bytes || bytes->size() != kKeyIdBytes + kSignatureBytes || !bytes->starts_with(key_id_)) {
      continue;
    }
    const DigestContext context(EVP_MD_CTX_new());
    const std::string_view signature = std::string_view(*bytes).substr(kKeyIdBytes);
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(), Unsigned(*text),
                            text->size()) == 1;
  }
  return false;
}

Result<NoteSigner> NoteSigner::Make(std::string_view name) {
  if (!IsName(name)) {
    return Fail(ErrorCode::kInvalidArgument,
                "'{}' is no name for a key: it may not be empty or hold spaces or '+'", name);
  }
  NoteSigner out;
  out.name_ = name;
  out.seed_.resize(kKeyBytes);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.seed_.data()), kKeyBytes) != 1) {
    return Fail(ErrorCode::kIo, "the system gives no random bytes");
  }
  out.public_ = PublicOf(out.seed_);
  out.key_id_ = KeyId(out.name_, out.public_);
  return out;
}

Result<NoteSigner> NoteSigner::Parse(std::string_view private_key) {
  std::string_view text = TrimAscii(private_key);
  NoteSigner out;
  bool good = text.starts_with(kPrivatePrefix);
  if (good) {
    const std::optional<KeyText> key = ReadKeyText(text.substr(kPrivatePrefix.size()));
    good = key.has_value();
    if (key) {
      out.name_ = key->name;
      out.seed_ = key->bytes;
      out.public_ = PublicOf(out.seed_);
      out.key_id_ = KeyId(out.name_, out.public_);
      good = Hex(out.key_id_) == key->key_id;
    }
  }
  if (!good) {
    return Fail(ErrorCode::kInvalidArgument,
                "no private key such as PRIVATE+KEY+NAME+HEX+BASE64 of Ed25519");
  }
  return out;
}

std::string NoteSigner::PublicKey() const {
  return KeyLine(name_, key_id_, public_);
}

std::string NoteSigner::PrivateKey() const {
  return std::string(kPrivatePrefix) + KeyLine(name_, key_id_, seed_);
}

Result<std::string> NoteSigner::Sign(std::string_view text) const {
  bool good = text.ends_with('\n') && IsUtf8(text);
  for (const char c : text) good = good && (c == '\n' || static_cast<unsigned char>(c) >= ' ');
  if (!good) {
    return Fail(
        ErrorCode::kInvalidArgument,
        "only UTF-8 text that ends in a line feed and holds no other control can be signed");
  }
  const Key key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Unsigned(seed_), seed_.size()));
  const DigestContext context(EVP_MD_CTX_new());
  std::string bytes = key_id_;
  bytes.resize(kKeyIdBytes + kSignatureBytes);
  std::size_t length = kSignatureBytes;
  const bool ok =
      key && context &&
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(bytes.data()) + kKeyIdBytes,
                     &length, Unsigned(text), text.size()) == 1;
  CRAWLCARD_ASSERT(ok && length == kSignatureBytes);
  return fmt::format("{}\n{}{} {}\n", text, kSignatureMark, name_, Base64(bytes));
}

}  // namespace crawlcard
