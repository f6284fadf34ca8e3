#include "market/futures/roll.hpp"

#include <gmock/gmock.h>

#include "market/futures/testing/contracts.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::contract_of;
using ::testing::HasSubstr;
using testing::kUnknown;
using testing::switch_at;
using testing::TestBar;
using testing::value_of;

Roll measured(const std::vector<FuturesContract>& contracts, std::string_view time,
              MissingOverlap missing = MissingOverlap::kRefuse) {
  const std::vector<Switch> switches = {switch_at(time, 0, 1)};
  return value_of(measure_rolls(contracts, switches, missing)).at(0);
}

std::string error_of(const std::vector<FuturesContract>& contracts, const std::vector<Switch>& switches,
                     MissingOverlap missing = MissingOverlap::kRefuse) {
  const auto rolls = measure_rolls(contracts, switches, missing);
  return rolls ? "no error" : rolls.error().message;
}

TEST(Roll, takes_both_closes_at_the_last_time_before_the_switch_at_which_both_exist) {
  const std::vector<FuturesContract> contracts = {
      contract_of("ESH2024", {{"2024-01-01", 1}, {"2024-01-02", 2}, {"2024-01-03", 3}, {"2024-01-05", 5}}),
      contract_of("ESM2024", {{"2024-01-02", 12}, {"2024-01-04", 14}, {"2024-01-05", 15}})};
  const Roll roll = measured(contracts, "2024-01-05");
  EXPECT_EQ(roll.pre, 2);
  EXPECT_EQ(roll.post, 12);
  EXPECT_EQ(roll.gap, 10);
  EXPECT_EQ(roll.factor, 6);
  EXPECT_EQ(roll.pre_time, at("2024-01-02"));
  EXPECT_EQ(roll.overlap, Overlap::kExact);
  EXPECT_EQ(measured(contracts, "2024-01-05 00:01").pre, 5);
}

TEST(Roll, a_bar_without_a_close_is_no_observation) {
  const std::vector<FuturesContract> contracts = {
      contract_of("ESH2024", {{"2024-01-01", 1}, {"2024-01-02", 2}, {"2024-01-03", kUnknown}}),
      contract_of("ESM2024", {{"2024-01-01", 11}, {"2024-01-02", kUnknown}, {"2024-01-03", 13}})};
  EXPECT_EQ(measured(contracts, "2024-01-04").pre_time, at("2024-01-01"));
}

TEST(Roll, without_overlap_is_refused_or_nearest_or_left_in) {
  const std::vector<FuturesContract> contracts = {contract_of("ESH2024", {{"2024-01-01", 1}, {"2024-01-03", 3}}),
                                                  contract_of("ESM2024", {{"2024-01-02", 12}, {"2024-01-05", 15}})};
  EXPECT_THAT(error_of(contracts, {switch_at("2024-01-04", 0, 1)}),
              HasSubstr("missing overlap: ESH2024 and ESM2024 have no close at the same time before the roll at "
                        "2024-01-04T00:00:00Z (ESH2024 has bars from 2024-01-01T00:00:00Z to 2024-01-03T00:00:00Z, "));
  const Roll nearest = measured(contracts, "2024-01-04", MissingOverlap::kNearest);
  EXPECT_EQ(nearest.overlap, Overlap::kNearest);
  EXPECT_EQ(nearest.pre, 3);
  EXPECT_EQ(nearest.post, 12);
  EXPECT_EQ(nearest.post_time, at("2024-01-02"));
  const Roll none = measured(contracts, "2024-01-04", MissingOverlap::kNone);
  EXPECT_EQ(none.overlap, Overlap::kNone);
  EXPECT_EQ(none.gap, 0);
  EXPECT_EQ(none.factor, 1);
  EXPECT_TRUE(std::isnan(none.pre));
}

TEST(Roll, nearest_looks_behind_the_switch_where_the_new_contract_begins_after_it) {
  const std::vector<FuturesContract> contracts = {contract_of("ESH2024", {{"2024-01-03", 3}}),
                                                  contract_of("ESM2024", {{"2024-01-05", 15}, {"2024-01-06", 16}})};
  EXPECT_EQ(measured(contracts, "2024-01-05", MissingOverlap::kNearest).post, 15);
  EXPECT_THAT(error_of(contracts, {switch_at("2024-01-02", 0, 1)}, MissingOverlap::kNearest),
              HasSubstr("missing overlap"));
}

TEST(Roll, refuses_what_is_out_of_order) {
  const std::vector<TestBar> bars = {{"2024-01-01", 1}, {"2024-01-02", 2}, {"2024-01-03", 3}};
  const std::vector<FuturesContract> contracts = {contract_of("ESH2024", bars), contract_of("ESM2024", bars),
                                                  contract_of("ESU2024", bars)};
  EXPECT_THAT(error_of(contracts, {switch_at("2024-01-02", 1, 0)}),
              HasSubstr("roll 1 at 2024-01-02T00:00:00Z goes from ESM2024 to ESH2024: contracts out of order"));
  EXPECT_THAT(error_of(contracts, {switch_at("2024-01-02", 0, 1), switch_at("2024-01-02", 1, 2)}),
              HasSubstr("roll 2 at 2024-01-02T00:00:00Z is not after the one before"));
  EXPECT_THAT(error_of(contracts, {switch_at("2024-01-02", 0, 1), switch_at("2024-01-03", 0, 2)}),
              HasSubstr("leaves ESH2024, but the roll before went to ESM2024"));
  EXPECT_THAT(error_of(contracts, {switch_at("2024-01-02", 0, 3)}), HasSubstr("a contract that is not given"));
  EXPECT_THAT(error_of({contracts[1], contracts[0]}, {}),
              HasSubstr("contracts out of order: ESH2024 comes after ESM2024"));
  EXPECT_THAT(error_of({contracts[0], contracts[0]}, {}), HasSubstr("ESH2024 comes twice"));
  EXPECT_THAT(error_of({contract_of("ESH2024", {{"2024-01-01", 1}, {"2024-01-01", 2}})}, {}),
              HasSubstr("ESH2024 has two bars at 2024-01-01T00:00:00Z"));
  EXPECT_THAT(error_of({contract_of("ESH2024", {{"2024-01-02", 1}, {"2024-01-01", 2}})}, {}),
              HasSubstr("the bars of ESH2024 are not in order: 2024-01-02T00:00:00Z is followed by 2024-01-01"));
}

}  // namespace
}  // namespace tradeassist::market
