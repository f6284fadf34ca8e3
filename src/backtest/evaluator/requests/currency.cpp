// Exchange rates of requests, from the imported daily bars of currency pairs.
#include <utility>

#include <fmt/format.h>

#include "backtest/currency.hpp"
#include "backtest/evaluator/requests/request_bars.hpp"

namespace tradeassist::backtest {

using pine::RequestOperand;

namespace {

base::Error no_rates(const std::string& from, const std::string& to) {
  return {base::ErrorCode::kNotFound,
          fmt::format("there are no rates from {0} to {1}: import daily bars of {0}{1} or {1}{0}", from, to)};
}

}  // namespace

base::Result<Evaluator::RequestColumns> Evaluator::answer_currency_rate(const pine::Operation& operation) {
  const auto value = [&](RequestOperand which) { return operand(operation, static_cast<std::uint32_t>(which)); };
  const std::string& from = texts_.text(value(RequestOperand::kSymbol));
  const std::string& to = texts_.text(value(RequestOperand::kCurrency));
  auto rates = currency_rates(from, to, chart_, request_context_);
  RequestColumns columns;
  columns.is_na = !rates && value(RequestOperand::kIgnoreInvalidSymbol) == 1;
  if (columns.is_na) return columns;
  if (!rates) return std::unexpected(no_rates(from, to));
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
  const auto rates = currency_rates(bars.instrument.currency, currency, context, request_context_);
  if (!rates) return std::unexpected(no_rates(bars.instrument.currency, currency));
  market::Series converted = *bars.series;
  for (std::vector<double>* prices : {&converted.open, &converted.high, &converted.low, &converted.close}) {
    for (std::size_t i = 0; i < rates->size(); ++i) (*prices)[i] *= (*rates)[i];
  }
  bars.series = std::make_shared<const market::Series>(std::move(converted));
  bars.instrument.currency = currency;
  return {};
}

}  // namespace tradeassist::backtest
