// page-signals: how many archived responses carry which signal about their use.
// Source: HPLT, warc2text issue 78; docs/formats/study.md.

#include <algorithm>
#include <map>
#include <string>

#include "base/text.h"
#include "dataset/study/study.h"
#include "index/scan.h"
#include "warc/record.h"

namespace crawlcard::dataset {
namespace {

using robots::Carrier;
using robots::Family;
using robots::Signal;

class SignalFold final : public index::Fold {
 public:
  Status OnPage(const index::ScannedPage& page) override {
    const index::CaptureView& capture = *page.capture;
    if (capture.record_type != warc::RecordType::kResponse) return {};
    ++responses;
    found_.clear();
    for (const Signal& signal : capture.signals) Look(signal);
    std::ranges::sort(found_);
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    for (const std::string& name : found_) ++counts[name];
    return {};
  }
  Status OnHostRow(const index::ScannedHostRow& /*row*/) override { return {}; }

  std::uint64_t responses = 0;
  std::map<std::string, std::uint64_t> counts;

 private:
  void Look(const Signal& signal) {
    if (signal.family == Family::kRobotsMeta && signal.carrier == Carrier::kHttpHeader) {
      found_.emplace_back("x-robots-tag");
    }
    if (signal.family == Family::kTdmrep) found_.emplace_back("tdm-reservation");
    for (const std::string_view name : {"noai", "noimageai"}) {
      if (EqualsIgnoreCase(signal.key, name)) found_.emplace_back(name);
    }
    found_.push_back("family " + std::string(robots::FamilyName(signal.family)) + " in " +
                     std::string(robots::CarrierName(signal.carrier)));
  }

  std::vector<std::string> found_;
};

}  // namespace

Result<StudyReport> RunPageSignals(const index::Store& store, const StudyOptions& options) {
  index::ScanOptions scan;
  scan.judge = false;
  scan.bodies = false;
  scan.parts = index::kRowStatements;
  scan.jobs = options.jobs;
  scan.judge_options.known_by = options.known_by;
  CRAWLCARD_ASSIGN(const auto folds,
                   index::Scan(store, scan, [] { return std::make_unique<SignalFold>(); }));
  std::uint64_t responses = 0;
  std::map<std::string, std::uint64_t> counts = {
      {"x-robots-tag", 0}, {"tdm-reservation", 0}, {"noai", 0}, {"noimageai", 0}};
  for (const auto& fold : folds) {
    const auto& part = static_cast<const SignalFold&>(*fold);
    responses += part.responses;
    for (const auto& [name, count] : part.counts) counts[name] += count;
  }
  StudyReport report;
  report.name = "page-signals";
  report.definition = {
      {"source", "HPLT, warc2text issue 78"},
      {"population", "response records of pages in the index, whatever their status"},
      {"reduction",
       "records with at least one signal of the kind: x-robots-tag in a header; "
       "tdm-reservation in a header or meta; noai and noimageai anywhere; family X in "
       "Y: a statement of family X carried by Y"},
      {"errors", "in: every status counts"},
  };
  for (const auto& [name, count] : counts) {
    StudyValue value;
    value.labels = {{"signal", name}};
    value.numbers = {
        {"share", ShareOf(count, responses)}, {"records", count}, {"responses", responses}};
    report.values.push_back(std::move(value));
  }
  return report;
}

}  // namespace crawlcard::dataset
