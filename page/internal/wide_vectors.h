// page/internal/wide_vectors.h - whether this process looks at 64 bytes at once.
//
// An addition to Simd::kAvx2 (base/simd.h) for processors that look up a byte in a table of 128 by
// one instruction (AVX-512 VBMI): such a search needs a third of the instructions.
//
// Thread rule: HasWideVectors() is thread-safe; AllowWideVectors() is for tests.
#pragma once

namespace crawlcard::page::internal {

// At level Simd::kAvx2 alone.
bool HasWideVectors();
// False: as on a processor without them.
void AllowWideVectors(bool allowed);

}  // namespace crawlcard::page::internal
