// request.security: a program of its own over the bars of another symbol or timeframe, aligned to the chart's.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "backtest/evaluator/evaluator.hpp"
#include "pine/program/ticker.hpp"

namespace tradeassist::backtest {

using pine::RequestOperand;
using pine::ValueType;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// Heikin-Ashi bars: close is the mean of the bar's four prices, open the middle of the last one's body. Not rounded.
market::Series heikin_ashi(const market::Series& bars) {
  market::Series made = bars;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    made.close[i] = (bars.open[i] + bars.high[i] + bars.low[i] + bars.close[i]) / 4;
    made.open[i] = i == 0 ? (bars.open[i] + bars.close[i]) / 2 : (made.open[i - 1] + made.close[i - 1]) / 2;
    made.high[i] = std::max({bars.high[i], made.open[i], made.close[i]});
    made.low[i] = std::min({bars.low[i], made.open[i], made.close[i]});
  }
  return made;
}

bool same_period(market::Timeframe a, market::Timeframe b) {
  return a.is_intraday() == b.is_intraday() && a.nominal_seconds() == b.nominal_seconds();
}

}  // namespace

/// The bars of a request's context.
struct Evaluator::RequestBars {
  enum class Origin : std::uint8_t { kChart, kAggregated, kSource };

  std::shared_ptr<const market::Series> series;
  market::Instrument instrument;
  Origin origin = Origin::kSource;
};

/// The chart's own symbol on its own timeframe or a higher one is read from the chart's bars, so that a request agrees
/// with what the chart shows; everything else from the run's source.
base::Result<Evaluator::RequestBars> Evaluator::request_bars(const std::string& symbol, market::Timeframe timeframe) {
  const market::Instrument& instrument = chart_.instrument();
  const std::string own_id =
      instrument.exchange.empty() ? instrument.symbol : instrument.exchange + ":" + instrument.symbol;
  const bool own = symbol.empty() || symbol == instrument.symbol || symbol == own_id;
  if (own && same_period(timeframe, chart_.timeframe())) {
    // The chart's series outlives the run; nothing is to be freed.
    return RequestBars{{std::shared_ptr<void>(), &chart_.series()}, instrument, RequestBars::Origin::kChart};
  }
  if (own && timeframe.nominal_seconds() >= chart_.timeframe().nominal_seconds()) {
    TRY_ASSIGN(market::Series resampled, market::resample(chart_.series(), timeframe, chart_.anchor()));
    return RequestBars{std::make_shared<const market::Series>(std::move(resampled)), instrument,
                       RequestBars::Origin::kAggregated};
  }
  const base::Result<SourcedSeries>& found = request_context_.series(own ? own_id : symbol, timeframe);
  if (!found) return std::unexpected(found.error());
  return RequestBars{found->series, found->instrument, RequestBars::Origin::kSource};
}

base::Result<Evaluator::RequestColumns> Evaluator::run_request(const pine::Operation& operation) {
  const pine::Request& request = program_.requests[operation.index];
  const auto value = [&](RequestOperand which) { return operand(operation, static_cast<std::uint32_t>(which)); };
  const auto is_on = [&](RequestOperand which) { return value(which) == 1; };
  TRY(request_context_.count_request());
  std::string symbol = texts_.text(value(RequestOperand::kSymbol));
  const bool is_heikin_ashi = symbol.starts_with(pine::kHeikinAshiPrefix);
  if (is_heikin_ashi) symbol.erase(0, pine::kHeikinAshiPrefix.size());
  TRY_ASSIGN(const market::Timeframe timeframe,
             script_timeframe(texts_.text(value(RequestOperand::kTimeframe)), chart_));
  if (request.lower_timeframe && timeframe.nominal_seconds() > chart_.timeframe().nominal_seconds()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "the timeframe " + market::to_string(timeframe) +
                             " of a request for a lower timeframe is above the chart's " +
                             market::to_string(chart_.timeframe()));
  }
  RequestColumns columns;
  auto bars = request_bars(symbol, timeframe);
  if (!bars) {
    if (bars.error().code != base::ErrorCode::kNotFound || !is_on(RequestOperand::kIgnoreInvalidSymbol)) {
      return std::unexpected(bars.error());
    }
    columns.shown.assign(chart_.size(), kNoBar);
    columns.inside.assign(chart_.size(), {});
    columns.values.resize(request.types.size());
    return columns;
  }
  const std::string& currency = texts_.text(value(RequestOperand::kCurrency));
  if (!currency.empty() && currency != bars->instrument.currency) {
    return base::failure(base::ErrorCode::kUnsupported,
                         "conversion from " + bars->instrument.currency + " to " + currency + " is not supported");
  }
  if (is_heikin_ashi) bars->series = std::make_shared<const market::Series>(heikin_ashi(*bars->series));
  std::size_t skipped = 0;
  if (const double count = value(RequestOperand::kCalcBarsCount);
      count >= 1 && count < static_cast<double>(bars->series->size())) {
    const auto kept = static_cast<std::size_t>(count);
    skipped = bars->series->size() - kept;
    bars->series = std::make_shared<const market::Series>(bars->series->slice(skipped, kept));
  }

  const market::Series& series = *bars->series;
  TRY_ASSIGN(Chart context, Chart::make(series, bars->instrument, timeframe));
  Options options;
  options.limits = options_.limits;
  options.limits.heap_bytes_max -= std::min(options.limits.heap_bytes_max, heap_.bytes());
  options.stop = options_.stop;
  options.owns_texts = false;
  Evaluator evaluator(*request.program, context, texts_, request_context_, nullptr, options);
  TRY(evaluator.prepare(inputs_));
  const std::uint64_t bytes = request.types.size() * series.size() * sizeof(double);
  if (!budget_.keep(bytes, context_.fault)) {
    return base::failure(context_.fault.code, std::exchange(context_.fault.message, {}));
  }
  kept_bytes_ += bytes;
  columns.values.assign(request.types.size(), std::vector<double>(series.size()));
  constexpr std::size_t kBarsBetweenStopChecks = 1024;
  for (std::size_t bar = 0; bar < series.size(); ++bar) {
    if (bar % kBarsBetweenStopChecks == 0 && options_.stop.stop_requested()) {
      return base::failure(base::ErrorCode::kCancelled, "the run was cancelled");
    }
    TRY(evaluator.step(bar));
    for (std::size_t k = 0; k < request.types.size(); ++k) columns.values[k][bar] = evaluator.result(k);
  }

  for (std::size_t k = 0; k < request.types.size(); ++k) {
    if (request.types[k] != ValueType::kString) continue;
    for (const double text : columns.values[k]) texts_.pin(text);
  }

  const bool gaps = is_on(RequestOperand::kGaps), lookahead = is_on(RequestOperand::kLookahead);
  if (request.lower_timeframe) {
    columns.inside = bars_inside(chart_, context);
  } else if (bars->origin == RequestBars::Origin::kChart) {
    columns.shown.assign(chart_.size(), kNoBar);
    for (std::size_t i = skipped; i < chart_.size(); ++i) columns.shown[i] = i - skipped;
  } else if (bars->origin == RequestBars::Origin::kAggregated && skipped == 0) {
    TRY_ASSIGN(columns.shown, align_aggregated(chart_, context, gaps, lookahead));
  } else {
    columns.shown = align_by_time(chart_, context, gaps, lookahead);
  }
  return columns;
}

base::Result<void> Evaluator::request(const pine::Operation& operation) {
  const pine::Request& request = program_.requests[operation.index];
  const auto number = [](double text) { return text == text ? text : -1.0; };  // na is no key
  const std::array<double, 3> key = {static_cast<double>(operation.index), number(operand(operation, 0)),
                                     number(operand(operation, 1))};
  auto found = requests_.find(key);
  if (found == requests_.end()) {
    texts_.pin(key[1]);  // they stay what the answer is found by
    texts_.pin(key[2]);
    const std::uint64_t before = budget_.steps();
    TRY_ASSIGN(RequestColumns computed, run_request(operation));
    bar_end_ += budget_.steps() - before;  // its bars are not this one
    found = requests_.emplace(key, std::move(computed)).first;
  }
  const RequestColumns& columns = found->second;
  for (std::size_t k = 0; k < request.types.size(); ++k) {
    double& into = slots_[operation.dst + k];
    if (request.lower_timeframe) {
      const BarsInside inside = columns.inside[bar_.index];
      into = heap_.make_array(
          request.types[k],
          std::span<const double>(columns.values[k]).subspan(inside.first, inside.last - inside.first), context_.fault);
      if (!context_.fault.message.empty()) {
        return base::failure(base::ErrorCode::kResourceExhausted, std::exchange(context_.fault.message, {}));
      }
      continue;
    }
    const std::size_t shown = columns.shown[bar_.index];
    // A bool of v6 is never na.
    const double none = request.types[k] == ValueType::kBool && program_.version >= 6 ? 0 : kNotANumber;
    into = shown == kNoBar ? none : columns.values[k][shown];
  }
  return {};
}

}  // namespace tradeassist::backtest
