// Which addresses may be connected to, and how they are written.
#include "crawler/address_guard.h"

#include <ostream>

#include <gtest/gtest.h>

namespace crawlcard::crawler {
namespace {

AddressKind KindOf(std::string_view text) {
  const std::optional<IpAddress> address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  return address ? ClassifyAddress(*address) : AddressKind::kPublic;
}

struct Row {
  const char* address;
  AddressKind kind;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.address;
}

class KindTest : public testing::TestWithParam<Row> {};

TEST_P(KindTest, IsToldApart) {
  EXPECT_EQ(AddressKindName(KindOf(GetParam().address)), AddressKindName(GetParam().kind))
      << GetParam().address;
  const bool allowed = AddressGuard().Allows(*IpAddress::Parse(GetParam().address));
  EXPECT_EQ(allowed, GetParam().kind == AddressKind::kPublic);
}

// First and last of each range of the IANA registries, and the neighbours outside.
INSTANTIATE_TEST_SUITE_P(
    V4, KindTest,
    testing::Values(
        Row{"0.0.0.0", AddressKind::kUnspecified}, Row{"0.255.255.255", AddressKind::kUnspecified},
        Row{"1.0.0.0", AddressKind::kPublic}, Row{"9.255.255.255", AddressKind::kPublic},
        Row{"10.0.0.0", AddressKind::kPrivate}, Row{"10.255.255.255", AddressKind::kPrivate},
        Row{"11.0.0.0", AddressKind::kPublic}, Row{"100.63.255.255", AddressKind::kPublic},
        Row{"100.64.0.0", AddressKind::kShared}, Row{"100.127.255.255", AddressKind::kShared},
        Row{"100.128.0.0", AddressKind::kPublic}, Row{"100.100.100.200", AddressKind::kMetadata},
        Row{"126.255.255.255", AddressKind::kPublic}, Row{"127.0.0.1", AddressKind::kLoopback},
        Row{"127.255.255.255", AddressKind::kLoopback}, Row{"128.0.0.0", AddressKind::kPublic},
        Row{"168.63.129.16", AddressKind::kMetadata}, Row{"168.63.129.17", AddressKind::kPublic},
        Row{"169.253.255.255", AddressKind::kPublic}, Row{"169.254.0.0", AddressKind::kLinkLocal},
        Row{"169.254.169.254", AddressKind::kLinkLocal}, Row{"169.255.0.0", AddressKind::kPublic},
        Row{"172.15.255.255", AddressKind::kPublic}, Row{"172.16.0.0", AddressKind::kPrivate},
        Row{"172.31.255.255", AddressKind::kPrivate}, Row{"172.32.0.0", AddressKind::kPublic},
        Row{"192.0.0.8", AddressKind::kReserved}, Row{"192.0.0.192", AddressKind::kMetadata},
        Row{"192.0.2.1", AddressKind::kReserved}, Row{"192.0.3.0", AddressKind::kPublic},
        Row{"192.88.99.1", AddressKind::kReserved}, Row{"192.167.255.255", AddressKind::kPublic},
        Row{"192.168.0.0", AddressKind::kPrivate}, Row{"192.168.255.255", AddressKind::kPrivate},
        Row{"198.17.255.255", AddressKind::kPublic}, Row{"198.18.0.0", AddressKind::kReserved},
        Row{"198.19.255.255", AddressKind::kReserved}, Row{"198.51.100.7", AddressKind::kReserved},
        Row{"203.0.113.7", AddressKind::kReserved}, Row{"223.255.255.255", AddressKind::kPublic},
        Row{"224.0.0.1", AddressKind::kMulticast}, Row{"239.255.255.255", AddressKind::kMulticast},
        Row{"240.0.0.0", AddressKind::kReserved}, Row{"255.255.255.255", AddressKind::kReserved},
        Row{"8.8.8.8", AddressKind::kPublic}, Row{"93.184.216.34", AddressKind::kPublic}));

INSTANTIATE_TEST_SUITE_P(
    V6, KindTest,
    testing::Values(
        Row{"::", AddressKind::kUnspecified}, Row{"::1", AddressKind::kLoopback},
        Row{"::2", AddressKind::kEmbedded}, Row{"::ffff:127.0.0.1", AddressKind::kEmbedded},
        Row{"::ffff:8.8.8.8", AddressKind::kEmbedded}, Row{"::10.0.0.1", AddressKind::kEmbedded},
        Row{"::ffff:0:169.254.169.254", AddressKind::kEmbedded},
        Row{"64:ff9b::7f00:1", AddressKind::kEmbedded},
        Row{"64:ff9b::169.254.169.254", AddressKind::kEmbedded},
        Row{"64:ff9b::10.1.2.3", AddressKind::kEmbedded},
        Row{"64:ff9b::8.8.8.8", AddressKind::kPublic},
        Row{"64:ff9b:0:0:0:1:808:808", AddressKind::kReserved},
        Row{"64:ff9b:1::8.8.8.8", AddressKind::kEmbedded}, Row{"100::1", AddressKind::kReserved},
        Row{"2001::1", AddressKind::kReserved}, Row{"2001:1ff:ffff::1", AddressKind::kReserved},
        Row{"2001:200::1", AddressKind::kPublic}, Row{"2001:db8::1", AddressKind::kReserved},
        Row{"2001:db9::1", AddressKind::kPublic}, Row{"2002:7f00:1::1", AddressKind::kEmbedded},
        Row{"2002:808:808::1", AddressKind::kEmbedded}, Row{"2003::1", AddressKind::kPublic},
        Row{"2606:4700::1111", AddressKind::kPublic},
        Row{"2606:4700::5efe:a00:1", AddressKind::kEmbedded},
        Row{"2606:4700::200:5efe:a00:1", AddressKind::kEmbedded},
        Row{"3ffe:ffff::1", AddressKind::kPublic}, Row{"3fff::1", AddressKind::kReserved},
        Row{"3fff:fff::1", AddressKind::kReserved}, Row{"3fff:1000::1", AddressKind::kPublic},
        Row{"4000::1", AddressKind::kReserved}, Row{"5f00::1", AddressKind::kReserved},
        Row{"fc00::1", AddressKind::kPrivate}, Row{"fd00:ec2::254", AddressKind::kMetadata},
        Row{"fdff::1", AddressKind::kPrivate}, Row{"fe80::1", AddressKind::kLinkLocal},
        Row{"febf::1", AddressKind::kLinkLocal}, Row{"fec0::1", AddressKind::kPrivate},
        Row{"ff02::1", AddressKind::kMulticast}));

TEST(AddressGuardTest, NamedRangesPassInTheirOwnFormAlone) {
  const AddressGuard guard(
      {AddressRange::Parse("127.0.0.0/8").value(), AddressRange::Parse("fd12::/16").value()});
  EXPECT_TRUE(guard.Allows(*IpAddress::Parse("127.9.9.9")));
  EXPECT_TRUE(guard.Allows(*IpAddress::Parse("fd12::1")));
  EXPECT_TRUE(guard.Allows(*IpAddress::Parse("8.8.8.8")));
  for (const char* const text : {"10.0.0.1", "fd13::1", "::1", "::ffff:127.0.0.1",
                                 "64:ff9b::127.0.0.1", "2002:7f00:1::1", "0.0.0.0"}) {
    EXPECT_FALSE(guard.Allows(*IpAddress::Parse(text))) << text;
  }
}

TEST(IpAddressTest, StrictFormsAlone) {
  for (const char* const text :
       {"",           "1",        "127.1",     "127.0.1",      "0x7f.0.0.1",
        "0177.0.0.1", "01.2.3.4", "1.2.3.256", "1.2.3.4.5",    "1.2.3.",
        ".1.2.3",     "1.2.3.4 ", " 1.2.3.4",  "1.2.3.4\n",    "2130706433",
        "1..2.3",     "::1%eth0", "fe80::1%1", "[::1]",        "1::2::3",
        ":::",        "12345::",  "::1/64",    "::ffff:1.2.3", "::ffff:01.2.3.4"}) {
    EXPECT_FALSE(IpAddress::Parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::Parse(std::string_view("::1\0x", 5)));
  EXPECT_EQ(IpAddress::Parse("0.0.0.0")->ToString(), "0.0.0.0");
  EXPECT_EQ(IpAddress::Parse("255.1.20.0")->ToString(), "255.1.20.0");
  EXPECT_EQ(IpAddress::Parse("2001:DB8:0:0:0:0:0:1")->ToString(), "2001:db8::1");
}

TEST(AddressRangeTest, PrefixesOfAnyLength) {
  const auto holds = [](std::string_view range, std::string_view address) {
    return AddressRange::Parse(range).value().Contains(*IpAddress::Parse(address));
  };
  EXPECT_TRUE(holds("0.0.0.0/0", "255.0.0.1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(holds("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(holds("10.1.2.3", "10.1.2.3"));
  EXPECT_FALSE(holds("10.1.2.3", "10.1.2.2"));
  EXPECT_TRUE(holds("fe80::/10", "febf::1"));
  EXPECT_FALSE(holds("fe80::/10", "fec0::1"));
  for (const char* const text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/8",
                                 "::/129", "localhost", "10.0.0.0/8/8", "fe80::1/64"}) {
    const Result<AddressRange> range = AddressRange::Parse(text);
    ASSERT_FALSE(range) << text;
    EXPECT_EQ(range.error().code(), ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace crawlcard::crawler
