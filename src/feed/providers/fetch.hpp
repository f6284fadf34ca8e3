#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "feed/providers/check_bars.hpp"
#include "feed/providers/provider.hpp"
#include "feed/providers/retry.hpp"
#include "store/market_store.hpp"

namespace tradeassist::feed {

struct FetchProgress {
  std::string symbol;
  double percent = 0;     // of the calls of this symbol
  std::string_view step;  // "looking", "fetching", "waiting", "done", "failed", "cancelled"
  std::int64_t bars = 0;  // stored so far, new or corrected
  std::string detail{};   // of "waiting": why, and how long; of "failed": the error
};
using FetchProgressHook = std::function<void(const FetchProgress&)>;

struct FetchRequest {
  std::vector<std::string> symbols;
  market::Timeframe timeframe;
  base::Time from, to;  // what is not over yet is left for the next time
  bool extended_hours = false;
  bool again = false;  // ask for all of the range, also for what is stored: corrections replace
};

/// At most this many symbols in one request.
constexpr std::size_t kFetchSymbolsMax = 1'000;
/// At most this many calls for one symbol; more are refused before the first, with what to change.
constexpr std::size_t kFetchCallsMax = 100'000;

struct SymbolFetch {
  std::string symbol;
  std::optional<base::Error> error{};  // none: the range was asked for to its end
  store::AppendResult stored{};        // also of what was stored before an error
  BarsChecked checked{};
  std::int64_t calls = 0;  // that succeeded
  std::string note{};      // why there are no bars, or what of the range cannot be had
};

/// Brings what the store lacks of a range from a provider, symbol after symbol, under the series (symbol, timeframe,
/// provider's name): asks the store what is missing, calls for that through `guard`, checks the bars, and appends each
/// chunk, durable, under an import record. A stopped or killed fetch goes on where it was when it is asked for again,
/// because it asks the store again. A symbol that fails does not touch the others; stopping ends between two chunks.
///
/// An error of its own only for a request that is wrong as a whole: kInvalidArgument (no symbols, an empty range),
/// kUnsupported (a timeframe that the provider does not have; names those it has).
base::Result<std::vector<SymbolFetch>> fetch_bars(store::MarketStore& store, Provider& provider, SourceGuard& guard,
                                                  Clock& clock, const FetchRequest& request,
                                                  const std::stop_token& stop, const FetchProgressHook& progress = {});

/// One symbol's result in a line, without its end: "SPY: 1,560 new bars in 2 calls".
std::string describe(const SymbolFetch& fetch);

}  // namespace tradeassist::feed
