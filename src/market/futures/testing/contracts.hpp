#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "market/calendar/testing/calendar_text.hpp"
#include "market/futures/continuous_series.hpp"

/// For tests only: contracts written in a few words.
namespace tradeassist::market::testing {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

inline ContractName name_of(std::string_view text) { return parse_contract(text).value(); }

struct TestBar {
  std::string_view time;
  double close = 0;
  double volume = kUnknown;
  double open_interest = kUnknown;
};

/// A contract of which only closes are known, and volumes and open interest where the bars give them.
inline FuturesContract contract_of(std::string_view name, const std::vector<TestBar>& bars,
                                   std::optional<std::string_view> last_trade = std::nullopt) {
  auto series = std::make_shared<Series>();
  FuturesContract contract{.name = name_of(name), .bars = nullptr};
  for (const TestBar& bar : bars) {
    series->push_back({at(bar.time), kUnknown, kUnknown, kUnknown, bar.close, bar.volume, bar.open_interest});
  }
  contract.bars = std::move(series);
  if (last_trade) contract.last_trade = date(*last_trade);
  return contract;
}

inline Switch switch_at(std::string_view time, std::uint32_t from, std::uint32_t to) {
  return {.time = at(time), .from = from, .to = to};
}

/// The value, or a failed test with the error.
template <class T>
T value_of(base::Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().message;
    std::abort();
  }
  return *std::move(result);
}

inline void expect_ok(const base::Result<void>& result) {
  if (!result) ADD_FAILURE() << result.error().message;
}

/// Equal to the bit, where all NaN are one.
inline bool same_columns(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return x == y || (std::isnan(x) && std::isnan(y));
         });
}

}  // namespace tradeassist::market::testing
