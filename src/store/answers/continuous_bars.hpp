#pragma once

#include <string_view>
#include <vector>

#include "market/futures/continuous.hpp"
#include "market/instrument.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// The contracts of a future that are stored as instruments of their own ("ESZ2025", "/ESZ25"), and what is known of
/// them together.
struct StoredContracts {
  std::vector<market::FuturesContract> contracts;  // those with bars, in order of delivery
  std::vector<SeriesInfo> series;                  // what each was read from
  market::Instrument instrument;                   // of the newest
};

/// Reads them in bars of `timeframe`. kNotFound when there are none; kInvalidArgument when two symbols are the same
/// contract.
base::Result<StoredContracts> read_contracts(MarketStore& store, std::string_view root, market::Timeframe timeframe);

/// The stored contracts joined. Trade dates and last trade dates are those of the product and its calendar, where the
/// root is known.
struct StoredContinuous {
  StoredContracts from;
  market::ContinuousSeries series;
};
base::Result<StoredContinuous> read_continuous(MarketStore& store, std::string_view root, market::Timeframe timeframe,
                                               const market::ContinuousOptions& options);

}  // namespace tradeassist::store
