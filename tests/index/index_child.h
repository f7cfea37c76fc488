// tests/index/index_child.h - another process that writes an index, stopped or killed at a step.
//
// The child is this program again (TEST(IndexChild, Runs) in crash_test.cc): a bare fork would
// inherit a database whose background threads did not come along.
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index/ingest/ingest.h"

namespace crawlcard::index {

struct ChildPlan {
  std::string mode = "ingest";  // or bulk, or merge
  std::string directory;
  unsigned partitions = 1;
  std::uint64_t kill_at = 0;  // step; 0: never
  bool flush = true;          // everything before on disk, or what the database chose to write
  int tell_fd = -1;           // a byte goes out at each step, and one is waited for
  int ask_fd = -1;
  std::vector<IngestInput> inputs;  // of a merge: directories
};

inline void WritePlan(const ChildPlan& plan, const std::string& path) {
  std::ofstream out(path);
  out << plan.mode << '\n'
      << plan.directory << '\n'
      << plan.partitions << ' ' << plan.kill_at << ' ' << plan.flush << ' ' << plan.tell_fd << ' '
      << plan.ask_fd << '\n';
  for (const IngestInput& input : plan.inputs) out << input.path << '\n' << input.name << '\n';
}

inline ChildPlan ReadPlan(const std::string& path) {
  ChildPlan plan;
  std::ifstream in(path);
  in >> plan.mode >> plan.directory >> plan.partitions >> plan.kill_at >> plan.flush >>
      plan.tell_fd >> plan.ask_fd;
  for (IngestInput input; in >> input.path >> input.name;) plan.inputs.push_back(input);
  return plan;
}

// Starts the child; the plan is written to `plan_path`.
inline pid_t StartChild(const ChildPlan& plan, const std::string& plan_path) {
  WritePlan(plan, plan_path);
  std::string variable = "CRAWLCARD_INDEX_CHILD=" + plan_path;
  std::string program = "index_tests";
  std::string filter = "--gtest_filter=IndexChild.*";
  std::array<char*, 3> arguments{program.data(), filter.data(), nullptr};
  std::array<char*, 2> environment{variable.data(), nullptr};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDOUT_FILENO);
    ::execve("/proc/self/exe", arguments.data(), environment.data());
    ::_exit(2);
  }
  return child;
}

// True when the child was killed; otherwise it must have done its work.
inline bool WaitForChild(pid_t child) {
  int state = 0;
  EXPECT_EQ(::waitpid(child, &state, 0), child);
  EXPECT_TRUE(WIFSIGNALED(state) || WEXITSTATUS(state) == 0);
  return WIFSIGNALED(state);
}

}  // namespace crawlcard::index
