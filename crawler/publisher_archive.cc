#include "crawler/publisher_archive.h"

#include <limits>
#include <string_view>

namespace crawlcard::crawler {
namespace {

using warc::WarcField;

std::vector<WarcField> MetadataOf(const ArchiveItem& item) {
  std::vector<WarcField> fields(item.note.metadata.begin(), item.note.metadata.end());
  fields.emplace_back("fetchTimeMs", std::to_string(item.result.timings.total.count() / 1000));
  if (!item.result.message.empty()) {
    fields.emplace_back("crawlcard-message", item.result.message);
  }
  return fields;
}

// "http/1.1", "tls/1.3": names of the registry that WARC-Protocol refers to.
std::vector<std::string> ProtocolsOf(const FetchResult& result) {
  std::vector<std::string> protocols;
  if (result.http_version == "2") {
    protocols.emplace_back("h2");
  } else if (!result.http_version.empty()) {
    protocols.push_back("http/" + result.http_version);
  }
  constexpr std::string_view kTls = "TLSv";
  if (result.tls_version.starts_with(kTls)) {
    protocols.push_back("tls/" + result.tls_version.substr(kTls.size()));
  }
  return protocols;
}

Result<warc::WrittenCapture> WriteAnswer(const ArchiveItem& item, warc::Writer& writer) {
  const FetchResult& result = item.result;
  const std::vector<WarcField> metadata = MetadataOf(item);
  const std::vector<std::string> protocols = ProtocolsOf(result);
  const std::vector<std::string_view> protocol_views(protocols.begin(), protocols.end());
  const std::string address = result.connected ? result.address.ToString() : std::string();
  warc::CaptureView capture;
  capture.target_uri = item.url;
  capture.date = SecondsOf(result.timings.started_unix_ms);
  capture.ip_address = address;
  capture.request = result.request_head;
  capture.response_head = result.buffer.head();
  capture.response_body = result.buffer.body();
  capture.protocols = protocol_views;
  capture.cipher_suite = result.tls_cipher;
  capture.truncated = result.truncation;
  capture.metadata = metadata;
  if (item.note.not_modified) {
    capture.revisit.emplace();
    capture.revisit->record_id = item.note.revisit_record_id;
    capture.revisit->target_uri = item.url;
    capture.revisit->date = SecondsOf(item.note.revisit_date);
    capture.revisit->payload_digest = item.note.revisit_digest;
  }
  return writer.WriteCapture(capture);
}

// Records that the writer refuses for what the server sent are left out, the crawl goes on.
bool IsOfInput(const Error& error) {
  return error.code() == ErrorCode::kInvalidArgument || error.code() == ErrorCode::kTooLarge;
}

ArchivedItem Write(ArchiveItem& item, warc::Writer& writer) {
  ArchivedItem written;
  written.ticket = item.ticket;
  if (item.result.buffer.head().empty()) {
    const Result<warc::WrittenRecord> record = writer.WriteMetadata(
        item.url, SecondsOf(item.result.timings.started_unix_ms), MetadataOf(item));
    if (!record && !IsOfInput(record.error())) written.status = tl::unexpected(record.error());
  } else {
    Result<warc::WrittenCapture> capture = WriteAnswer(item, writer);
    if (capture) {
      written.record_id = std::move(capture->response.record_id);
      written.digest = std::move(capture->payload_digest);
    } else if (!IsOfInput(capture.error())) {
      written.status = tl::unexpected(capture.error());
    }
  }
  written.spare = std::move(item.result);
  return written;
}

}  // namespace

PublisherArchive::PublisherArchive(EventLoop& loop, std::unique_ptr<warc::Writer> writer,
                                   std::size_t items_max, OnArchived on_archived)
    : loop_(loop),
      writer_(std::move(writer)),
      on_archived_(std::move(on_archived)),
      queue_(items_max + 1, std::numeric_limits<std::size_t>::max()),
      thread_([this] { Run(); }) {}

PublisherArchive::~PublisherArchive() {
  queue_.Close();
}

void PublisherArchive::Add(ArchiveItem item) {
  constexpr std::size_t kBatch = 64;
  if (adding_.empty()) {
    adding_.reserve(kBatch);
    std::function<void()> flush = [this, alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) Flush();
    };
    loop_.Post(std::move(flush));
  }
  adding_.push_back(std::move(item));
  if (adding_.size() >= kBatch) Flush();
}

void PublisherArchive::Flush() {
  if (adding_.empty()) return;
  Batch batch = std::move(adding_);
  adding_.clear();
  queue_.Push(std::move(batch), 0);  // bodies under way are bounded by the crawl
}

void PublisherArchive::Run() {
  while (std::optional<Batch> batch = queue_.Pop()) {
    auto written = std::make_shared<std::vector<ArchivedItem>>();
    written->reserve(batch->size());
    for (ArchiveItem& item : *batch) written->push_back(Write(item, *writer_));
    std::function<void()> tell = [this, written] { on_archived_(*written); };
    loop_.Post(std::move(tell));
  }
}

warc::Writer& PublisherArchive::Finish() {
  Flush();
  queue_.Close();
  if (thread_.joinable()) thread_.join();
  return *writer_;
}

}  // namespace crawlcard::crawler
