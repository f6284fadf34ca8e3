#pragma once

#include <boost/json/array.hpp>
#include <span>
#include <string>
#include <vector>

#include "market/futures/continuous.hpp"

namespace tradeassist::report {

/// "time,open,high,low,close,volume,open_interest,unadjusted_close,contract,adjustment" and a row a bar; columns of
/// which nothing is known are left out.
std::string continuous_csv(const market::ContinuousSeries& series);

/// The roll table: "time,from,to,pre,post,gap,factor,last_date,overlap".
std::string rolls_csv(const market::ContinuousSeries& series);

/// "ESZ2025" of each.
std::vector<std::string> contract_names(std::span<const market::ContractName> contracts);
/// The roll table; `rolls` refer to places in `contracts`.
boost::json::array rolls_json(std::span<const market::ContractName> contracts, std::span<const market::Roll> rolls);

/// Both, bars as columns.
std::string continuous_json(const market::ContinuousSeries& series);

}  // namespace tradeassist::report
