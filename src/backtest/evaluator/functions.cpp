#include "backtest/evaluator/functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/time.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::backtest {

using pine::Function;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// Half away from zero, with a hair's breadth for what binary fractions lose.
double round_half_away(double scaled) {
  const double magnitude = std::floor(std::fabs(scaled) + 0.5 + 1e-10);
  return std::copysign(magnitude, scaled);
}

double sum_compensated(const FunctionCall& call) {
  double sum = 0, lost = 0;
  for (std::uint32_t i = 0; i < call.count; ++i) {
    const double y = call.argument(i) - lost;
    const double next = sum + y;
    lost = (next - sum) - y;
    sum = next;
  }
  return sum;
}

}  // namespace

double FunctionCall::argument(std::uint32_t i) const { return has(i) ? slots[operands[i]] : kNotANumber; }

double math_function(const FunctionCall& call, const market::Instrument& instrument) {
  const double x = call.argument(0);
  switch (call.function) {
    case Function::kMathAbs: return std::fabs(x);
    case Function::kMathAcos: return std::acos(x);
    case Function::kMathAsin: return std::asin(x);
    case Function::kMathAtan: return std::atan(x);
    case Function::kMathAvg: {
      const double sum = call.count <= 2 ? x + (call.count > 1 ? call.argument(1) : 0) : sum_compensated(call);
      return sum / call.count;
    }
    case Function::kMathCeil: return std::ceil(x);
    case Function::kMathCos: return std::cos(x);
    case Function::kMathExp: return std::exp(x);
    case Function::kMathFloor: return std::floor(x);
    case Function::kMathLog: return x > 0 ? std::log(x) : kNotANumber;
    case Function::kMathLog10: return x > 0 ? std::log10(x) : kNotANumber;
    case Function::kMathMax:
    case Function::kMathMin: {
      double best = x;
      for (std::uint32_t i = 1; i < call.count; ++i) {
        const double y = call.argument(i);
        if (y != y || best != best) return kNotANumber;
        if (call.function == Function::kMathMax ? y > best : y < best) best = y;
      }
      return best;
    }
    case Function::kMathPow: {
      const double exponent = call.argument(1);
      if (exponent == 2) return x * x;
      if (exponent == 1) return x;
      if (exponent == 0) return x != x ? kNotANumber : 1;
      if (exponent == 0.5) return std::sqrt(x);
      return std::pow(x, exponent);
    }
    case Function::kMathRound: {
      if (!call.has(1)) return round_half_away(x);
      const double scale = std::pow(10.0, std::trunc(call.argument(1)));
      return round_half_away(x * scale) / scale;
    }
    case Function::kMathRoundToMintick: return std::floor(x / instrument.tick_size + 0.5) * instrument.tick_size;
    case Function::kMathSign: return x > 0 ? 1 : x < 0 ? -1 : x;
    case Function::kMathSin: return std::sin(x);
    case Function::kMathSqrt: return std::sqrt(x);
    case Function::kMathTan: return std::tan(x);
    case Function::kMathToDegrees: return x * 180 / std::numbers::pi;
    case Function::kMathToRadians: return x * std::numbers::pi / 180;
    default: return kNotANumber;
  }
}

namespace {

/// A colour is 0xRRGGBBAA; transparency 0..100 is its alpha turned round.
double with_transparency(std::uint32_t rgb, double transparency) {
  const double clipped = std::clamp(transparency == transparency ? transparency : 0, 0.0, 100.0);
  const auto alpha = static_cast<std::uint32_t>(std::lround(255 * (100 - clipped) / 100));
  return static_cast<double>(static_cast<std::uint64_t>(rgb) << 8 | alpha);
}

std::uint32_t channel(double color, int shift) { return static_cast<std::uint32_t>(color) >> shift & 0xff; }

std::uint32_t clip(double value) {
  return value == value ? static_cast<std::uint32_t>(std::clamp(value, 0.0, 255.0)) : 0;
}

}  // namespace

double color_function(const FunctionCall& call) {
  const double color = call.argument(0);
  switch (call.function) {
    case Function::kColorRgb: {
      const std::uint32_t rgb = clip(color) << 16 | clip(call.argument(1)) << 8 | clip(call.argument(2));
      return with_transparency(rgb, call.argument(3));
    }
    case Function::kColorFromGradient: {
      const double bottom = call.argument(1), top = call.argument(2);
      const double from = call.argument(3), to = call.argument(4);
      if (color != color || from != from || to != to) return kNotANumber;
      const double share = top == bottom ? 1 : std::clamp((color - bottom) / (top - bottom), 0.0, 1.0);
      std::uint32_t mixed = 0;
      for (const int shift : {24, 16, 8, 0}) {
        const double a = channel(from, shift), b = channel(to, shift);
        mixed |= static_cast<std::uint32_t>(std::lround(a + (b - a) * share)) << shift;
      }
      return mixed;
    }
    default: break;
  }
  if (color != color) return kNotANumber;
  switch (call.function) {
    case Function::kColorNew: return with_transparency(static_cast<std::uint32_t>(color) >> 8, call.argument(1));
    case Function::kColorR: return channel(color, 24);
    case Function::kColorG: return channel(color, 16);
    case Function::kColorB: return channel(color, 8);
    case Function::kColorT: return std::round((255 - channel(color, 0)) * 100.0 / 255);
    default: return kNotANumber;
  }
}

double chart_function(const FunctionCall& call, FunctionContext& context) {
  const market::Instrument& instrument = context.chart.instrument();
  const market::Timeframe timeframe = context.chart.timeframe();
  using Unit = market::Timeframe::Unit;
  const auto text = [&](std::string value) { return context.texts.intern(std::move(value)); };
  const auto is = [&](Unit unit) { return timeframe.unit == unit ? 1.0 : 0.0; };
  switch (call.function) {
    case Function::kSyminfoTicker:
    case Function::kSyminfoRoot: return text(instrument.symbol);
    case Function::kSyminfoTickerid:
      return text(instrument.exchange.empty() ? instrument.symbol : instrument.exchange + ":" + instrument.symbol);
    case Function::kSyminfoPrefix: return text(instrument.exchange);
    case Function::kSyminfoDescription: return text(instrument.name);
    case Function::kSyminfoCurrency: return text(instrument.currency);
    case Function::kStrategyAccountCurrency:
      return text(context.account_currency.empty() ? instrument.currency : context.account_currency);
    case Function::kSyminfoBasecurrency: return text("");
    case Function::kSyminfoType: return text(instrument.asset_class == "future" ? "futures" : instrument.asset_class);
    case Function::kSyminfoTimezone: return text(instrument.time_zone);
    case Function::kSyminfoSession: return text("session.regular");
    case Function::kSyminfoMintick: return instrument.tick_size;
    case Function::kSyminfoPointvalue: return instrument.point_value;
    case Function::kSyminfoMincontract: return instrument.quantity_step;
    case Function::kTimeframePeriod: {
      std::string period = market::to_pine(timeframe);
      if (!pine::language_rules(context.version).period_has_number && period.size() == 2 && period[0] == '1' &&
          !(period[1] >= '0' && period[1] <= '9')) {
        period.erase(0, 1);  // v5 says "D", v6 "1D"
      }
      return text(std::move(period));
    }
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
    // The same on every run: the moment at which the last bar closes.
    case Function::kTimenow: return context.chart.column(pine::BarField::kTimeClose)[context.chart.size() - 1];
    default: return kNotANumber;
  }
}

double call_function(const FunctionCall& call, FunctionContext& context) {
  if (call.function <= Function::kMathToRadians) return math_function(call, context.chart.instrument());
  if (call.function >= Function::kStrConcat && call.function <= Function::kStrToNumber)
    return text_function(call, context);
  if (call.function >= Function::kColorNew && call.function <= Function::kColorFromGradient)
    return color_function(call);
  if (call.function == Function::kTimenow) return chart_function(call, context);
  if (call.function >= Function::kTimestamp && call.function <= Function::kTimeframeInSeconds)
    return time_function(call, context);
  return chart_function(call, context);
}

}  // namespace tradeassist::backtest
