#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "backtest/broker.hpp"

/// Small series of bars and a script in C++, for tests that state each trade by hand.
namespace tradeassist::backtest::testing {

struct Ohlc {
  double open, high, low, close;
};

inline market::Series bars_of(const std::vector<Ohlc>& rows) {
  market::Series series;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Ohlc& row = rows[i];
    series.push_back({base::time_from_nanoseconds(static_cast<std::int64_t>(i) * base::kNanosecondsPerDay), row.open,
                      row.high, row.low, row.close, 1});
  }
  return series;
}

/// Ids of the tests' orders.
enum Id : TextId { kL, kS, kA, kB, kX, kY, kWord };

constexpr Direction kBuy = Direction::kLong, kSell = Direction::kShort;

inline EntryRequest entry(TextId id, Direction direction, double quantity = kNa, double limit = kNa,
                          double stop = kNa) {
  EntryRequest request;
  request.id = id;
  request.direction = direction;
  request.quantity = quantity;
  request.limit = limit;
  request.stop = stop;
  return request;
}

inline EntryRequest order(TextId id, Direction direction, double quantity, double limit = kNa, double stop = kNa) {
  EntryRequest request = entry(id, direction, quantity, limit, stop);
  request.reverses = false;
  return request;
}

struct Levels {
  double limit = kNa, stop = kNa, profit = kNa, loss = kNa;
  double quantity = kNa, percent = 100;
};

inline ExitRequest exit_of(TextId id, TextId from_entry, const Levels& levels) {
  ExitRequest request;
  request.id = id;
  request.from_entry = from_entry;
  request.limit = levels.limit;
  request.stop = levels.stop;
  request.profit = levels.profit;
  request.loss = levels.loss;
  request.quantity = levels.quantity;
  request.quantity_percent = levels.percent;
  return request;
}

inline CloseRequest close_of(TextId id, double quantity = kNa, bool immediately = false) {
  CloseRequest request;
  request.id = id;
  request.quantity = quantity;
  request.immediately = immediately;
  return request;
}

/// A trade as the tests write it; bars of fill and money, nothing that follows from them.
struct Row {
  Direction direction = kBuy;
  std::uint32_t entry_bar = 0;
  double entry_price = 0;
  std::uint32_t exit_bar = 0;
  double exit_price = 0;
  double quantity = 1;

  bool operator==(const Row&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << (row.direction == kBuy ? "long " : "short ") << row.quantity << " bar " << row.entry_bar << " @"
               << row.entry_price << " to bar " << row.exit_bar << " @" << row.exit_price;
  }
};

inline Row row_of(const Trade& trade) {
  return {trade.direction, trade.entry_bar, trade.entry_price, trade.exit_bar, trade.exit_price, trade.quantity};
}

/// A broker over the bars; the script runs at each close, with calc_on_order_fills after fills inside the bar too.
class Market {
 public:
  using Script = std::function<void(Broker&, std::size_t bar)>;

  explicit Market(const std::vector<Ohlc>& rows, pine::StrategySettings settings = no_margin(),
                  market::Instrument instrument = whole_points())
      : series_(bars_of(rows)),
        broker_(settings, instrument, series_),
        calc_on_order_fills_(settings.calc_on_order_fills) {}

  Broker& run(const Script& script) {
    std::size_t bar = 0;
    const auto again = [&] {
      script(broker_, bar);
      return true;
    };
    if (calc_on_order_fills_) broker_.set_recalculation(again);
    for (; bar < series_.size(); ++bar) {
      broker_.begin_bar(bar);
      script(broker_, bar);
      broker_.end_bar();
    }
    broker_.set_recalculation({});
    return broker_;
  }

  /// Every bar as the one finer bar inside itself: the broker follows its path, whether anything is due on it or not.
  void follow_every_path() {
    BarMagnifier magnifier;
    magnifier.bars = std::make_shared<market::Series>(series_);
    for (std::size_t i = 0; i < series_.size(); ++i) magnifier.inside.push_back({i, i + 1});
    broker_.set_magnifier(std::move(magnifier));
  }

  static pine::StrategySettings no_margin() {
    pine::StrategySettings settings;
    settings.margin_long = settings.margin_short = 0;
    return settings;
  }
  static market::Instrument whole_points() {
    market::Instrument instrument;
    instrument.tick_size = 1;
    return instrument;
  }

 private:
  market::Series series_;
  Broker broker_;
  bool calc_on_order_fills_;
};

inline std::vector<Row> closed(const Broker& broker) {
  std::vector<Row> rows;
  for (const Trade& trade : broker.closed_trades()) rows.push_back(row_of(trade));
  return rows;
}

/// Open rows; their exit is not compared.
inline std::vector<Row> opened(const Broker& broker) {
  std::vector<Row> rows;
  for (const Trade& trade : broker.open_trades()) {
    rows.push_back({trade.direction, trade.entry_bar, trade.entry_price, 0, 0, trade.quantity});
  }
  return rows;
}

inline Row open_row(Direction direction, std::uint32_t bar, double price, double quantity = 1) {
  return {direction, bar, price, 0, 0, quantity};
}

using Rows = std::vector<Row>;

const Ohlc kFlat = {100, 101, 99, 100};

/// Without margin, several entries allowed.
inline pine::StrategySettings adding(int pyramiding = 5) {
  pine::StrategySettings settings = Market::no_margin();
  settings.pyramiding = pyramiding;
  return settings;
}

inline pine::StrategySettings margined(double long_percent, double short_percent, double capital = 1000) {
  pine::StrategySettings settings;
  settings.initial_capital = capital;
  settings.margin_long = long_percent;
  settings.margin_short = short_percent;
  return settings;
}

}  // namespace tradeassist::backtest::testing
