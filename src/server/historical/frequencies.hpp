#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "report/data_report.hpp"
#include "store/market_store.hpp"

namespace tradeassist::server {

/// The frequencies that have a place in menus, the shortest first; every other one may be asked for as well.
constexpr std::array<std::string_view, 15> kFrequencies = {"1m", "5m", "10m", "15m", "30m", "1h", "2h", "4h",
                                                           "6h", "8h", "12h", "1d",  "2d",  "1w", "1M"};

/// What is stored of a symbol.
struct StoredBases {
  std::vector<report::StoredBase> bases;
  bool is_continuous = false;  // they are those of a future's contracts
};

/// What is stored of a symbol by timeframe and source, in the order in which store::answer prefers it for frequencies
/// that several serve: the longest bars first, of equals the most; ticks last. Of a continuous future that is not
/// stored under its own name, what is stored of its contracts. kNotFound: no such instrument, or no contract.
base::Result<StoredBases> stored_bases(store::MarketStore& store, const std::string& symbol);

/// Those of which bars of a frequency can be made, in the same order. Weeks and months of a continuous future are made
/// of its days.
std::vector<report::StoredBase> bases_of(market::Timeframe frequency, const StoredBases& stored);

}  // namespace tradeassist::server
