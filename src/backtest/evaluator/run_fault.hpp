#pragma once

#include <string>

#include "base/result.hpp"

namespace tradeassist::backtest {

/// What went wrong in a call; empty while nothing did.
struct RunFault {
  std::string message;
  base::ErrorCode code = base::ErrorCode::kInvalidArgument;
};

}  // namespace tradeassist::backtest
