#pragma once

#include <string_view>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/detect/layout.hpp"

namespace tradeassist::feed {

/// Gives price, size, bid, ask and symbol of ticks their columns: by header names, or by position when there is no
/// header (price and then size; what has more numbers is refused as unclear). Columns
/// that have a role already keep it. Without a price, quotes must have both sides.
base::Result<void> find_tick_columns(const Layout& layout, CsvFormat& format);

/// Whether only a trade's price is called so: not `close` or `value`, which bars have too.
bool is_trade_price_name(std::string_view name);
/// Whether a column is called bid or ask: not the bid at a bar's close.
bool is_quote_name(std::string_view name);

}  // namespace tradeassist::feed
