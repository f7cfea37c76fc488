// Writes a small archive of every kind of record: warc_sample DIRECTORY gzip|zstd|none sha1|sha256
// Exit codes: 0 written, 1 failed, 2 usage.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "warc/writer.h"

namespace {

using namespace std::string_literals;
namespace warc = crawlcard::warc;

constexpr crawlcard::UnixSeconds kDate = 1'790'000'000;

bool Write(warc::Writer& writer, const warc::CaptureView& capture) {
  const auto written = writer.WriteCapture(capture);
  if (!written) std::fprintf(stderr, "%s\n", written.error().ToString().c_str());
  return written.has_value();
}

bool WriteAll(warc::Writer& writer) {
  const std::string request = "GET /a HTTP/1.1\r\nHost: a.example\r\nUser-Agent: t/1\r\n\r\n";
  const std::vector<warc::WarcField> metadata{{"fetchTimeMs", "7"}, {"via", "http://b\r\nX: y"}};
  warc::CaptureView page;
  page.target_uri = "http://a.example/a b\r\nWARC-Type: warcinfo";
  page.date = kDate;
  page.ip_address = "127.0.0.1";
  page.request = request;
  page.response_head = "HTTP/2 200 \r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\n\r\n";
  const std::string body = "<p>"s + '\0' + "\xff r\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n";
  page.response_body = body;
  page.transfer_decoded = true;
  page.content_decoded = true;
  const std::vector<std::string_view> protocols{"h2", "tls/1.3"};
  page.protocols = protocols;
  page.cipher_suite = "TLS_AES_128_GCM_SHA256";
  page.metadata = metadata;
  const auto first = writer.WriteCapture(page);
  if (!first) return false;

  warc::CaptureView unchanged = page;
  unchanged.response_head = "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n";
  unchanged.response_body = {};
  warc::RevisitOf earlier;
  earlier.record_id = first->response.record_id;
  earlier.target_uri = page.target_uri;
  earlier.date = kDate;
  unchanged.revisit = earlier;
  if (!Write(writer, unchanged)) return false;

  warc::CaptureView same = unchanged;
  same.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
  same.revisit->profile = warc::RevisitOf::Profile::kIdenticalPayloadDigest;
  same.revisit->payload_digest = first->payload_digest;
  if (!Write(writer, same)) return false;

  warc::CaptureView cut;
  cut.target_uri = "https://[::1]/cut";
  cut.date = kDate + 1;
  cut.response_head = "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n";
  cut.response_body = "short";
  cut.truncated = warc::Truncation::kDisconnect;
  if (!Write(writer, cut)) return false;
  warc::CaptureView empty = cut;
  empty.response_head = "HTTP/1.1 204 No Content\r\n\r\n";
  empty.response_body = {};
  empty.truncated = warc::Truncation::kNone;
  if (!Write(writer, empty)) return false;

  const std::vector<warc::WarcField> failure{{"outcome", "dns"}};
  if (!writer.WriteMetadata("http://gone.example/", kDate + 2, failure)) return false;
  for (int i = 0; i < 200; ++i) {
    const std::string many_body(static_cast<std::size_t>(i) * 997, static_cast<char>('a' + i % 26));
    const std::string uri = "http://many.example/" + std::to_string(i);
    warc::CaptureView many;
    many.target_uri = uri;
    many.date = kDate + i;
    many.request = request;
    many.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
    many.response_body = many_body;
    if (!Write(writer, many)) return false;
  }
  return writer.Seal().has_value();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string_view form = argv[2];
  warc::WriterOptions options;
  options.directory = argv[1];
  options.compression = form == "gzip"   ? warc::Compression::kGzip
                        : form == "zstd" ? warc::Compression::kZstd
                                         : warc::Compression::kNone;
  if (std::string_view(argv[3]) == "sha256") options.digest = warc::DigestAlgorithm::kSha256;
  options.file_bytes_max = 1 << 20;
  options.warcinfo = {{"software", "crawlcard"}, {"robots", "checked"}};
  const auto writer = warc::Writer::Open(crawlcard::DiskFileSystem(), options);
  return writer && WriteAll(**writer) ? 0 : 1;
}
