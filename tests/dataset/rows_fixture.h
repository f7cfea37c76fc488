// tests/dataset/rows_fixture.h - a pass over rows written in a test.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../index/index_fixture.h"
#include "dataset/dataset_run.h"

namespace crawlcard::dataset {

class RowsTest : public index::IndexTest {
 protected:
  using Make = std::function<std::unique_ptr<RowObserver>()>;

  // JSON lines with "url", "date" and "tokens".
  void Pass(const index::Store& store, const std::vector<index::JudgeOptions>& questions,
            std::size_t policies, std::string_view rows, unsigned jobs, Make make,
            const std::function<void(RowObserver&)>& on_observed) {
    Put("rows.jsonl", rows);
    index::BatchOptions asked;
    asked.questions = questions;
    auto batch = index::Batch::Open(store, std::move(asked));
    ASSERT_TRUE(batch) << batch.error().ToString();
    JudgeJob job;
    for (std::size_t i = 0; i < policies; ++i) job.policies.push_back(std::to_string(i));
    job.observer_context = &make;
    job.make_observer = [](void* of) { return (*static_cast<Make*>(of))(); };
    RunOptions options;
    options.fields.date = "date";
    options.fields.tokens = "tokens";
    options.jobs = jobs;
    options.files_in_order = true;
    RunHandlers handlers;
    handlers.on_observed = [&](std::size_t, RowObserver& seen) { on_observed(seen); };
    index::IngestProgress progress;
    const std::atomic<bool> stop{false};
    DatasetRun run(**batch, job, options, handlers);
    const auto outcomes = run.Run({Path("rows.jsonl")}, progress, stop);
    ASSERT_TRUE(outcomes) << outcomes.error().ToString();
    ASSERT_FALSE(outcomes->front().is_damaged);
    ASSERT_FALSE(outcomes->front().is_failed);
  }
};

}  // namespace crawlcard::dataset
