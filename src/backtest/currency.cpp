#include "backtest/currency.hpp"

#include <algorithm>
#include <limits>

namespace tradeassist::backtest {
namespace {

constexpr market::Timeframe kDay{market::Timeframe::Unit::kDay, 1};

/// A value and the instants from which on each counts.
struct DailyRates {
  std::vector<BarSpan> days;
  std::vector<double> rates;
};

std::optional<DailyRates> closes_of(const std::string& pair, bool inverse, bool dates, RequestContext& requests) {
  for (const char* exchange : {"", "FX_IDC:", "FX:", "OANDA:"}) {
    const base::Result<SourcedSeries>& found = requests.series(exchange + pair, kDay);
    if (!found) continue;
    const auto chart = Chart::make(*found->series, found->instrument, kDay);
    if (!chart) continue;
    const std::vector<BarSpan> spans = chart->spans(dates && chart->is_dated());
    DailyRates daily;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const double close = found->series->close[i];
      if (!(close > 0)) continue;
      daily.days.push_back(spans[i]);
      daily.rates.push_back(inverse ? 1 / close : close);
    }
    if (!daily.rates.empty()) return daily;
  }
  return std::nullopt;
}

/// On each bar of the chart the rate of the last day that had ended at its moment.
std::vector<double> on_bars(const DailyRates& daily, const std::vector<std::int64_t>& moments) {
  std::vector<double> rates(moments.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    while (next < daily.days.size() && daily.days[next].end <= moments[i]) ++next;
    rates[i] = next == 0 ? std::numeric_limits<double>::quiet_NaN() : daily.rates[next - 1];
  }
  return rates;
}

}  // namespace

std::optional<std::vector<double>> currency_rates(const std::string& from, const std::string& to, const Chart& chart,
                                                  RequestContext& requests) {
  if (from.empty() || to.empty() || from == to) return std::vector<double>(chart.size(), 1);
  const bool dates = chart.is_dated();
  const auto pair = [&](const std::string& base, const std::string& quote) -> std::optional<DailyRates> {
    if (auto direct = closes_of(base + quote, false, dates, requests)) return direct;
    return closes_of(quote + base, true, dates, requests);
  };
  const std::int64_t day = kDay.nominal_seconds() * base::kNanosecondsPerSecond;
  const bool longer = chart.timeframe().nominal_seconds() > kDay.nominal_seconds();
  std::vector<std::int64_t> moments;
  for (const BarSpan& span : chart.spans(dates)) moments.push_back(longer ? span.end - day : span.start);
  if (const auto direct = pair(from, to)) return on_bars(*direct, moments);
  if (from == "USD" || to == "USD") return std::nullopt;
  const auto into_dollars = pair(from, "USD"), out_of_dollars = pair("USD", to);
  if (!into_dollars || !out_of_dollars) return std::nullopt;
  std::vector<double> rates = on_bars(*into_dollars, moments);
  const std::vector<double> second = on_bars(*out_of_dollars, moments);
  for (std::size_t i = 0; i < rates.size(); ++i) rates[i] *= second[i];
  return rates;
}

void extend_back(std::vector<double>& rates) {
  const auto first = std::ranges::find_if(rates, [](double rate) { return rate == rate; });
  if (first != rates.end()) std::fill(rates.begin(), first, *first);
}

}  // namespace tradeassist::backtest
