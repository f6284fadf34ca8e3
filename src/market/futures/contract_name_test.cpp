#include "market/futures/contract_name.hpp"

#include <gmock/gmock.h>

namespace tradeassist::market {
namespace {

using ::testing::HasSubstr;

std::string read(std::string_view text, const ContractContext& context = {}) {
  const auto parsed = parse_contract(text, context);
  return parsed ? to_string(*parsed) : parsed.error().message;
}

TEST(ContractName, reads_every_form_and_prints_one) {
  for (const std::string_view text : {"ESZ25", "ESZ2025", "/ESZ25", "/ESZ25:XCME", "CME_MINI:ESZ2025", "esz25",
                                      "ES 12-25", "ES 12-2025", "ES 202512", "ES202512", "ES20251200", "ES Z25"}) {
    EXPECT_EQ(read(text), "ESZ2025") << text;
    EXPECT_EQ(read(text, {.root = "ES"}), "ESZ2025") << text;
  }
  EXPECT_EQ(read("ES 6-25"), "ESM2025");
}

TEST(ContractName, reads_months_alone_when_the_root_is_given) {
  EXPECT_EQ(read("202512", {.root = "ES"}), "ESZ2025");
  EXPECT_EQ(read("20251200", {.root = "es"}), "ESZ2025");
  EXPECT_EQ(read("Z25", {.root = "ES"}), "ESZ2025");
  EXPECT_EQ(read("197309", {.root = "CORN"}), "CORNU1973");
}

TEST(ContractName, knows_roots_with_digits_and_with_month_codes) {
  EXPECT_EQ(read("6EH24"), "6EH2024");
  EXPECT_EQ(read("M2KH24"), "M2KH2024");
  EXPECT_EQ(read("SR3Z2025"), "SR3Z2025");
  EXPECT_EQ(read("SR3202512", {.root = "SR3"}), "SR3Z2025");
  EXPECT_EQ(read("ZZ25"), "ZZ2025");
  EXPECT_EQ(read("ZZ25", {.root = "Z"}), "ZZ2025");
  EXPECT_EQ(read("ZNZ25"), "ZNZ2025");
  EXPECT_EQ(read("FGBLM24"), "FGBLM2024");
}

TEST(ContractName, knows_roots_that_data_sets_make_up) {
  EXPECT_EQ(read("20250300", {.root = "GAS_US_mini"}), "GAS_US_MINIH2025");
  EXPECT_EQ(read("EU-BANKSH25"), "EU-BANKSH2025");
  EXPECT_EQ(read("EU-BANKS 03-25"), "EU-BANKSH2025");
}

TEST(ContractName, one_digit_is_the_next_such_year_from_the_date_on) {
  EXPECT_EQ(read("ESZ5", {.as_of = CivilDate{2015, 12, 18}}), "ESZ2015");
  EXPECT_EQ(read("ESU5", {.as_of = CivilDate{2015, 12, 18}}), "ESU2025");
  EXPECT_EQ(read("ESH6", {.as_of = CivilDate{2015, 12, 18}}), "ESH2016");
  EXPECT_EQ(read("CLX4", {.as_of = CivilDate{2015, 1, 2}}), "CLX2024");
  EXPECT_EQ(read("ESH0", {.as_of = CivilDate{2019, 12, 1}}), "ESH2020");
  EXPECT_THAT(read("ESZ5"), HasSubstr("'ESZ5' has a year of one digit, which says no decade; write ESZ2025"));
}

TEST(ContractName, two_digits_are_the_year_nearest_to_the_date) {
  EXPECT_EQ(read("CZ73"), "CZ1973");
  EXPECT_EQ(read("ESZ69"), "ESZ2069");
  EXPECT_EQ(read("CZ73", {.as_of = CivilDate{2024, 1, 1}}), "CZ2073");
  EXPECT_EQ(read("CZ73", {.as_of = CivilDate{1973, 1, 1}}), "CZ1973");
}

TEST(ContractName, refuses_what_is_none_and_says_what_to_write) {
  for (const std::string_view text :
       {"",       "/",     "ES",     "Z25",    "202512",   "ES 13-25", "ES 00-25", "ES202513", "ESA25", "ESZ",
        "ESZ125", "ES-12", "E SZ25", "ES 12-", "20251219", "ESZ0025",  ":",        "ES ",      "-Z25",  "E.SZ25"}) {
    EXPECT_THAT(read(text), HasSubstr("; write ESZ2025")) << text;
  }
  EXPECT_THAT(read("NQZ25", {.root = "ES"}), HasSubstr("is no futures contract of ES"));
  // A day would name the last trade date, which for oil lies in another month than the delivery.
  EXPECT_THAT(read("20251219", {.root = "CL"}), HasSubstr("is no futures contract of CL"));
}

TEST(ContractName, orders_by_delivery) {
  EXPECT_LT(parse_contract("ESZ2024").value(), parse_contract("ESH2025").value());
  EXPECT_LT(parse_contract("ESH2025").value(), parse_contract("ESM2025").value());
}

TEST(DeliveryMonth, counts_over_years) {
  EXPECT_EQ(add_months({2024, 12}, 1), (DeliveryMonth{2025, 1}));
  EXPECT_EQ(add_months({2024, 1}, -1), (DeliveryMonth{2023, 12}));
  EXPECT_EQ(add_months({2024, 3}, -15), (DeliveryMonth{2022, 12}));
  EXPECT_EQ(last_day_of({2024, 2}), (CivilDate{2024, 2, 29}));
}

}  // namespace
}  // namespace tradeassist::market
