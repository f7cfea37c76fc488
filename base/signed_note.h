// base/signed_note.h - text with Ed25519 signatures below it (C2SP signed-note).
//
//   text, ended by LF
//   (empty line)
//   "(em dash) NAME BASE64(key id:4 signature:64)" LF, a line a signature
//
// The key id is the first four bytes of SHA-256(NAME LF 0x01 PUBLIC KEY). Keys are written as
//   public    NAME+KEYID in hexadecimal+BASE64(0x01 PUBLIC KEY:32)
//   private   PRIVATE+KEY+NAME+KEYID in hexadecimal+BASE64(0x01 SEED:32)
// Sources: C2SP signed-note; RFC 8032 (Ed25519).
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard {

class NoteVerifier {
 public:
  // Errors: kInvalidArgument.
  [[nodiscard]] static Result<NoteVerifier> Parse(std::string_view public_key);

  const std::string& name() const { return name_; }
  const std::string& key_id() const { return key_id_; }

  // Whether `note` has a signature of this key over its text. Lines of other keys are passed over.
  bool Accepts(std::string_view note) const;

 private:
  std::string name_;
  std::string key_id_;  // four bytes
  std::string public_;  // 32 bytes
};

class NoteSigner {
 public:
  // A new key for `name`, from the system's random source. Errors: kInvalidArgument for a name that
  // is empty or holds white space or '+', kIo.
  [[nodiscard]] static Result<NoteSigner> Make(std::string_view name);
  // Errors: kInvalidArgument.
  [[nodiscard]] static Result<NoteSigner> Parse(std::string_view private_key);

  std::string PublicKey() const;
  std::string PrivateKey() const;

  // `text` must end in LF and hold no control character but LF. Errors: kInvalidArgument.
  [[nodiscard]] Result<std::string> Sign(std::string_view text) const;

 private:
  std::string name_;
  std::string key_id_;
  std::string public_;
  std::string seed_;  // 32 bytes
};

// The text of a note: what stands before its signatures, with the last LF. A text without
// signatures is itself. Errors: kInvalidArgument when it does not end in LF.
[[nodiscard]] Result<std::string_view> NoteText(std::string_view note);

}  // namespace crawlcard
