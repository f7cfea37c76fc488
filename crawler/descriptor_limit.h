// crawler/descriptor_limit.h - room for thousands of sockets.
#pragma once

#include <cstddef>

namespace crawlcard::crawler {

// Lifts the process's soft limit of open files to its hard one, which most systems set far higher,
// and gives what it is now. For the command, before it crawls: it changes the whole process.
std::size_t RaiseDescriptorLimit();

}  // namespace crawlcard::crawler
