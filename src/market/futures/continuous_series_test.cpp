#include "market/futures/continuous_series.hpp"

#include <gmock/gmock.h>

#include "market/futures/testing/contracts.hpp"

namespace tradeassist::market {
namespace {

using testing::contract_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::switch_at;
using testing::value_of;

/// Three contracts, each 10 above the one before, and rolls on the 3rd and the 5th.
std::vector<FuturesContract> three_contracts() {
  return {contract_of("ESH2024", {{"2024-01-01", 100, 1, 7}, {"2024-01-02", 101, 2, 8}, {"2024-01-03", 102, 3, 9}}),
          contract_of("ESM2024", {{"2024-01-02", 111, 4}, {"2024-01-03", 112, 5}, {"2024-01-04", 114, 6}}),
          contract_of("ESU2024", {{"2024-01-04", 124, 7}, {"2024-01-05", 125, 8}})};
}

StitchedSeries stitched(std::span<const FuturesContract> contracts, std::span<const Switch> switches) {
  const std::vector<Roll> rolls = value_of(measure_rolls(contracts, switches));
  return value_of(stitch(contracts, switches.front().from, rolls));
}

const std::vector<Switch> kTwoRolls = {switch_at("2024-01-03", 0, 1), switch_at("2024-01-05", 1, 2)};

TEST(ContinuousSeries, difference_backward_moves_what_came_before) {
  const auto contracts = three_contracts();
  const ContinuousSeries series = value_of(adjust(stitched(contracts, kTwoRolls), Adjustment::kDifferenceBackward));
  EXPECT_THAT(series.bars.close, ElementsAre(120, 121, 122, 124, 125));
  EXPECT_THAT(series.unadjusted_close, ElementsAre(100, 101, 112, 114, 125));
  EXPECT_THAT(series.adjustment, ElementsAre(20, 20, 10, 10, 0));
  EXPECT_THAT(series.contract, ElementsAre(0, 0, 1, 1, 2));
  EXPECT_THAT(series.bars.volume, ElementsAre(1, 2, 5, 6, 8));
  EXPECT_EQ(series.open_interest.at(1), 8);
  EXPECT_TRUE(std::isnan(series.open_interest.at(2)));
  EXPECT_TRUE(std::isnan(series.bars.open.front()));
}

TEST(ContinuousSeries, difference_forward_moves_what_comes_after) {
  const auto contracts = three_contracts();
  const ContinuousSeries series = value_of(adjust(stitched(contracts, kTwoRolls), Adjustment::kDifferenceForward));
  EXPECT_THAT(series.bars.close, ElementsAre(100, 101, 102, 104, 105));
  EXPECT_THAT(series.adjustment, ElementsAre(0, 0, -10, -10, -20));
}

TEST(ContinuousSeries, without_adjustment_prices_are_as_they_traded) {
  const auto contracts = three_contracts();
  const ContinuousSeries series = value_of(adjust(stitched(contracts, kTwoRolls), Adjustment::kNone));
  EXPECT_EQ(series.bars.close, series.unadjusted_close);
  EXPECT_THAT(series.adjustment, ElementsAre(0, 0, 0, 0, 0));
}

TEST(ContinuousSeries, ratio_keeps_returns) {
  const std::vector<FuturesContract> contracts = {contract_of("CLF2024", {{"2024-01-01", 50}, {"2024-01-02", 60}}),
                                                  contract_of("CLG2024", {{"2024-01-02", 66}, {"2024-01-03", 77}})};
  const std::vector<Switch> roll = {switch_at("2024-01-03", 0, 1)};
  const ContinuousSeries backward = value_of(adjust(stitched(contracts, roll), Adjustment::kRatioBackward));
  EXPECT_THAT(backward.bars.close, ElementsAre(50 * (66.0 / 60), 60 * (66.0 / 60), 77));
  EXPECT_THAT(backward.adjustment, ElementsAre(66.0 / 60, 66.0 / 60, 1));
  const ContinuousSeries forward = value_of(adjust(stitched(contracts, roll), Adjustment::kRatioForward));
  EXPECT_THAT(forward.bars.close, ElementsAre(50, 60, ::testing::DoubleNear(70, 1e-12)));
}

TEST(ContinuousSeries, negative_oil_is_adjusted_by_difference_and_refused_by_ratio) {
  const std::vector<FuturesContract> contracts = {
      contract_of("CLK2020", {{"2020-04-17", 18.27}, {"2020-04-20", -37.63}}),
      contract_of("CLM2020", {{"2020-04-17", 25.03}, {"2020-04-20", 20.43}, {"2020-04-21", 11.57}})};
  const std::vector<Switch> roll = {switch_at("2020-04-21", 0, 1)};
  const StitchedSeries series = stitched(contracts, roll);
  EXPECT_NEAR(series.rolls.at(0).gap, 58.06, 1e-12);
  EXPECT_TRUE(std::isnan(series.rolls.at(0).factor));
  const ContinuousSeries adjusted = value_of(adjust(series, Adjustment::kDifferenceBackward));
  EXPECT_NEAR(adjusted.bars.close.at(0), 76.33, 1e-12);
  EXPECT_NEAR(adjusted.bars.close.at(1), 20.43, 1e-12);
  EXPECT_THAT(adjust(series, Adjustment::kRatioBackward).error().message,
              HasSubstr("prices above 0, and the close of CLK2020 at 2020-04-20T00:00:00Z is -37.63; use difference"));
}

TEST(ContinuousSeries, ratio_is_refused_for_a_price_that_is_not_positive_between_rolls) {
  const std::vector<FuturesContract> contracts = {contract_of("CLK2020", {{"2020-04-16", 0}, {"2020-04-17", 18}}),
                                                  contract_of("CLM2020", {{"2020-04-17", 25}, {"2020-04-20", 20}})};
  const std::vector<Switch> roll = {switch_at("2020-04-20", 0, 1)};
  const auto refused = adjust(stitched(contracts, roll), Adjustment::kRatioForward);
  EXPECT_THAT(refused.error().message, HasSubstr("the close of CLK2020 at 2020-04-16T00:00:00Z is 0"));
  EXPECT_EQ(refused.error().code, base::ErrorCode::kFailedPrecondition);
}

TEST(ContinuousSeries, a_roll_without_a_bar_after_it_yet_takes_none_from_before_it_later) {
  const auto contracts = three_contracts();
  const std::vector<FuturesContract> known = {
      contracts[0], contract_of("ESM2024", {{"2024-01-02", 111}, {"2024-01-03", 112}}), contract_of("ESU2024", {})};
  const std::vector<Switch> roll = {switch_at("2024-01-03 12:00", 0, 1)};
  StitchedSeries series = stitched(known, roll);
  EXPECT_EQ(series.bars.size(), 3u);
  StitchedSeries shorter = stitched({{contract_of("ESH2024", {{"2024-01-02", 101}}), known[1], known[2]}}, roll);
  testing::expect_ok(extend(shorter, contracts, {}));
  EXPECT_THAT(shorter.bars.close, ElementsAre(101, 114));  // not 112, which M had before the roll
}

TEST(ContinuousSeries, a_correction_or_another_list_of_contracts_asks_for_computing_anew) {
  const auto contracts = three_contracts();
  StitchedSeries series = stitched(contracts, kTwoRolls);
  const std::vector<Roll> late = {Roll{.at = switch_at("2024-01-05", 2, 3)}};
  EXPECT_THAT(extend(series, contracts, late).error().message,
              HasSubstr("the roll at 2024-01-05T00:00:00Z is not after its last bar at 2024-01-05T00:00:00Z; compute"));
  EXPECT_THAT(extend(series, std::span(contracts).last(2), {}).error().message,
              HasSubstr("contracts are not the same"));
}

TEST(Adjustment, has_names) {
  for (const Adjustment method : {Adjustment::kNone, Adjustment::kDifferenceBackward, Adjustment::kDifferenceForward,
                                  Adjustment::kRatioBackward, Adjustment::kRatioForward}) {
    EXPECT_EQ(value_of(parse_adjustment(to_string(method))), method);
  }
  EXPECT_EQ(value_of(parse_adjustment("ratio")), Adjustment::kRatioBackward);
  EXPECT_THAT(parse_adjustment("panama").error().message, HasSubstr("there are none, difference_backward"));
}

}  // namespace
}  // namespace tradeassist::market
