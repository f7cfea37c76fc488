// Runs a fuzz target without a fuzzer: over every file below the directories given, and over seeded
// mutations of the small ones. A failure names the file, the seed and the round.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kMutatedBytesMax = 64 * 1024;  // mutations of larger files add little
constexpr int kRounds = 20;

void Run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

// Cuts, flips, repeats or drops a piece.
std::string Mutate(std::string bytes, std::mt19937_64& random) {
  if (bytes.empty()) return bytes;
  const std::size_t at = random() % bytes.size();
  const std::size_t length = 1 + random() % (bytes.size() - at);
  switch (random() % 4) {
    case 0:
      bytes.resize(at);
      break;
    case 1:
      bytes[at] = static_cast<char>(random());
      break;
    case 2:
      bytes.insert(at, bytes.substr(at, length));
      break;
    default:
      bytes.erase(at, length);
      break;
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  Run("");
  for (int i = 1; i < argc; ++i) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    for (const auto& path : paths) {
      std::ifstream file(path, std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      std::fprintf(stderr, "%s\n", path.c_str());  // the last line names the input of a crash
      Run(bytes);
      ++inputs;
      if (bytes.size() > kMutatedBytesMax) continue;
      std::mt19937_64 random(bytes.size());
      for (int round = 0; round < kRounds; ++round) {
        Run(Mutate(bytes, random));
        ++inputs;
      }
    }
  }
  std::printf("%zu inputs replayed\n", inputs);
  return inputs == 0 ? 1 : 0;
}
