#include "base/json_writer.h"

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

TEST(JsonWriter, OneLine) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Member("a", std::uint64_t{1}).Key("b").BeginArray().Null().Bool(true).Int(-3);
  json.EndArray().Key("c").BeginObject().EndObject().Key("d").Fixed(0.125, 2).EndObject();
  EXPECT_EQ(out, R"({"a":1,"b":[null,true,-3],"c":{},"d":0.12})");
}

TEST(JsonWriter, Indented) {
  std::string out;
  JsonWriter json(out, 2);
  json.BeginObject().Key("a").BeginArray().Uint(1).Uint(2).EndArray().EndObject();
  EXPECT_EQ(out, "{\n  \"a\": [\n    1,\n    2\n  ]\n}");
}

// RFC 8259 section 7, and U+2028 which would end a line in other readers.
TEST(JsonWriter, HostileStringsStayInside) {
  std::string out;
  AppendJsonString(std::string_view("\"\\\n\t\0\x7F\xE2\x80\xA8\xFF", 10), out);
  EXPECT_EQ(out, "\"\\\"\\\\\\n\\t\\u0000\\u007f\\u2028\xEF\xBF\xBD\"");
}

TEST(JsonWriter, EmptyStringAsNull) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray().StringOrNull("").StringOrNull("x").EndArray();
  EXPECT_EQ(out, R"([null,"x"])");
}

}  // namespace
}  // namespace crawlcard
