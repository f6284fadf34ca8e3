#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "feed/providers/provider.hpp"

namespace tradeassist::feed {

/// For tests: a source that has whatever `bars_of` says, in chunks, and fails when `fault` says so.
class FakeProvider : public Provider {
 public:
  FakeProvider() {
    using Unit = market::Timeframe::Unit;
    capabilities_.timeframes = {{{Unit::kMinute, 1}, std::nullopt, std::chrono::hours(24 * 10)},
                                {{Unit::kDay, 1}, std::nullopt, std::chrono::hours(24 * 365)}};
    capabilities_.asset_classes = {"stock"};
  }

  std::string_view name() const override { return "fake"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  base::Result<market::Instrument> describe(std::string_view symbol) const override {
    if (symbol.starts_with('/')) return base::failure(base::ErrorCode::kUnsupported, "futures are not to be had");
    return market::Instrument{
        .symbol = std::string(symbol), .exchange = "NYSE", .time_zone = "America/New_York", .session = "0930-1600"};
  }
  base::Result<void> fetch(const BarRequest& request, const BarSink& sink, Attempt& attempt) override {
    requests.push_back(request);
    if (fault) TRY(fault(request, attempt));
    const market::Series all = bars_of(request);
    for (std::size_t at = 0; at < all.size(); at += chunk) TRY(sink(all.slice(at, std::min(chunk, all.size() - at))));
    return {};
  }

  std::function<market::Series(const BarRequest&)> bars_of = [](const BarRequest&) { return market::Series{}; };
  std::function<base::Result<void>(const BarRequest&, Attempt&)> fault;
  std::size_t chunk = 1'000;
  std::vector<BarRequest> requests;
  Capabilities capabilities_;
};

}  // namespace tradeassist::feed
