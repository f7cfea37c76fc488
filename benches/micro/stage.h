// benches/micro/stage.h - one stage of the work, measured in time or in instructions.
//
// A stage is registered once and measured twice: Google Benchmark runs its pass for bytes and items
// a second; `PROGRAM --instructions=FILTER` under callgrind counts the instructions of one warm
// pass (benches/run_micro). Register in a static initialiser: `const bool kStage = AddStage(...)`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace crawlcard::bench {

struct Stage {
  std::uint64_t bytes = 0;  // that one pass works through
  std::uint64_t items = 0;
  std::function<void()> pass;
};

// `make` builds the input and is not measured. Returns true.
bool AddStage(std::string name, std::function<Stage()> make);

}  // namespace crawlcard::bench
