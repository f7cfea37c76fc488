#include "index/batch.h"

#include <deque>
#include <string>
#include <utility>

#include "index/internal/lookup.h"
#include "index/internal/store_impl.h"
#include "index/internal/target.h"
#include "index/verdict_json.h"
#include "page/public_suffix.h"
#include "page/url.h"

namespace crawlcard::index {

class Batch::Impl {
 public:
  Impl(const Store& store, BatchOptions options)
      : store_(store.impl()), options_(std::move(options)) {}

  [[nodiscard]] Status Open() {
    CRAWLCARD_ASSIGN(files_, store_.Files(options_.questions.front().known_by));
    return {};
  }

  const Store::Impl& store() const { return store_; }
  const FileTable& files() const { return *files_; }
  const BatchOptions& options() const { return options_; }

 private:
  const Store::Impl& store_;
  const BatchOptions options_;
  std::shared_ptr<const FileTable> files_;  // shared with other readers of the store
};

Batch::Batch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Batch::~Batch() = default;

Result<std::unique_ptr<Batch>> Batch::Open(const Store& store, BatchOptions options) {
  if (options.questions.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a batch needs a question");
  }
  for (const JudgeOptions& one : options.questions) {
    if (one.known_by != options.questions.front().known_by) {
      return Fail(ErrorCode::kInvalidArgument, "questions of one batch with different known-by");
    }
  }
  auto impl = std::make_unique<Impl>(store, std::move(options));
  CRAWLCARD_TRY(impl->Open());
  return std::unique_ptr<Batch>(new Batch(std::move(impl)));
}

class Batch::Worker::Impl {
 public:
  explicit Impl(const Batch::Impl& batch) : batch_(batch) {}

  [[nodiscard]] Result<std::span<const BatchAnswer>> Judge(std::span<const AskedUrl> asked) {
    answers_.assign(asked.size(), {});
    codes_.clear();
    texts_.clear();
    pointers_.clear();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      CRAWLCARD_TRY(JudgeOne(asked[i], answers_[i]));
    }
    return std::span<const BatchAnswer>(answers_);
  }

 private:
  [[nodiscard]] Status JudgeOne(const AskedUrl& asked, BatchAnswer& answer) {
    const BatchOptions& options = batch_.options();
    Result<Target> target = ParseTarget(asked.url);
    if (!target) {
      if (target.error().code() == ErrorCode::kInvalidArgument) return {};
      return tl::unexpected(std::move(target).error());
    }
    answer.state = BatchAnswer::State::kAnswered;
    answer.host = texts_.emplace_back(target->host);
    answer.domain = page::RegistrableDomainView(answer.host);
    auto& pointers = pointers_.emplace_back();
    for (std::size_t i = 0; i < options.questions.size(); ++i) {
      JudgeOptions question = options.questions[i];
      if (question.as_of.kind == AsOf::Kind::kCapture && asked.date) {
        question.as_of = {AsOf::Kind::kInstant, *asked.date};
      }
      Target one = *target;
      bool host_known = false;
      CRAWLCARD_ASSIGN(const UrlVerdict verdict, CheckTarget(batch_.store(), batch_.files(), one,
                                                             question, options.pages, host_known));
      codes_.push_back(robots::CodesOf(verdict.verdict));
      pointers.push_back(&codes_.back());
      if (i != 0) continue;
      answer.host_known = host_known;
      answer.page_known = verdict.capture.has_value();
      answer.as_of = verdict.as_of;
      if (!options.json) continue;
      std::string& text = texts_.emplace_back();
      JsonWriter json(text);
      WriteVerdict(verdict, question, json);
      answer.json = text;
    }
    answer.codes = pointers;
    return {};
  }

  const Batch::Impl& batch_;
  std::vector<BatchAnswer> answers_;
  // Of the answers.
  std::deque<std::string> texts_;
  std::deque<robots::VerdictCodes> codes_;
  std::deque<std::vector<const robots::VerdictCodes*>> pointers_;
};

Batch::Worker::Worker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Batch::Worker::~Worker() = default;

std::unique_ptr<Batch::Worker> Batch::NewWorker() const {
  return std::unique_ptr<Worker>(new Worker(std::make_unique<Worker::Impl>(*impl_)));
}

Result<std::span<const BatchAnswer>> Batch::Worker::Judge(std::span<const AskedUrl> asked) {
  return impl_->Judge(asked);
}

}  // namespace crawlcard::index
