// request.security: a program of its own over the bars of another symbol or timeframe, aligned to the chart's.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "backtest/evaluator/evaluator.hpp"
#include "backtest/evaluator/heap/heap_transfer.hpp"
#include "backtest/evaluator/requests/request_bars.hpp"
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

/// The answer of a request that finds nothing.
Evaluator::RequestColumns Evaluator::no_columns(const pine::Request& request) const {
  RequestColumns columns;
  columns.shown.assign(chart_.size(), kNoBar);
  columns.inside.assign(chart_.size(), {});
  columns.values.resize(request.types.size());
  return columns;
}

base::Result<Evaluator::RequestColumns> Evaluator::run_request(const pine::Operation& operation) {
  const pine::Request& request = program_.requests[operation.index];
  const auto value = [&](RequestOperand which) { return operand(operation, static_cast<std::uint32_t>(which)); };
  const auto is_on = [&](RequestOperand which) { return value(which) == 1; };
  const bool is_lower = request.kind == pine::RequestKind::kLowerTimeframe;
  TRY(request_context_.count_request());
  if (request.kind == pine::RequestKind::kCurrencyRate) return answer_currency_rate(operation);
  std::string symbol = texts_.text(value(RequestOperand::kSymbol));
  const bool is_heikin_ashi = symbol.starts_with(pine::kHeikinAshiPrefix);
  if (is_heikin_ashi) symbol.erase(0, pine::kHeikinAshiPrefix.size());
  TRY_ASSIGN(const market::Timeframe timeframe,
             script_timeframe(texts_.text(value(RequestOperand::kTimeframe)), chart_));
  RequestColumns columns;
  if (is_lower && timeframe.nominal_seconds() > chart_.timeframe().nominal_seconds()) {
    columns.is_na = is_on(RequestOperand::kIgnoreInvalidTimeframe);
    if (columns.is_na) return columns;
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "the timeframe " + market::to_string(timeframe) +
                             " of a request for a lower timeframe is above the chart's " +
                             market::to_string(chart_.timeframe()));
  }
  auto bars = request_bars(symbol, timeframe);
  if (!bars) {
    if (bars.error().code != base::ErrorCode::kNotFound || !is_on(RequestOperand::kIgnoreInvalidSymbol)) {
      return std::unexpected(bars.error());
    }
    return no_columns(request);
  }
  TRY(convert_currency(*bars, timeframe, texts_.text(value(RequestOperand::kCurrency))));
  if (is_heikin_ashi) bars->series = std::make_shared<const market::Series>(heikin_ashi(*bars->series));
  std::size_t skipped = 0;
  if (const double count = value(RequestOperand::kCalcBarsCount);
      count >= 1 && count < static_cast<double>(bars->series->size())) {
    const auto kept = static_cast<std::size_t>(count);
    skipped = bars->series->size() - kept;
    bars->series = std::make_shared<const market::Series>(bars->series->slice(skipped, kept));
  }

  const auto run = std::make_shared<RequestRun>();
  run->bars = std::move(*bars);
  const market::Series& series = *run->bars.series;
  TRY_ASSIGN(Chart made, Chart::make(series, run->bars.instrument, timeframe));
  Chart& context = run->chart.emplace(std::move(made));
  context.set_main(chart_.main());
  Options options;
  options.limits = options_.limits;
  options.limits.heap_bytes_max -= std::min(options.limits.heap_bytes_max, heap_.bytes());
  options.stop = options_.stop;
  options.owns_texts = false;
  options.columns = options_.columns;
  options.missing_bars_are_na = options_.missing_bars_are_na;
  run->evaluator.emplace(*request.program, context, texts_, request_context_, nullptr, options);
  TRY(run->evaluator->prepare(inputs_));
  if (std::ranges::find(request.types, ValueType::kObject) != request.types.end()) {
    columns.run = run;
  } else {
    const std::uint64_t bytes = request.types.size() * series.size() * sizeof(double);
    if (!budget_.keep(bytes, context_.fault)) {
      return base::failure(context_.fault.code, std::exchange(context_.fault.message, {}));
    }
    kept_bytes_ += bytes;
    columns.values.assign(request.types.size(), std::vector<double>(series.size()));
    for (std::size_t bar = 0; bar < series.size(); ++bar) {
      TRY(run->advance(bar, options_.stop));
      for (std::size_t k = 0; k < request.types.size(); ++k) columns.values[k][bar] = run->evaluator->result(k);
    }
  }

  for (std::size_t k = 0; k < request.types.size(); ++k) {
    if (request.types[k] != ValueType::kString) continue;
    for (const double text : columns.values[k]) texts_.pin(text);
  }

  const bool gaps = is_on(RequestOperand::kGaps), lookahead = is_on(RequestOperand::kLookahead);
  const RequestBars::Origin origin = run->bars.origin;
  if (is_lower) {
    columns.inside = bars_inside(chart_, context);
  } else if (origin == RequestBars::Origin::kChart) {
    columns.shown.assign(chart_.size(), kNoBar);
    for (std::size_t i = skipped; i < chart_.size(); ++i) columns.shown[i] = i - skipped;
  } else if (origin == RequestBars::Origin::kAggregated && skipped == 0) {
    TRY_ASSIGN(columns.shown, align_aggregated(chart_, context, gaps, lookahead));
  } else {
    columns.shown = align_by_time(chart_, context, gaps, lookahead);
  }
  return columns;
}

double Evaluator::na_of(ValueType type) const {
  return type == ValueType::kBool && program_.version >= 6 ? 0 : kNotANumber;  // a bool of v6 is never na
}

base::Result<double> Evaluator::request_array(ValueType element, std::span<const double> values) {
  const double made = heap_.make_array(element, values, context_.fault);
  if (context_.fault.message.empty()) return made;
  return base::failure(base::ErrorCode::kResourceExhausted, std::exchange(context_.fault.message, {}));
}

/// What the context shows on this bar of the chart, copied from its heap. Bars are shown in their order.
base::Result<void> Evaluator::answer_objects(const pine::Request& request, RequestColumns& columns) {
  columns.answers.assign(request.types.size(), kNotANumber);
  RequestRun& run = *columns.run;
  const auto result = [&](std::size_t k, HeapTransfer& transfer) {
    const double value = run.evaluator->result(k);
    return request.types[k] == ValueType::kObject ? transfer(value) : value;
  };
  if (request.kind == pine::RequestKind::kLowerTimeframe) {
    const BarsInside inside = columns.inside[bar_.index];
    std::vector<std::vector<double>> values(request.types.size());
    for (std::size_t bar = inside.first; bar < inside.last; ++bar) {
      TRY(run.advance(bar, options_.stop));
      HeapTransfer transfer(run.evaluator->heap(), heap_, context_.fault);  // a later bar may have changed an object
      for (std::size_t k = 0; k < values.size(); ++k) values[k].push_back(result(k, transfer));
    }
    for (std::size_t k = 0; k < values.size(); ++k) {
      TRY_ASSIGN(columns.answers[k], request_array(request.types[k], values[k]));
    }
  } else if (const std::size_t shown = columns.shown[bar_.index]; shown != kNoBar) {
    TRY(run.advance(shown, options_.stop));
    HeapTransfer transfer(run.evaluator->heap(), heap_, context_.fault);
    for (std::size_t k = 0; k < columns.answers.size(); ++k) columns.answers[k] = result(k, transfer);
  } else {
    for (std::size_t k = 0; k < columns.answers.size(); ++k) columns.answers[k] = na_of(request.types[k]);
  }
  if (context_.fault.message.empty()) return {};
  return base::failure(base::ErrorCode::kResourceExhausted, std::exchange(context_.fault.message, {}));
}

base::Result<void> Evaluator::request(const pine::Operation& operation) {
  const pine::Request& request = program_.requests[operation.index];
  const auto number = [](double text) { return text == text ? text : -1.0; };  // na is no key
  const bool is_rate = request.kind == pine::RequestKind::kCurrencyRate;
  const RequestOperand second = is_rate ? RequestOperand::kCurrency : RequestOperand::kTimeframe;
  const std::array<double, 3> key = {static_cast<double>(operation.index), number(operand(operation, 0)),
                                     number(operand(operation, static_cast<std::uint32_t>(second)))};
  auto found = requests_.find(key);
  if (found == requests_.end()) {
    texts_.pin(key[1]);  // they stay what the answer is found by
    texts_.pin(key[2]);
    const std::uint64_t before = budget_.steps();
    auto computed = run_request(operation);
    if (!computed) {
      if (computed.error().code != base::ErrorCode::kNotFound || !options_.missing_bars_are_na) {
        return std::unexpected(computed.error());
      }
      missing_ = computed.error().message;
      computed = no_columns(request);
    }
    bar_end_ += budget_.steps() - before;  // its bars are not this one
    found = requests_.emplace(key, std::move(*computed)).first;
  }
  RequestColumns& columns = found->second;
  double* const into = &slots_[operation.dst];
  if (columns.run != nullptr) {
    if (columns.answered != bar_.index) TRY(answer_objects(request, columns));
    columns.answered = bar_.index;
    std::ranges::copy(columns.answers, into);
    return {};
  }
  for (std::size_t k = 0; k < request.types.size(); ++k) {
    if (columns.is_na) {
      into[k] = kNotANumber;
    } else if (request.kind == pine::RequestKind::kLowerTimeframe) {
      const BarsInside inside = columns.inside[bar_.index];
      TRY_ASSIGN(
          into[k],
          request_array(request.types[k],
                        std::span<const double>(columns.values[k]).subspan(inside.first, inside.last - inside.first)));
    } else {
      const std::size_t shown = columns.shown[bar_.index];
      into[k] = shown == kNoBar ? na_of(request.types[k]) : columns.values[k][shown];
    }
  }
  return {};
}

}  // namespace tradeassist::backtest
