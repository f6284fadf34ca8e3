// request.security: a program of its own over a higher timeframe of the chart's bars, aligned back to the chart.
#include <algorithm>
#include <limits>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

}  // namespace

base::Result<Evaluator::RequestColumns> Evaluator::run_request(const pine::Request& request,
                                                               const InputVector& inputs) {
  const std::string& symbol = texts_.text(slots_[request.symbol]);
  const market::Instrument& instrument = chart_.instrument();
  const std::string own_id =
      instrument.exchange.empty() ? instrument.symbol : instrument.exchange + ":" + instrument.symbol;
  if (!symbol.empty() && symbol != instrument.symbol && symbol != own_id) {
    return base::failure(base::ErrorCode::kUnsupported, "request.security(): other symbols than the chart's own (" +
                                                            own_id + ") are not supported yet: " + symbol);
  }
  const auto timeframe = script_timeframe(texts_.text(slots_[request.timeframe]), chart_);
  if (!timeframe) return base::in_context("request.security()", timeframe.error());
  if (timeframe->nominal_seconds() < chart_.timeframe().nominal_seconds()) {
    return base::failure(base::ErrorCode::kUnsupported, "request.security(): a timeframe finer than the chart's (" +
                                                            market::to_string(*timeframe) + ") is not supported yet");
  }
  const market::Series& bars = chart_.series();
  const bool unchanged = timeframe->is_intraday() == chart_.timeframe().is_intraday() &&
                         timeframe->nominal_seconds() == chart_.timeframe().nominal_seconds();
  market::Series resampled;
  if (!unchanged) { TRY_ASSIGN(resampled, market::resample(bars, *timeframe, chart_.anchor())); }
  const market::Series& higher = unchanged ? bars : resampled;
  TRY_ASSIGN(Chart higher_chart, Chart::make(higher, instrument, *timeframe));
  const pine::Program& program = *request.program;

  // The sub-program has the inputs it needs, recognised by the place of their defaults in the source.
  InputVector own_inputs;
  for (const pine::Input& input : program.inputs) {
    const auto same = std::ranges::find_if(program_.inputs, [&](const pine::Input& other) {
      return other.default_range.begin == input.default_range.begin;
    });
    if (same == program_.inputs.end()) {
      return base::failure(base::ErrorCode::kInternal, "request.security(): the input " + input.name + " has no value");
    }
    own_inputs.push_back(inputs[static_cast<std::size_t>(same - program_.inputs.begin())]);
  }
  TextTable own_texts(program.strings, options_.limits.string_bytes_max);
  Options options;
  options.limits = options_.limits;
  options.stop = options_.stop;
  Evaluator evaluator(program, higher_chart, own_texts, nullptr, options);
  TRY(evaluator.prepare(own_inputs));
  const std::size_t results = program.results.size();
  RequestColumns computed(results, std::vector<double>(higher.size()));
  for (std::size_t bar = 0; bar < higher.size(); ++bar) {
    TRY(evaluator.step(bar));
    for (std::size_t k = 0; k < results; ++k) computed[k][bar] = evaluator.result(k);
  }

  // Which bar of the request each chart bar lies in, and whether it is the last one in it.
  RequestColumns columns(results, std::vector<double>(bars.size(), kNotANumber));
  std::size_t inside = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::size_t before = inside;
    while (inside + 1 < higher.size() && higher.time[inside + 1] <= bars.time[i]) ++inside;
    const bool first = i == 0 || inside != before;
    bool closes = unchanged;
    if (!closes && i + 1 < bars.size()) {
      closes = inside + 1 < higher.size() && bars.time[i + 1] >= higher.time[inside + 1];
    } else if (!closes) {
      TRY_ASSIGN(closes, chart_.closes(i, *timeframe));
    }
    for (std::size_t k = 0; k < results; ++k) {
      double value = kNotANumber;
      if (request.lookahead) {
        if (!request.gaps || first) value = computed[k][inside];
      } else if (closes) {
        value = computed[k][inside];
      } else if (!request.gaps && inside > 0) {
        value = computed[k][inside - 1];
      }
      columns[k][i] = value;
    }
  }
  return columns;
}

}  // namespace tradeassist::backtest
