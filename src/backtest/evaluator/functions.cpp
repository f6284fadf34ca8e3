#include "backtest/evaluator/functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "backtest/evaluator/text/number_format.hpp"

namespace tradeassist::backtest {

using pine::Function;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// Half away from zero, with a hair's breadth for what binary fractions lose.
double round_forgiving(double scaled) {
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
    case Function::kMathPow: {
      const double exponent = call.argument(1);
      if (exponent == 2) return x * x;
      if (exponent == 1) return x;
      if (exponent == 0) return x != x ? kNotANumber : 1;
      if (exponent == 0.5) return std::sqrt(x);
      return std::pow(x, exponent);
    }
    case Function::kMathRound: {
      if (!call.has(1)) return round_forgiving(x);
      const double scale = std::pow(10.0, std::trunc(call.argument(1)));
      return round_forgiving(x * scale) / scale;
    }
    case Function::kMathRoundToMintick: return round_to_tick(x, instrument.tick_size);
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

double call_function(const FunctionCall& call, FunctionContext& context) {
  if (call.function <= Function::kMathToRadians) return math_function(call, context.chart.instrument());
  if (pine::is_string_function(call.function)) return text_function(call, context);
  if (call.function >= Function::kColorNew && call.function <= Function::kColorFromGradient)
    return color_function(call);
  if (call.function == Function::kTimenow) return chart_function(call, context);
  if (call.function >= Function::kTimestamp && call.function <= Function::kTimeframeInSeconds)
    return time_function(call, context);
  return chart_function(call, context);
}

}  // namespace tradeassist::backtest
