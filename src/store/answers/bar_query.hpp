#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "market/fill.hpp"
#include "market/futures/continuous.hpp"
#include "market/gaps.hpp"
#include "market/quality.hpp"
#include "market/resample.hpp"
#include "market/tick_bars.hpp"
#include "market/vwap.hpp"
#include "store/answers/price_adjustment.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// A question for bars: a range [from, to) with either end open, or the newest `last`.
struct BarQuery {
  std::string symbol;  // of an instrument, or a continuous future: "ES.c.0", "ES1!"
  market::Timeframe timeframe;
  std::optional<base::Time> from{}, to{};
  std::optional<std::int64_t> last{};
  std::string source{};                     // empty: whichever series fits best
  std::optional<market::Timeframe> base{};  // of stored symbols: only series of these bars; default: the coarsest
  std::int64_t rows_max = 10'000'000;
  // Of continuous futures: how gaps are taken out, and a rule of rolls other than the one that the symbol says.
  std::optional<market::Adjustment> adjustment{};  // default: none, prices as they traded
  std::optional<market::RollRule> roll{};
  bool with_gaps = false;     // find what is missing, too
  bool with_quality = false;  // judge the bars, too
  // For splits and dividends, of stored bars of a day or less. Each range shows the prices that the whole series has.
  market::PriceAdjustment price_adjustment = market::PriceAdjustment::kRaw;
  bool with_factors = false;  // tell what each bar was multiplied by
  // Of every bar; from (high + low + close) / 3 of what is stored where it is not known.
  std::optional<market::VwapRule> vwap{};
  market::FillMethod fill = market::FillMethod::kNone;
  std::optional<market::TickBarRule> tick_rule{};  // bars of trades, volume, money or range; `timeframe` has no effect
};

/// How a continuous future was made.
struct ContinuousStory {
  market::Adjustment adjustment = market::Adjustment::kNone;
  market::RollRule rule{};
  int rank = 0;
  std::vector<market::ContractName> contracts{};
  std::vector<market::Roll> rolls{};  // within the answer's bars; `contracts` are their places
  // One value a bar, while bars are those of the contracts; empty where they were aggregated further.
  std::vector<double> unadjusted_close{};
  std::vector<std::uint32_t> contract{};
};

/// What is missing in the bars of an answer, and by which calendar.
struct GapStory {
  std::string calendar;          // its name
  market::GapReport report{};    // of the asked range, or that of the bars
  std::string unknown_reason{};  // why nothing is known; empty when it is
};

/// How good the bars of an answer are, without its days (bar_quality.hpp).
struct QualityStory {
  std::string calendar;  // its name; empty where none fits: then hours and missing bars are not judged
  double score = 100;    // 0 to 100
  std::vector<market::QualityFinding> findings{};
};

/// Bars with their story.
struct BarAnswer {
  market::Instrument instrument;
  SeriesInfo series;            // what they were read from; its timeframe may be finer; of a continuous future, all
  market::Timeframe timeframe;  // as asked
  market::Series bars;
  std::string empty_reason;  // why there are none; empty when there are some
  std::optional<ContinuousStory> continuous{};
  std::optional<AdjustmentStory> adjusted{};  // where prices were to be adjusted for splits or dividends
  std::optional<market::VwapRule> vwap{};     // as asked: what the column of VWAPs is
  std::optional<GapStory> gaps{};
  std::optional<QualityStory> quality{};           // of the bars before any were filled; none where there are none
  std::optional<market::TickBarRule> tick_rule{};  // as asked, of bars made of ticks; `series` is theirs then
  // Whether trading may still change the last bar; none where that is not known, as of bars of ticks.
  std::optional<bool> last_is_partial{};
  std::vector<std::uint8_t> filled{};      // of each bar a market::Filled, where a fill was asked for
  std::vector<PartitionRange> archived{};  // parts of the range whose bars are only in an archive
};

/// True when bars of `coarse` can be made of bars of `fine`: each is made of whole ones. Not of ticks.
bool is_made_of(market::Timeframe coarse, market::Timeframe fine);

/// Where the buckets of higher timeframes begin for a series: the instrument's session, or midnight UTC for bars that
/// are stamped with plain dates.
base::Result<market::SessionAnchor> anchor_of(const market::Instrument& instrument, const market::Series& bars,
                                              market::Timeframe stored);

/// Reads the stored series whose timeframe is as asked, or else the coarsest finer one, and aggregates it; where there
/// is none, or bars of trades are asked for, the bars are made of stored ticks (bars_of_ticks.hpp). A symbol
/// that is not stored and names a continuous future is made of the stored contracts.
/// kNotFound: unknown symbol, or no series of it; kInvalidArgument: asked for finer bars than are stored (says which
/// are), an empty range, last < 1, a fill without a calendar or of bars of ticks, an adjustment, a VWAP or a quality of
/// what has none, a dividend that does not fit the prices; kResourceExhausted: more than rows_max.
base::Result<BarAnswer> answer(MarketStore& store, const BarQuery& query);

/// The same of stored symbols alone, without the story and fills.
base::Result<BarAnswer> answer_stored(MarketStore& store, const BarQuery& query);

}  // namespace tradeassist::store
