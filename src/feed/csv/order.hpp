#pragma once

#include <vector>

#include "feed/csv/block.hpp"

namespace tradeassist::feed {

/// Brings rows in file order into time order: newest-first files are turned round, repeated clock times placed by their
/// neighbours, rows out of place sorted (and reported), exact repetitions dropped, and of rows with one time and
/// different values the first in the file kept and the others reported. `lines` gives a row's line number.
void settle_order(market::Series& series, const std::vector<RepeatedClock>& repeated, const LineMap& lines,
                  CsvReport& report);

/// Whether most of the neighbouring rows go back in time.
bool is_descending(const std::vector<std::int64_t>& time);

}  // namespace tradeassist::feed
