// dataset/host_list.h - hosts that the index does not know, once each, a line a host.
//
// The file is what `crawl publishers` takes after an @. Hosts are told apart by 64 bits of their
// XXH3: 16 bytes of memory a host or less; of 10 million hosts one is missed once in 300,000 runs.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/replaced_file.h"
#include "base/result.h"

namespace crawlcard::dataset {

class HostList {
 public:
  // Errors: kIo.
  [[nodiscard]] static Result<std::unique_ptr<HostList>> Create(const std::string& path);

  // Errors: kIo.
  [[nodiscard]] Status Add(std::string_view host);

  // Puts the file in place. Errors: kIo.
  [[nodiscard]] Status Commit() { return file_->Commit(); }

  std::uint64_t hosts() const { return hosts_; }

 private:
  explicit HostList(std::unique_ptr<ReplacedFile> file);
  bool Insert(std::uint64_t key);
  void Grow();

  std::unique_ptr<ReplacedFile> file_;
  std::vector<std::uint64_t> slots_;  // 0: free
  std::uint64_t hosts_ = 0;
};

}  // namespace crawlcard::dataset
