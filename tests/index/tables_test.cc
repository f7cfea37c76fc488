// An index as tables: what each row says, and where counting ends.
#include "index/interchange/tables.h"

#include "index/interchange/limits.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class TablesTest : public IndexTest {
 protected:
  std::vector<std::string> Rows(std::string_view warc, TableKind kind,
                                const TableOptions& options = {}) {
    const std::string name = fmt::format("{}.warc.gz", files_++);
    const auto store = Open(Path("idx"));
    IngestAll(*store, {Put(name, warc)});
    const std::vector<Column> columns = ColumnsOf(kind, options);
    std::vector<std::string> rows;
    const Status status =
        ForEachTableRow(*store, kind, options, [&](std::span<const Cell> cells) -> Status {
          EXPECT_EQ(cells.size(), columns.size());
          rows.emplace_back();
          AppendRowJson(kind, columns, cells, rows.back());
          return {};
        });
    EXPECT_TRUE(status) << status.error().ToString();
    return rows;
  }

  int files_ = 0;
};

constexpr std::string_view kDate = "2026-10-02T11:22:33Z";

TEST_F(TablesTest, APageUnderTheNamesOfCommonCrawl) {
  WarcBuilder warc;
  warc.Response("https://www.a.github.io:8443/x?y=1", kDate, "301 Moved",
                {{"Location", "/z"}, {"Content-Type", "text/html"}}, "");
  const std::vector<std::string> rows = Rows(warc.bytes(), TableKind::kPages);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(
      rows[0],
      AllOf(HasSubstr(R"("schema":"crawlcard.export-pages.v1")"),
            HasSubstr(R"("url_surtkey":"io,github,a:8443)/x?y=1")"),
            HasSubstr(R"("url_host_tld":"io","url_host_private_domain":"a.github.io",)"
                      R"("url_host_registered_domain":"github.io",)"
                      R"("url_host_name_reversed":"io.github.a.www","url_protocol":"https",)"
                      R"("url_port":8443,"url_path":"/x","url_query":"y=1",)"
                      R"("fetch_time":"2026-10-02T11:22:33Z","fetch_status":301,)"
                      R"("fetch_redirect":"https://www.a.github.io:8443/z")"),
            HasSubstr(R"("warc_filename":"0.warc.gz","warc_record_offset":0)"),
            HasSubstr(R"("warc_segment":null,"crawl":null,"subset":null,"via":"warc")")));
}

TEST_F(TablesTest, OfOddAddressesOnlyWhatTheyHave) {
  WarcBuilder warc;
  for (const std::string_view url : {"http://192.0.2.1/", "http://[2001:db8::1]:99999999999/", "x",
                                     "http://a.test:http/", "urn:a"}) {
    warc.Html(url, kDate, "text");
  }
  const std::vector<std::string> rows = Rows(warc.bytes(), TableKind::kPages);
  EXPECT_THAT(rows, SizeIs(5));
  std::string all;
  for (const std::string& row : rows) all += row;
  EXPECT_THAT(all, HasSubstr(R"("url_host_name":"192.0.2.1","url_host_tld":null,)"
                             R"("url_host_private_domain":null)"));
  EXPECT_EQ(CountLines(all, "\"url_port\":null"), 5U);
}

TEST_F(TablesTest, AHostWithWhatItsFilesSay) {
  WarcBuilder warc;
  warc.Robots("https://a.test", kDate, "User-agent: GPTBot\nDisallow: /\n");
  warc.Robots("https://a.test", "2026-10-03T11:22:33Z", "User-agent: GPTBot\nDisallow: /\n");
  warc.Robots("https://a.test", "2026-10-01T11:22:33Z", "User-agent: *\nDisallow: /\n");
  warc.Robots("https://a.test", "2026-09-01T11:22:33Z", "", "404 Not Found");
  warc.Html("https://a.test/", kDate, "text");
  warc.Response("https://a.test/r", kDate, "302 Found", {{"Location", "/"}}, "");
  warc.Html("https://www.a.test/", kDate, "text");
  TableOptions options;
  options.agents = {"GPTBot", "*"};
  const std::vector<std::string> rows = Rows(warc.bytes(), TableKind::kHosts, options);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(
      rows[0],
      AllOf(HasSubstr(R"("surt_host_name":"test,a","url_host_name":"a.test")"),
            HasSubstr(R"("fetch_time_first":"2026-09-01T11:22:33Z",)"
                      R"("fetch_time_last":"2026-10-03T11:22:33Z","fetch_200":1,)"),
            HasSubstr(R"("fetch_redirTemp":1,"robots_200":3,)"), HasSubstr(R"("robots_gone":1,)"),
            HasSubstr("\"robots_digest\":\"sha256:" +
                      Hex(Sha256("User-agent: GPTBot\nDisallow: /\n")) + '"'),
            HasSubstr(R"("robots_digest_time":"2026-10-03T11:22:33Z",)"
                      R"("robots_digests_distinct":2,"decision_GPTBot":"deny",)")));
  EXPECT_THAT(rows[0], ::testing::Not(HasSubstr(R"("decision_any":"deny")")));
  EXPECT_THAT(rows[1], HasSubstr(R"("surt_host_name":"test,a","url_host_name":"www.a.test")"));
}

TEST_F(TablesTest, CountingEndsWhereAHostGoesTooFar) {
  WarcBuilder warc;
  for (std::size_t i = 0; i < limits::kHostsOfGroupMax + 10; ++i) {
    warc.Html(fmt::format("https://www{}.a.test/", i), kDate, "text");
  }
  for (std::size_t i = 0; i < limits::kHostDigestsMax; ++i) {
    warc.Robots("https://b.test", kDate, fmt::format("User-agent: {}\nDisallow: /\n", i));
  }
  const std::vector<std::string> rows = Rows(warc.bytes(), TableKind::kHosts);
  EXPECT_THAT(rows, SizeIs(limits::kHostsOfGroupMax + 1));
  EXPECT_THAT(rows.back(), HasSubstr(R"("robots_digests_distinct":null)"));
}

TEST_F(TablesTest, EachStatementIsARow) {
  WarcBuilder warc;
  warc.Robots("https://a.test", kDate, "User-agent: *\nDisallow: /x\nAllow: /\n");
  warc.Html("https://a.test/", kDate, "<meta name=robots content=noai>");
  const std::vector<std::string> rows = Rows(warc.bytes(), TableKind::kSignals);
  ASSERT_GE(rows.size(), 3U);
  EXPECT_THAT(rows[0], HasSubstr(R"("family":"robots","carrier":"robots.txt","location":"line 2",)"
                                 R"("agent":"*","scope":"/x","key":"disallow","value":"/x")"));
  EXPECT_THAT(rows.back(), HasSubstr(R"("carrier":"html-meta")"));
}

TEST(Tables, NamesGoBothWays) {
  for (const TableKind kind : {TableKind::kPages, TableKind::kHosts, TableKind::kSignals}) {
    EXPECT_EQ(TableFromName(TableName(kind)), kind);
  }
  EXPECT_EQ(TableFromName("rows"), std::nullopt);
}

}  // namespace
}  // namespace crawlcard::index
