// crawlcard verify-proof: checks proofs and signed notes, without an index.

#include <fmt/format.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/signed_note.h"
#include "base/text.h"
#include "index/limits.h"
#include "index/proof/proof.h"
#include "index/proof/tree_note.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"

namespace crawlcard::tools {
namespace {

constexpr std::string_view kSchema = "crawlcard.verified.v1";
constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // an em dash

// One answer: a proof, or a file that a note names.
struct Answer {
  std::string subject;
  bool good = false;
  std::string message;  // what is wrong; empty when it is good
  std::optional<index::ProofFindings> findings;
};

std::string AnswerJson(const Answer& answer) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", kSchema);
  json.Member("subject", answer.subject);
  json.Member("good", answer.good);
  json.Key("message").StringOrNull(answer.message);
  json.Key("proof");
  if (!answer.findings) {
    json.Null();
  } else {
    const index::ProofFindings& found = *answer.findings;
    json.BeginObject();
    json.Member("asked", found.asked);
    json.Member("kind", found.is_host ? "host" : "url");
    json.Member("present", found.present);
    json.Member("complete", found.complete);
    json.Member("leaves", found.leaves);
    json.Member("tree_leaves", found.tree_size);
    json.Member("root", found.root);
    json.Member("origin", found.origin);
    json.Member("signature_checked", found.signature_checked);
    json.EndObject();
  }
  json.EndObject();
  return text + '\n';
}

// `root_given`: the root was compared with one that the reader trusts.
std::string AnswerText(const Answer& answer, bool root_given) {
  if (!answer.good) {
    return fmt::format("{}: FAILS: {}\n", Printable(answer.subject), Printable(answer.message));
  }
  if (!answer.findings) return fmt::format("{}: as signed\n", Printable(answer.subject));
  const index::ProofFindings& found = *answer.findings;
  std::string what = "absent";
  if (found.present) {
    what = fmt::format("present in {}{} row{}", found.complete ? "" : "at least ", found.leaves,
                       found.leaves == 1 ? "" : "s");
  } else if (!found.complete) {
    what = "not found among the rows shown, which are not all";
  }
  const char* trust = found.signature_checked ? ", signed"
                      : root_given            ? ", as given"
                                              : ", the proof's own: compare it with the card's";
  return fmt::format("{}: {}; {} rows in all; root {}{}\n", Printable(found.asked), what,
                     found.tree_size, found.root, trust);
}

class ProofChecker {
 public:
  ProofChecker(const Context& context, index::VerifyProofOptions options)
      : context_(context), options_(std::move(options)) {}

  // Proofs, a line each. A file without any proves nothing, and fails.
  Status CheckProofs(std::string_view text) {
    do {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      Answer answer;
      Result<index::ProofFindings> findings = index::VerifyProof(line, options_);
      if (!findings && findings.error().code() == ErrorCode::kInvalidArgument) {
        return tl::unexpected(std::move(findings).error());
      }
      answer.good = findings.has_value();
      if (findings) {
        answer.subject = findings->asked;
        answer.findings = std::move(*findings);
      } else {
        answer.subject = "proof";
        answer.message = findings.error().message();
      }
      CRAWLCARD_TRY(Tell(answer));
    } while (!text.empty());
    return {};
  }

  // A note, and the files that it names, which lie beside it.
  Status CheckNote(std::string_view note, const std::string& path) {
    const Result<index::TreeNote> tree = index::ReadTreeNote(note);
    if (!tree) return Tell({path, false, tree.error().message(), {}});
    if (options_.public_key.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "--key: a note is checked against a public key");
    }
    CRAWLCARD_ASSIGN(const NoteVerifier verifier, NoteVerifier::Parse(options_.public_key));
    std::string wrong;
    if (!verifier.Accepts(note)) {
      wrong = WhyUnsigned(note, verifier);
    } else if (!options_.root.empty() && options_.root != Base64(tree->root)) {
      wrong = "the root is not the one that was given";
    }
    const bool good = wrong.empty();
    CRAWLCARD_TRY(Tell({path, good, std::move(wrong), {}}));
    const std::string directory = path.substr(0, path.rfind('/') + 1);
    for (const index::TreeNote::File& file : tree->files) {
      CRAWLCARD_TRY(Tell(good ? CheckFile(directory, file)
                              : Answer{file.name, false, "the note that names it fails", {}}));
    }
    return {};
  }

  bool all_good() const { return all_good_; }

 private:
  static Answer CheckFile(const std::string& directory, const index::TreeNote::File& file) {
    const Result<std::string> bytes =
        ReadFile(directory + file.name, index::limits::kTreeFileBytesMax);
    if (!bytes) return {file.name, false, bytes.error().message(), {}};
    const bool same = Hex(Sha256(*bytes)) == file.sha256;
    return {file.name, same, same ? "" : "other bytes than those that were signed", {}};
  }

  // Of a note that the key does not accept.
  static std::string WhyUnsigned(std::string_view note, const NoteVerifier& verifier) {
    const Result<std::string_view> text = NoteText(note);
    const std::string_view lines = text ? note.substr(text->size()) : std::string_view();
    if (lines.empty()) return "nobody signed it";
    const std::string line = fmt::format("\n{}{} ", kSignatureMark, verifier.name());
    const std::size_t at = lines.find(line);
    if (at == std::string_view::npos) {
      return fmt::format("no signature of '{}', whose key was given", verifier.name());
    }
    const std::string_view rest = lines.substr(at + line.size());
    const std::optional<std::string> bytes = DecodeBase64(rest.substr(0, rest.find('\n')));
    if (bytes && !bytes->starts_with(verifier.key_id())) {
      return fmt::format("signed by another key of '{}'", verifier.name());
    }
    return "the signature is not one of this text: either was altered";
  }

  Status Tell(const Answer& answer) {
    all_good_ = all_good_ && answer.good;
    if (context_.silent()) return {};
    return context_.out.Write(context_.json_lines() ? AnswerJson(answer)
                                                    : AnswerText(answer, !options_.root.empty()));
  }

  const Context& context_;
  index::VerifyProofOptions options_;
  bool all_good_ = true;
};

}  // namespace

Result<int> RunVerifyProof(const Context& context) {
  index::VerifyProofOptions options;
  options.root = context.settings.Text("root");
  std::string key(context.settings.Text("key"));
  if (!key.empty() && !NoteVerifier::Parse(key)) {  // no key itself: the file of one
    CRAWLCARD_ASSIGN(key, ReadFile(key, index::limits::kProofBytesMax));
  }
  options.public_key = key;
  ProofChecker checker(context, std::move(options));
  for (const std::string& path : context.operands) {
    CRAWLCARD_ASSIGN(const std::string text, ReadFile(path, index::limits::kProofBytesMax));
    const std::string_view words = TrimAscii(text);
    CRAWLCARD_TRY(words.starts_with('{') || words.empty() ? checker.CheckProofs(words)
                                                          : checker.CheckNote(text, path));
  }
  return checker.all_good() ? kExitDone : kExitNo;
}

}  // namespace crawlcard::tools
