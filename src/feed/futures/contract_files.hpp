#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/futures/futures_contract.hpp"
#include "market/futures/roll_rule.hpp"

namespace tradeassist::feed {

/// How the two files below are to be read.
struct ContractFileOptions {
  std::string root;               // for contracts that are months alone: "202512"
  std::string time_zone = "UTC";  // of times that say none
};

/// The bars of many contracts of one product, from a CSV with a header: `contract`, `time` and `close`, and where there
/// are any `open`, `high`, `low`, `volume`, `open_interest`; other columns are passed over. Rows may come in any order.
/// May be gzip. The result is in the order of delivery.
///
/// kInvalidArgument says the file, the line and what is wrong with it.
base::Result<std::vector<market::FuturesContract>> read_contracts(const std::filesystem::path& path,
                                                                  const ContractFileOptions& options);

/// Rolls that the user gives: a CSV with `time`, the first time at which the new contract is used, and where they are
/// to be checked `from` and `to`. Errors as above.
base::Result<std::vector<market::GivenRoll>> read_rolls(const std::filesystem::path& path,
                                                        const ContractFileOptions& options);

}  // namespace tradeassist::feed
