#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// Bars with from <= start < to.
struct BarRequest {
  std::string symbol;
  market::Timeframe timeframe;
  base::Time from, to;
  bool extended_hours = false;
};

/// What a provider has in one timeframe.
struct TimeframeCapability {
  market::Timeframe timeframe;
  std::optional<base::Nanoseconds> depth;  // how far back from now it reaches; none: all there is
  base::Nanoseconds span_max;              // the longest range of one call
};

struct Capabilities {
  std::vector<TimeframeCapability> timeframes;  // finest first
  std::vector<std::string> asset_classes;       // of market::kAssetClasses
  bool is_live = false;

  const TimeframeCapability* find(market::Timeframe timeframe) const {
    for (const TimeframeCapability& entry : timeframes) {
      if (entry.timeframe == timeframe) return &entry;
    }
    return nullptr;
  }
};

/// Takes bars as they come; an error ends the fetch and is returned from it.
using BarSink = std::function<base::Result<void>(const market::Series& bars)>;

/// One call to a source. The callee leaves word when the source said when to come back.
struct Attempt {
  std::stop_token stop;
  std::optional<base::Nanoseconds> retry_after;
};

/// A source of bars. Methods may be called from any thread.
class Provider {
 public:
  virtual ~Provider() = default;

  /// The source that its series are stored under: "schwab".
  virtual std::string_view name() const = 0;
  virtual const Capabilities& capabilities() const = 0;

  /// What it takes a symbol for, when the store does not know it. kUnsupported, with the reason, for what it does not
  /// have.
  virtual base::Result<market::Instrument> describe(std::string_view symbol) const = 0;

  /// Hands on the bars of a range that is no longer than the timeframe's span_max, in any order and as they are; who
  /// fetches checks them. One call to the source, so that it can be repeated: bars may come again. No bars at all is a
  /// success. kUnavailable is worth another try; every other error is not.
  virtual base::Result<void> fetch(const BarRequest& request, const BarSink& sink, Attempt& attempt) = 0;
};

}  // namespace tradeassist::feed
