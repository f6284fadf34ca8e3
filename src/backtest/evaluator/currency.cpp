// Exchange rates of requests, from the imported daily bars of currency pairs.
#include <limits>
#include <utility>

#include "backtest/evaluator/request_bars.hpp"

namespace tradeassist::backtest {

using pine::RequestOperand;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr market::Timeframe kDay{market::Timeframe::Unit::kDay, 1};
constexpr const char* kMiddle = "USD";  // two currencies without a pair meet there

bool is_missing(const base::Error& error) { return error.code == base::ErrorCode::kNotFound; }

}  // namespace

/// By the pair itself or by its reverse.
base::Result<std::vector<double>> Evaluator::pair_rates(const std::string& from, const std::string& to,
                                                        const Chart& bars) {
  for (const bool reversed : {false, true}) {
    const base::Result<SourcedSeries>& pair = request_context_.series(reversed ? to + from : from + to, kDay);
    if (!pair && is_missing(pair.error())) continue;
    if (!pair) return std::unexpected(pair.error());
    TRY_ASSIGN(const Chart days, Chart::make(*pair->series, pair->instrument, kDay));
    const ShownBars today = align_by_time(bars, days, false, true);
    std::vector<double> rates(today.size(), kNotANumber);
    for (std::size_t i = 0; i < today.size(); ++i) {
      if (today[i] == kNoBar || today[i] == 0) continue;
      const double close = pair->series->close[today[i] - 1];
      rates[i] = reversed ? 1 / close : close;
    }
    return rates;
  }
  return base::failure(base::ErrorCode::kNotFound, "there are no rates from " + from + " to " + to +
                                                       ": import daily bars of " + from + to + " or " + to + from);
}

base::Result<std::vector<double>> Evaluator::currency_rates(const std::string& from, const std::string& to,
                                                            const Chart& bars) {
  if (from.empty() || to.empty() || from == to) return std::vector<double>(bars.size(), 1);
  auto direct = pair_rates(from, to, bars);
  if (direct || !is_missing(direct.error()) || from == kMiddle || to == kMiddle) return direct;
  auto first = pair_rates(from, kMiddle, bars), second = pair_rates(kMiddle, to, bars);
  if (!first || !second) return direct;
  for (std::size_t i = 0; i < first->size(); ++i) (*first)[i] *= (*second)[i];
  return first;
}

base::Result<Evaluator::RequestColumns> Evaluator::answer_currency_rate(const pine::Operation& operation) {
  const auto value = [&](RequestOperand which) { return operand(operation, static_cast<std::uint32_t>(which)); };
  auto rates = currency_rates(texts_.text(value(RequestOperand::kSymbol)),
                              texts_.text(value(RequestOperand::kCurrency)), chart_);
  RequestColumns columns;
  columns.is_na = !rates && is_missing(rates.error()) && value(RequestOperand::kIgnoreInvalidSymbol) == 1;
  if (columns.is_na) return columns;
  if (!rates) return std::unexpected(rates.error());
  columns.shown.resize(chart_.size());
  for (std::size_t i = 0; i < columns.shown.size(); ++i) columns.shown[i] = i;
  columns.values.push_back(std::move(*rates));
  return columns;
}

/// Prices into another currency, as request.security(currency =) has them.
base::Result<void> Evaluator::convert_currency(RequestBars& bars, market::Timeframe timeframe,
                                               const std::string& currency) {
  if (currency.empty() || currency == "NONE" || currency == bars.instrument.currency) return {};
  TRY_ASSIGN(const Chart context, Chart::make(*bars.series, bars.instrument, timeframe));
  TRY_ASSIGN(const std::vector<double> rates, currency_rates(bars.instrument.currency, currency, context));
  market::Series converted = *bars.series;
  for (std::vector<double>* prices : {&converted.open, &converted.high, &converted.low, &converted.close}) {
    for (std::size_t i = 0; i < rates.size(); ++i) (*prices)[i] *= rates[i];
  }
  bars.series = std::make_shared<const market::Series>(std::move(converted));
  bars.instrument.currency = currency;
  return {};
}

}  // namespace tradeassist::backtest
