#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "market/futures/contract_name.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// One contract with what is stored of it. Lists of contracts are in the order of their delivery months.
struct FuturesContract {
  ContractName name;
  SeriesPtr bars;                         // columns that are not known are NaN; the close must be
  std::optional<CivilDate> last_trade{};  // none: not known, or not yet over
  bool last_trade_inferred = false;       // from the last stored bar, not from a rule or the user
};

constexpr std::size_t kFuturesContractsMax = 10'000;

/// kInvalidArgument, saying which contract and time, for contracts that are not in order of delivery or come twice,
/// bars that are not in order of time or come twice, and columns of different lengths.
base::Result<void> check_contracts(std::span<const FuturesContract> contracts);

}  // namespace tradeassist::market
