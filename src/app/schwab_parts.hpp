#pragma once

#include <memory>

#include "base/config.hpp"
#include "base/result.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/retry.hpp"
#include "feed/providers/schwab/price_history.hpp"
#include "feed/providers/schwab/session.hpp"
#include "server/historical/provider_source.hpp"

namespace tradeassist::app {

/// Schwab as configured. Its tokens lie in the data directory's folder `secrets`, of mode 0700.
struct SchwabParts {
  feed::SystemClock clock;
  feed::SchwabSession session;
  feed::SchwabPriceHistory history;
  feed::SourceGuard guard;

  /// kInvalidArgument for an address that is neither https:// nor on this machine.
  static base::Result<std::unique_ptr<SchwabParts>> make(const base::Config& config);

 private:
  SchwabParts(feed::SchwabOptions options, feed::TokenStore tokens, const feed::SourceLimits& limits);
};

/// The providers that are configured; `schwab`, null when it is not, outlives it.
server::ProviderSource provider_source(SchwabParts* schwab);

}  // namespace tradeassist::app
