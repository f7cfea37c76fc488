// TLS: what is trusted, what is told, what fails.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/crawler/fetch_fixture.h"
#include "tests/crawler/loopback_server.h"

namespace crawlcard::crawler {
namespace {

// A certificate for `name` that signs itself.
class Identity {
 public:
  Identity(const std::string& name, long valid_from_s, long valid_to_s) {
    key_ = EVP_EC_gen("P-256");
    certificate_ = X509_new();
    X509_set_version(certificate_, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), valid_to_s);
    X509_set_pubkey(certificate_, key_);
    X509_NAME* const subject = X509_get_subject_name(certificate_);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate_, subject);
    X509_EXTENSION* const names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
    X509_add_ext(certificate_, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate_, key_, EVP_sha256());
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_, certificate_);
    SSL_CTX_use_PrivateKey(context_, key_);
  }
  ~Identity() {
    SSL_CTX_free(context_);
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  SSL_CTX* context() const { return context_; }
  std::string Pem() const {
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate_);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    const std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }

 private:
  EVP_PKEY* key_ = nullptr;
  X509* certificate_ = nullptr;
  SSL_CTX* context_ = nullptr;
};

class TlsTest : public FetchFixture {
 protected:
  void SetUp() override {
    resolver_.Add("tls.test", AddressFrom("127.0.0.1"));
    resolver_.Add("other.test", AddressFrom("127.0.0.1"));
  }
  void TearDown() override {
    fetcher_.reset();
    if (!options_.ca_file.empty()) std::filesystem::remove(options_.ca_file);
  }
  void Trust(const Identity& identity) {
    options_.ca_file = testing::TempDir() + "crawlcard_ca_" + std::to_string(getpid()) + ".pem";
    std::ofstream(options_.ca_file) << identity.Pem();
    Open();
  }
  FetchResult FetchAs(const LoopbackServer& server, std::string_view host) {
    return Fetch("https" + server.Url("/", host).substr(4));
  }
};

TEST_F(TlsTest, TrustedServersAndTheirFacts) {
  const Identity identity("tls.test", -60, 3600);
  LoopbackServer server([](Peer& peer) { peer.Answer("private"); }, identity.context());
  Trust(identity);
  const FetchResult result = FetchAs(server, "tls.test");
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.buffer.body(), "private");
  EXPECT_EQ(result.tls_version, "TLSv1.3");
  EXPECT_EQ(result.tls_cipher.find("TLS_"), 0U) << result.tls_cipher;
  EXPECT_GT(result.timings.tls, result.timings.connected);
  const FetchResult again = FetchAs(server, "tls.test");
  EXPECT_TRUE(again.reused_connection);
  EXPECT_EQ(again.tls_version, "TLSv1.3");
}

TEST_F(TlsTest, CertificateOfAnotherName) {
  const Identity identity("tls.test", -60, 3600);
  LoopbackServer server([](Peer& peer) { peer.Answer("private"); }, identity.context());
  Trust(identity);
  const FetchResult result = FetchAs(server, "other.test");
  EXPECT_EQ(result.error, FetchError::kTlsUntrusted) << result.message;
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(TlsTest, CertificateThatNobodySigned) {
  const Identity identity("tls.test", -60, 3600);
  LoopbackServer server([](Peer& peer) { peer.Answer("private"); }, identity.context());
  Open();  // the system's store
  EXPECT_EQ(FetchAs(server, "tls.test").error, FetchError::kTlsUntrusted);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(TlsTest, CertificateOutOfDate) {
  const Identity identity("tls.test", -7200, -3600);
  LoopbackServer server([](Peer& peer) { peer.Answer("private"); }, identity.context());
  Trust(identity);
  EXPECT_EQ(FetchAs(server, "tls.test").error, FetchError::kTlsUntrusted);
}

TEST_F(TlsTest, PlainServerIsNoTlsServer) {
  Open();
  // Answers the client's first bytes in plain text.
  LoopbackServer plain(
      [](Peer& peer) {
        peer.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.Close();
      },
      nullptr, 128, 5);
  const FetchResult result = FetchAs(plain, "tls.test");
  EXPECT_EQ(result.error, FetchError::kTlsFailed) << result.message;
  EXPECT_TRUE(result.connected);
}

}  // namespace
}  // namespace crawlcard::crawler
