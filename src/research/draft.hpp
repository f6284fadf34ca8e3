#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "backtest/backtest.hpp"
#include "backtest/metrics/metrics.hpp"
#include "base/result.hpp"
#include "research/chat.hpp"
#include "research/ranges.hpp"

namespace tradeassist::research {

/// What a draft is tried on.
struct DraftBars {
  market::SeriesPtr series;
  market::Instrument instrument;
  market::Timeframe timeframe;
  backtest::SeriesSource source;  // may be empty
};

/// One answer of the model, and what became of it.
struct DraftRound {
  std::string pine;   // empty where the answer was no script
  std::string wrong;  // what it was told; empty of the one that works
};

struct Draft {
  bool works = false;  // it compiled, ran over the bars, and closed at least one trade
  std::string pine;    // the one that works; else empty
  std::optional<backtest::Metrics> metrics;
  std::vector<std::string> warnings;  // of its run
  std::vector<DraftRound> rounds;
  ChatUsage usage;
};

/// Most bytes of a drafted script.
constexpr std::size_t kDraftBytesMax = 64 * 1024;

/// Has a model write a Pine strategy: each answer is compiled and run over the bars by this program's own engine,
/// within its limits, and what was wrong goes back, with line and column, until one works or `rounds_max` are over. A
/// draft that does not work is an answer, too: the rounds say why. An answer is never anything but Pine: it imports
/// nothing, and is not run in any other way.
base::Result<Draft> draft_strategy(const std::string& description, const DraftBars& bars, const Chat& chat,
                                   int rounds_max, const OnRound& on_round, const std::stop_token& stop);

/// works, pine, metrics, warnings, rounds, usage.
boost::json::object draft_json(const Draft& draft);

}  // namespace tradeassist::research
