#pragma once

#include "base/result.hpp"
#include "interchange/duckdb/database.hpp"
#include "store/market_store.hpp"

namespace tradeassist::interchange {

/// Makes the store readable by queries of the connection, as table functions:
///
///   bars(symbol, timeframe, "from" := '…', "to" := '…', last := '…', source := '…')
///       time TIMESTAMP_NS (UTC, the bar's start), open, high, low, close, volume DOUBLE; the answer of store::answer,
///       so a timeframe is made of finer stored bars; unknown values are NULL
///   instruments()
///       symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, point_value, quantity_step
///   series()
///       symbol, timeframe, source, bars, first_time, last_time, corrections, appended_at: what is stored
///
/// The store must outlive the connection. At most `rows_max` bars a call. The store's errors become the query's.
base::Result<void> register_store_functions(Connection& connection, store::MarketStore& store, std::int64_t rows_max);

}  // namespace tradeassist::interchange
