#include <gmock/gmock.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include "market/futures/continuous.hpp"
#include "market/futures/testing/contracts.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::expect_ok;
using testing::kUnknown;
using testing::value_of;

/// Prices that are not part of the project: $TRADEASSIST_SHARED_DATA, or shared/data beside the source tree.
class FuturesRealFiles : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const char* const given = std::getenv("TRADEASSIST_SHARED_DATA");
    folder_ = given != nullptr ? given : std::filesystem::path(TRADEASSIST_SOURCE_DIR).parent_path() / "shared/data";
    folder_ /= "futures";
    if (!std::filesystem::exists(folder_)) GTEST_SKIP() << folder_ << " with real files is absent";
  }

  /// The fields of each line, without the header.
  std::vector<std::vector<std::string>> rows(const std::string& name) const {
    const std::string path = (folder_ / name).string();
    const std::string command = (path.ends_with(".gz") ? "gzip -dc '" : "cat '") + path + "'";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::vector<std::vector<std::string>> found(1, std::vector<std::string>(1));
    for (int c; (c = std::fgetc(pipe.get())) != EOF;) {
      if (c == '\n') {
        found.emplace_back(1);
      } else if (c == ',') {
        found.back().emplace_back();
      } else if (c != '\r') {
        found.back().back() += static_cast<char>(c);
      }
    }
    if (found.back().back().empty()) found.pop_back();
    if (!found.empty()) found.erase(found.begin());
    return found;
  }

  static double number(const std::string& text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  std::vector<FuturesContract> contracts(const std::string& name) const {
    std::map<ContractName, std::shared_ptr<Series>> series;
    for (const auto& row : rows(name + "_contracts.csv.gz")) {
      auto& bars = series[value_of(parse_contract(row.at(0), {.root = name}))];
      if (bars == nullptr) bars = std::make_shared<Series>();
      bars->push_back({at(row.at(1)), kUnknown, kUnknown, kUnknown, number(row.at(2)), kUnknown});
    }
    std::vector<FuturesContract> found;
    for (const auto& [contract, bars] : series) found.push_back({.name = contract, .bars = bars});
    return found;
  }

  RollRule given_rolls(const std::string& name) const {
    RollRule rule{.kind = RollRule::Kind::kGiven};
    for (const auto& row : rows(name + "_rolls.csv")) {
      rule.given.push_back({at(row.at(0)), value_of(parse_contract(row.at(1), {.root = name})),
                            value_of(parse_contract(row.at(2), {.root = name}))});
    }
    return rule;
  }

  std::filesystem::path folder_;
};

TEST_P(FuturesRealFiles, difference_adjustment_gives_every_published_value) {
  const auto stored = contracts(GetParam());
  const TradeDays days(nullptr, bar_times_of(stored));
  const ContinuousSeries series = value_of(continuous_series(stored, {.rule = given_rolls(GetParam())}, days));
  const auto published = rows(GetParam() + "_difference_adjusted.csv.gz");
  ASSERT_EQ(series.bars.size(), published.size());
  double furthest = 0;
  for (std::size_t i = 0; i < published.size(); ++i) {
    ASSERT_EQ(series.bars.time[i], base::to_nanoseconds(at(published[i].at(0))));
    furthest = std::max(furthest, std::abs(series.bars.close[i] - number(published[i].at(1))));
  }
  EXPECT_LT(furthest, 1e-9);
}

TEST_P(FuturesRealFiles, a_series_that_grew_roll_by_roll_is_the_same_as_one_computed_at_once) {
  const auto stored = contracts(GetParam());
  const TradeDays days(nullptr, bar_times_of(stored));
  const RollPlan plan = value_of(plan_rolls(stored, given_rolls(GetParam()), days));
  const std::vector<Roll> rolls = value_of(measure_rolls(stored, plan.switches));
  const ContinuousSeries at_once =
      value_of(adjust(value_of(stitch(stored, plan.first, rolls)), Adjustment::kDifferenceBackward));

  // Each time up to the next roll.
  StitchedSeries grown = value_of(stitch(stored, plan.first, {}, rolls.front().at.time));
  ContinuousSeries series = value_of(adjust(grown, Adjustment::kDifferenceBackward));
  for (std::size_t i = 0; i < rolls.size(); ++i) {
    const std::optional<base::Time> end = i + 1 < rolls.size() ? std::optional(rolls[i + 1].at.time) : std::nullopt;
    expect_ok(extend(grown, stored, std::span(rolls).subspan(i, 1), end));
    expect_ok(update(series, grown));
  }
  EXPECT_EQ(series.bars.time, at_once.bars.time);
  EXPECT_EQ(series.bars.close, at_once.bars.close);
  EXPECT_EQ(series.contract, at_once.contract);
}

INSTANTIATE_TEST_SUITE_P(Published, FuturesRealFiles, ::testing::Values("corn", "sp500"),
                         [](const auto& instrument) { return instrument.param; });

}  // namespace
}  // namespace tradeassist::market
