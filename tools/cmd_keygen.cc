// crawlcard keygen: a key that signs cards.

#include "base/file.h"
#include "base/signed_note.h"
#include "tools/command.h"
#include "tools/exit_code.h"

namespace crawlcard::tools {

Result<int> RunKeygen(const Context& context) {
  const std::vector<std::string>& files = context.settings.List("out");
  if (files.size() != 1) {
    return Fail(ErrorCode::kInvalidArgument, "keygen writes the private key to one --out FILE");
  }
  CRAWLCARD_ASSIGN(const NoteSigner signer, NoteSigner::Make(context.operands.front()));
  CRAWLCARD_TRY(WriteNewSecret(files.front(), signer.PrivateKey() + '\n'));
  CRAWLCARD_TRY(context.out.Write(signer.PublicKey() + '\n'));
  return kExitDone;
}

}  // namespace crawlcard::tools
