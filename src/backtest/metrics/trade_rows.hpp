#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backtest/backtest.hpp"

namespace tradeassist::backtest {

/// A trade as people and programs read it: a row of the trades CSV, an element of the answer's `trades`.
struct TradeRow {
  std::int64_t number = 0;  // from 1, in closing order, open trades last
  std::string side;         // long | short
  base::Time entry_time;    // start of the bar of the fill
  double entry_price = 0;
  std::string entry_id;
  std::optional<base::Time> exit_time;  // this and the next two are absent while the trade is open
  std::optional<double> exit_price;
  std::optional<std::string> exit_id;  // the order's id; of a close its comment, or TradingView's words for it
  double quantity = 0;
  double profit = 0;                     // net of commission; open: at the last close
  std::optional<double> profit_percent;  // of entry price x quantity x point value
  double run_up = 0;
  double drawdown = 0;  // <= 0
  double commission = 0;
  double cumulative_profit = 0;  // after this trade, less the entry fees of those open at that moment
};

/// Every trade of the run, in its order.
std::vector<TradeRow> trade_rows(const RunResult& result, const market::Series& series);

/// The same as CSV with a header line: RFC 3339 times, shortest numbers that read back as themselves, text quoted where
/// it needs to be (RFC 4180, lines end in \n).
std::string trades_csv(const RunResult& result, const market::Series& series);

BOOST_DESCRIBE_STRUCT(TradeRow, (),
                      (number, side, entry_time, entry_price, entry_id, exit_time, exit_price, exit_id, quantity,
                       profit, profit_percent, run_up, drawdown, commission, cumulative_profit))

}  // namespace tradeassist::backtest
