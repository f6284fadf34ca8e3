#pragma once

#include <memory>

#include "base/config.hpp"
#include "base/result.hpp"
#include "feed/providers/clock.hpp"
#include "research/chat_client.hpp"

namespace tradeassist::app {

/// Who is asked for research, as configured. How many tokens were used today is kept in the data directory's folder
/// `research`.
struct ResearchParts {
  feed::SystemClock clock;
  std::unique_ptr<research::ChatClient> client;

  /// kFailedPrecondition where no provider is configured, or its key is missing; kInvalidArgument for an address that
  /// is not allowed, and a key's file that others may read.
  static base::Result<std::unique_ptr<ResearchParts>> make(const base::Config& config);
};

}  // namespace tradeassist::app
