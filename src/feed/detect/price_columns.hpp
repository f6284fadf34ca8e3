#pragma once

#include <optional>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/detect/layout.hpp"

namespace tradeassist::feed {

/// Gives open, high, low, close, volume and symbol their columns: by header names, or by position when there is no
/// header. Columns that have a role already keep it.
base::Result<void> find_prices(const Layout& layout, CsvFormat& format);

/// Whether the comma is the decimal sign, from the prices' own text.
base::Result<bool> find_decimal_comma(const Layout& layout, const CsvOptions& options, const CsvFormat& format);

/// Decimals, trailing zeros not counted, that nineteen in twenty prices keep to. Prices printed in full from binary
/// numbers (1438.359985) count as what was meant (1438.36). Nothing beyond eight. Needs format.decimal_comma.
std::optional<int> find_price_decimals(const Layout& layout, const CsvFormat& format);

}  // namespace tradeassist::feed
