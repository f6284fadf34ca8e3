#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/catalogue/catalogue.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// Every series that is not deleted, or those of `symbol`, in the order of ids: all the pages of list_series(). One
/// that another process adds meanwhile may be in it or not; none is in it twice. Thread-safe.
base::Result<std::vector<SeriesInfo>> all_series(MarketStore& store, std::string_view symbol = {});

}  // namespace tradeassist::store
