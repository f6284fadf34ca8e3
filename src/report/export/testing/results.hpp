#pragma once

#include <boost/json.hpp>
#include <cmath>
#include <string>

#include "base/time.hpp"

/// For tests only: small results as the program writes them.
namespace tradeassist::report::testing {

namespace json = boost::json;

inline std::string day(int number) {
  return base::format_time(base::time_from_nanoseconds(1'577'923'200'000'000'000 + number * base::kNanosecondsPerDay));
}

/// Equity over `days` days that grows by a thousandth a day; `split`: where it begins anew.
inline json::object equity(int days, int split) {
  json::array time, strategy, held;
  for (int i = 0; i < days; ++i) {
    time.emplace_back(day(i));
    strategy.emplace_back(1000.0 * std::pow(1.001, split != 0 && i >= split ? i - split : i));
    held.emplace_back(1000.0);
  }
  json::object out{{"time", std::move(time)}, {"equity", std::move(strategy)}, {"buy_and_hold", std::move(held)}};
  if (split != 0) out["split_index"] = split;
  return out;
}

inline json::object search_result() {
  json::object out = json::parse(R"({
    "strategy": "Crossover", "symbol": "SPY", "timeframe": "1d", "objective": "net_profit_percent", "sampler": "grid",
    "seed": 7, "trials_tried": 4, "combinations": 4, "data_fingerprint": "cafe01",
    "parameters": {"fast": 5, "slow": 50, "mode": "=Both"}, "default_parameters": {"fast": 10, "slow": 50, "mode": "=Both"},
    "in_sample": {"from": "2020-01-02T00:00:00Z", "to": "2020-03-01T00:00:00Z",
                  "metrics": {"net_profit_percent": 12.5, "max_drawdown_percent": 3.5, "total_closed_trades": 9}},
    "out_of_sample": {"from": "2020-03-02T00:00:00Z", "to": "2020-04-10T00:00:00Z",
                      "metrics": {"net_profit_percent": -2.25, "max_drawdown_percent": 4.5, "total_closed_trades": 3}},
    "buy_and_hold": {"in_sample": {"return_percent": 8, "max_drawdown_percent": 9},
                     "out_of_sample": {"return_percent": 4, "max_drawdown_percent": 5}},
    "statement": "Judge by the bars out of sample.", "warnings": [],
    "trials": {"count": 4, "index": [2, 0, 1, 3], "objective": [12.5, 8, null, -3],
               "parameters": {"fast": [5, 5, 10, 10], "slow": [50, 100, 50, 100], "mode": ["=Both", "Long", "Long", "Long"]},
               "metrics": {"net_profit_percent": [12.5, 8, null, -3], "total_closed_trades": [9, 4, 0, 5]}}
  })")
                         .as_object();
  out["equity"] = equity(100, 60);
  return out;
}

inline json::object backtest_result(int trades) {
  json::object out = json::parse(R"({
    "strategy": "Crossover", "symbol": "SPY", "timeframe": "1d", "bar_count": 100,
    "first_time": "2020-01-02T00:00:00Z", "last_time": "2020-04-10T00:00:00Z", "warnings": [], "no_trades_reasons": [],
    "metrics": {"net_profit_percent": 10.4, "total_closed_trades": 3, "long": {"net_profit_percent": 10.4}}
  })")
                         .as_object();
  out["equity"] = equity(100, 0);
  json::array rows;
  for (int i = 0; i < trades; ++i) {
    rows.push_back(json::object{{"number", i + 1},
                                {"side", i % 2 == 0 ? "long" : "short"},
                                {"entry_time", day(i)},
                                {"entry_price", 100.25 + i},
                                {"entry_id", "=cmd|' /C calc'!A0"},
                                {"exit_time", i + 1 == trades ? json::value(nullptr) : json::value(day(i + 1))},
                                {"exit_price", 101.5 + i},
                                {"exit_id", "Stop, \"hard\""},
                                {"quantity", 3},
                                {"profit", -1.5 + i},
                                {"profit_percent", -0.5 + 0.1 * (i % 20)},
                                {"run_up", 2},
                                {"drawdown", -2.5},
                                {"commission", 0},
                                {"cumulative_profit", 10.0 * i}});
  }
  out["trades"] = std::move(rows);
  return out;
}

}  // namespace tradeassist::report::testing
