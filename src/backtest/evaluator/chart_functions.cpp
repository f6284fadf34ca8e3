// syminfo.*, timeframe.* and chart.*: what a run knows of its chart before the first bar.
#include <limits>
#include <string>

#include "backtest/evaluator/functions.hpp"
#include "backtest/evaluator/text/number_format.hpp"
#include "pine/program/ticker.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::backtest {

using pine::Function;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

std::string ticker_id(const market::Instrument& instrument) {
  return instrument.exchange.empty() ? instrument.symbol : instrument.exchange + ":" + instrument.symbol;
}

/// "ES" of "ES1!"; the symbol itself where it names no series of contracts.
std::string root_of(const market::Instrument& instrument) {
  std::string root = instrument.symbol;
  if (!root.ends_with('!')) return root;
  root.pop_back();
  while (!root.empty() && root.back() >= '0' && root.back() <= '9') root.pop_back();
  return root.empty() ? instrument.symbol : root;
}

/// "BTC" of "BTCUSD"; empty for what is no pair.
std::string base_currency(const market::Instrument& instrument) {
  if (instrument.asset_class != "crypto" && instrument.asset_class != "forex") return "";
  const std::string& symbol = instrument.symbol;
  const std::size_t at = symbol.rfind(instrument.currency);
  return at == std::string::npos || instrument.currency.empty() ? "" : symbol.substr(0, at);
}

std::string volume_type(const market::Instrument& instrument) {
  return instrument.asset_class == "forex" ? "tick" : instrument.asset_class == "index" ? "n/a" : "base";
}

std::string period_of(const Chart& chart, int version) {
  std::string period = market::to_pine(chart.timeframe());
  const bool one_of_a_unit = period.size() == 2 && period[0] == '1' && !(period[1] >= '0' && period[1] <= '9');
  if (one_of_a_unit && !pine::language_rules(version).period_has_number) period.erase(0, 1);  // v5 "D", v6 "1D"
  return period;
}

/// The parts of "NASDAQ:AAPL", whatever kind of bars a ticker.*() asks for.
std::string part_of_symbol(std::string symbol, bool prefix) {
  if (symbol.starts_with(pine::kHeikinAshiPrefix)) symbol.erase(0, pine::kHeikinAshiPrefix.size());
  const std::size_t colon = symbol.find(':');
  if (prefix) return colon == std::string::npos ? "" : symbol.substr(0, colon);
  return colon == std::string::npos ? symbol : symbol.substr(colon + 1);
}

}  // namespace

double chart_function(const FunctionCall& call, FunctionContext& context) {
  const Chart& chart = context.chart;
  const market::Instrument& instrument = chart.instrument();
  const market::Timeframe timeframe = chart.timeframe();
  using Unit = market::Timeframe::Unit;
  const auto text = [&](std::string value) { return context.texts.intern(std::move(value)); };
  const auto is = [&](Unit unit) { return timeframe.unit == unit ? 1.0 : 0.0; };
  const auto milliseconds = [&](std::size_t bar) {
    return static_cast<double>(chart.main().series().time[bar] / 1'000'000);
  };
  switch (call.function) {
    case Function::kSyminfoTicker: return text(instrument.symbol);
    case Function::kSyminfoRoot: return text(root_of(instrument));
    case Function::kSyminfoTickerid: return text(ticker_id(instrument));
    case Function::kSyminfoMainTickerid: return text(ticker_id(chart.main().instrument()));
    case Function::kSyminfoPrefix: return text(instrument.exchange);
    case Function::kSyminfoDescription: return text(instrument.name);
    case Function::kSyminfoCurrency: return text(instrument.currency);
    case Function::kStrategyAccountCurrency:
      return text(context.account_currency.empty() ? instrument.currency : context.account_currency);
    case Function::kSyminfoBasecurrency: return text(base_currency(instrument));
    case Function::kSyminfoType: return text(instrument.asset_class == "future" ? "futures" : instrument.asset_class);
    case Function::kSyminfoVolumetype: return text(volume_type(instrument));
    case Function::kSyminfoTimezone: return text(instrument.time_zone);
    case Function::kSyminfoSession: return text("session.regular");
    case Function::kSyminfoMintick: return instrument.tick_size;
    case Function::kSyminfoMinmove: return tick_scale(instrument.tick_size).minmove;
    case Function::kSyminfoPricescale: return tick_scale(instrument.tick_size).pricescale;
    case Function::kSyminfoPointvalue: return instrument.point_value;
    case Function::kSyminfoMincontract: return instrument.quantity_step;
    case Function::kSyminfoPrefixOf:
    case Function::kSyminfoTickerOf: {
      if (call.argument(0) != call.argument(0)) return kNotANumber;
      return text(part_of_symbol(context.texts.text(call.argument(0)), call.function == Function::kSyminfoPrefixOf));
    }
    case Function::kTimeframePeriod: return text(period_of(chart, context.version));
    case Function::kTimeframeMainPeriod: return text(period_of(chart.main(), context.version));
    case Function::kTimeframeMultiplier: {
      const bool hours = timeframe.unit == Unit::kHour;
      return hours ? timeframe.count * 60 : timeframe.count;
    }
    case Function::kTimeframeIsSeconds: return is(Unit::kSecond);
    case Function::kTimeframeIsMinutes: return timeframe.unit == Unit::kMinute || timeframe.unit == Unit::kHour ? 1 : 0;
    case Function::kTimeframeIsIntraday: return timeframe.is_intraday() ? 1 : 0;
    case Function::kTimeframeIsDaily: return is(Unit::kDay);
    case Function::kTimeframeIsWeekly: return is(Unit::kWeek);
    case Function::kTimeframeIsMonthly: return is(Unit::kMonth);
    case Function::kTimeframeIsDwm: return timeframe.is_intraday() ? 0 : 1;
    case Function::kChartLeftVisibleBarTime: return milliseconds(0);
    case Function::kChartRightVisibleBarTime: return milliseconds(chart.main().size() - 1);
    // The same on every run: the moment at which the last bar closes.
    case Function::kTimenow: return context.chart.column(pine::BarField::kTimeClose)[chart.size() - 1];
    default: return kNotANumber;
  }
}

}  // namespace tradeassist::backtest
