#pragma once

#include <memory>

#include "app/schwab_parts.hpp"
#include "server/realtime/live_feed.hpp"

namespace tradeassist::app {

/// The live source that the configuration names, running; null for "none". `schwab` may be null where it is not
/// configured. kInvalidArgument names the setting that is wrong. What is given must outlive it.
base::Result<std::unique_ptr<server::LiveFeed>> start_live_feed(const base::Config& config, store::MarketStore& store,
                                                                server::Publisher& publisher, feed::Clock& clock,
                                                                SchwabParts* schwab);

}  // namespace tradeassist::app
