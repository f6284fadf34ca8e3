#pragma once

#include <string>

#include "market/futures/continuous.hpp"

namespace tradeassist::report {

/// "time,open,high,low,close,volume,open_interest,unadjusted_close,contract,adjustment" and a row a bar; columns of
/// which nothing is known are left out.
std::string continuous_csv(const market::ContinuousSeries& series);

/// The roll table: "time,from,to,pre,post,gap,factor,last_date,overlap".
std::string rolls_csv(const market::ContinuousSeries& series);

/// Both, bars as columns.
std::string continuous_json(const market::ContinuousSeries& series);

}  // namespace tradeassist::report
