#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace tradeassist::research {

/// The figures of a result, of a search or a backtest, one a line: `out_of_sample.metrics.net_profit: -1132.77`.
/// Numbers have six digits. Left out are columns and lists (equity, trades, trials, plots), what is unknown, the same
/// figures by side, and what is for machines; then whatever goes beyond kDigestBytesMax, which a last line says.
constexpr std::size_t kDigestBytesMax = 16 * 1024;
std::string digest(const boost::json::object& result);

}  // namespace tradeassist::research
