#include "backtest/evaluator/memory/stateful.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "backtest/evaluator/memory/anchored.hpp"
#include "backtest/evaluator/memory/memory_of.hpp"
#include "indicators/events.hpp"
#include "indicators/extremes.hpp"
#include "indicators/moving_averages.hpp"
#include "indicators/oscillators.hpp"
#include "indicators/statistics.hpp"
#include "indicators/volatility.hpp"
#include "indicators/volume.hpp"

namespace tradeassist::backtest {
namespace {

using namespace indicators;
using pine::Function;

template <class State, class Next>
std::unique_ptr<Memory> with_source_and_length(Next next) {
  return with<State>(OfSourceAndLength<Next>{std::move(next)});
}

/// Indicators of the form next(source, length).
template <class State>
std::unique_ptr<Memory> of_source_and_length() {
  return with_source_and_length<State>(
      [](State& state, double x, std::size_t length) { return static_cast<double>(state.next(x, length)); });
}

/// The extreme of the last bars, or how long ago it was.
template <int Sign>
std::unique_ptr<Memory> of_extreme(bool bars) {
  return with_source_and_length<SparseExtreme<Sign>>(
      [bars](SparseExtreme<Sign>& state, double x, std::size_t length, const BarView& bar) {
        const double extreme = state.next(x, length, bar.index);
        return bars && !is_na(extreme) ? state.bars() : extreme;
      });
}

template <class State>
std::unique_ptr<Memory> of_two_sources() {
  return with<State>([](State& state, const Invocation& call) {
    call.out[0] = state.next(call.argument(0), call.argument(1)) ? 1 : 0;
  });
}

template <class State>
std::unique_ptr<Memory> of_volume_bar() {
  return with<State>([](State& state, const Invocation& call) {
    const BarView& bar = *call.bar;
    call.out[0] = state.next({bar.open, bar.high, bar.low, bar.close, bar.volume});
  });
}

template <class State>
std::unique_ptr<Memory> of_pivot() {
  return with<State>([](State& state, const Invocation& call) {
    call.out[0] = state.next(call.argument(0), call.length(1, "leftbars"), call.length(2, "rightbars"));
  });
}

struct None {};

/// What a bar that is na does to a window: it is left out, or there is no result while it is among the bars.
enum class OnNa : std::uint8_t { kSkipped, kNone };

/// Functions of the sorted window: an na length gives na.
template <class Read>
std::unique_ptr<Memory> of_sorted_window(Read read, OnNa on_na = OnNa::kSkipped) {
  return with<SortedWindow>([read, on_na](SortedWindow& state, const Invocation& call) {
    call.out[0] = kNa;
    if (is_na(call.argument(1))) return;
    const std::size_t length = call.length(1);
    const auto& sorted = state.next(call.argument(0), length);
    if (on_na == OnNa::kSkipped || state.unbroken(length)) call.out[0] = read(sorted, call);
  });
}

struct RandomState {
  std::mt19937_64 engine;
  bool seeded = false;
};

}  // namespace

std::size_t Invocation::new_length(double value, const char* what, double minimum) const {
  if (value >= minimum && value <= kLengthMax) {
    const auto length = static_cast<std::size_t>(value);
    if (length <= *longest) return length;
    // Once lengths vary, windows keep more than they are asked for.
    const std::size_t kept = *longest == 0 ? length : std::max(length, Window::kKeptVarying);
    if (budget->keep((kept - *longest) * kBytesOfLength, *fault)) {
      *longest = kept;
      return length;
    }
  }
  if (fault->message.empty()) {
    fault->message = std::string(what) + " must be from " + std::to_string(static_cast<int>(minimum)) + " to " +
                     std::to_string(static_cast<int>(kLengthMax)) + ", is " +
                     (value == value ? std::to_string(static_cast<long long>(std::clamp(value, -1e15, 1e15))) : "na");
  }
  return static_cast<std::size_t>(std::max(minimum, 1.0));
}

std::unique_ptr<Memory> make_memory(Function function, Chart& chart, const TextTable& texts, std::size_t number) {
  switch (function) {
    case Function::kTaSma: return of_source_and_length<Sma>();
    case Function::kTaEma: return of_source_and_length<Ema>();
    case Function::kTaRma: return of_source_and_length<Rma>();
    case Function::kTaWma: return of_source_and_length<Wma>();
    case Function::kTaHma: return of_source_and_length<Hma>();
    case Function::kMathSum: return of_source_and_length<Sum>();
    case Function::kTaDev: return of_source_and_length<Dev>();
    case Function::kTaRsi: return of_source_and_length<Rsi>();
    case Function::kTaCci: return of_source_and_length<Cci>();
    case Function::kTaCmo: return of_source_and_length<Cmo>();
    case Function::kTaCog: return of_source_and_length<Cog>();
    case Function::kTaPercentrank: return of_source_and_length<Percentrank>();
    case Function::kTaRci: return of_source_and_length<Rci>();
    case Function::kTaHighest: return of_extreme<1>(false);
    case Function::kTaLowest: return of_extreme<-1>(false);
    case Function::kTaHighestbars: return of_extreme<1>(true);
    case Function::kTaLowestbars: return of_extreme<-1>(true);
    case Function::kTaRising: return of_source_and_length<Rising>();
    case Function::kTaFalling: return of_source_and_length<Falling>();
    case Function::kTaCross: return of_two_sources<Cross>();
    case Function::kTaCrossover: return of_two_sources<Crossover>();
    case Function::kTaCrossunder: return of_two_sources<Crossunder>();
    case Function::kTaPivothigh: return of_pivot<PivotHigh>();
    case Function::kTaPivotlow: return of_pivot<PivotLow>();
    case Function::kTaAccdist: return of_volume_bar<Accdist>();
    case Function::kTaObv: return of_volume_bar<Obv>();
    case Function::kTaPvt: return of_volume_bar<Pvt>();
    case Function::kTaWad: return of_volume_bar<Wad>();
    case Function::kTaNvi: return of_volume_bar<Nvi>();
    case Function::kTaPvi: return of_volume_bar<Pvi>();
    case Function::kTaWvad:
      return with<None>([](None&, const Invocation& call) {
        const BarView& bar = *call.bar;
        call.out[0] = wvad({bar.open, bar.high, bar.low, bar.close, bar.volume});
      });
    case Function::kTaIii:
      return with<None>([](None&, const Invocation& call) {
        const BarView& bar = *call.bar;
        call.out[0] = iii({bar.open, bar.high, bar.low, bar.close, bar.volume});
      });
    case Function::kTaSwma:
      return with<Swma>([](Swma& state, const Invocation& call) { call.out[0] = state.next(call.argument(0)); });
    case Function::kTaVwma:
      return with<Vwma>([](Vwma& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.bar->volume, call.length(1));
      });
    case Function::kTaAlma:
      return with<Alma>([](Alma& state, const Invocation& call) {
        call.out[0] =
            state.next(call.argument(0), call.length(1), call.argument(2), call.argument(3), call.condition(4));
      });
    case Function::kTaLinreg:
      return with<Linreg>([](Linreg& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.length(1), std::trunc(call.argument(2)));
      });
    case Function::kTaStdev:
      return with<Stdev>([](Stdev& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.length(1), call.condition(2));
      });
    case Function::kTaVariance:
      return with<Variance>([](Variance& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.length(1), call.condition(2));
      });
    case Function::kTaCorrelation:
      return with<Correlation>([](Correlation& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.argument(1), call.length(2));
      });
    case Function::kTaMedian:
      return of_sorted_window([](const auto& sorted, const Invocation&) { return median_of(sorted); });
    case Function::kTaMode:
      return of_sorted_window([](const auto& sorted, const Invocation&) { return mode_of(sorted); });
    case Function::kTaRange:
      return with<SortedWindow>([](SortedWindow& state, const Invocation& call) {
        const auto& sorted = state.next(call.argument(0), call.length(1));
        call.out[0] = sorted.empty() ? kNa : sorted.back() - sorted.front();
      });
    case Function::kTaPercentileLinearInterpolation:
      return of_sorted_window(
          [](const auto& sorted, const Invocation& call) { return percentile_between_ranks(sorted, call.argument(2)); },
          OnNa::kNone);
    case Function::kTaPercentileNearestRank:
      return of_sorted_window([](const auto& sorted, const Invocation& call) {
        return percentile_of_nearest_rank(sorted, call.argument(2));
      });
    case Function::kTaMax:
      return with<AllTime<1>>(
          [](AllTime<1>& state, const Invocation& call) { call.out[0] = state.next(call.argument(0)); });
    case Function::kTaMin:
      return with<AllTime<-1>>(
          [](AllTime<-1>& state, const Invocation& call) { call.out[0] = state.next(call.argument(0)); });
    case Function::kTaBarssince:
      return with<Barssince>(
          [](Barssince& state, const Invocation& call) { call.out[0] = state.next(call.condition(0)); });
    case Function::kTaValuewhen:
      return with<Valuewhen>([](Valuewhen& state, const Invocation& call) {
        call.out[0] = state.next(call.condition(0), call.argument(1), call.length(2, "occurrence", 0));
      });
    case Function::kTaChange:
    case Function::kTaMom:
      return with<BarLag>([](BarLag& state, const Invocation& call) {
        const double x = call.argument(0);
        call.out[0] = x - state.next(x, call.length(1), call.bar->index);
      });
    case Function::kTaRoc:
      return with<BarLag>([](BarLag& state, const Invocation& call) {
        const double x = call.argument(0);
        const double before = state.next(x, call.length(1), call.bar->index);
        call.out[0] = 100 * (x - before) / before;
      });
    case Function::kTaCum:
      return with<Cumulative>(
          [](Cumulative& state, const Invocation& call) { call.out[0] = state.next(call.argument(0)); });
    case Function::kFixnan:
      return with<Fixnan>([](Fixnan& state, const Invocation& call) { call.out[0] = state.next(call.argument(0)); });
    case Function::kTaTr:
      return with<None>([](None&, const Invocation& call) {
        call.out[0] = true_range(call.bar->high, call.bar->low, call.bar->previous_close, call.condition(0));
      });
    case Function::kTaAtr:
      return with<Atr>([](Atr& state, const Invocation& call) {
        call.out[0] = state.next(call.bar->high, call.bar->low, call.bar->previous_close, call.length(0));
      });
    case Function::kTaMacd:
      return with<Macd>([](Macd& state, const Invocation& call) {
        put(call, state.next(call.argument(0), call.length(1, "fastlen"), call.length(2, "slowlen"),
                             call.length(3, "siglen")));
      });
    case Function::kTaBb:
      return with<Bb>([](Bb& state, const Invocation& call) {
        put(call, state.next(call.argument(0), call.length(1), call.argument(2)));
      });
    case Function::kTaBbw:
      return with<Bb>([](Bb& state, const Invocation& call) {
        const auto [basis, upper, lower] = state.next(call.argument(0), call.length(1), call.argument(2));
        call.out[0] = (upper - lower) / basis * 100;
      });
    case Function::kTaKc:
      return with<Kc>([](Kc& state, const Invocation& call) {
        const BarView& bar = *call.bar;
        put(call, state.next(call.argument(0), bar.high, bar.low, bar.previous_close, call.length(1), call.argument(2),
                             call.condition(3)));
      });
    case Function::kTaKcw:
      return with<Kc>([](Kc& state, const Invocation& call) {
        const BarView& bar = *call.bar;
        const auto [basis, upper, lower] = state.next(call.argument(0), bar.high, bar.low, bar.previous_close,
                                                      call.length(1), call.argument(2), call.condition(3));
        call.out[0] = (upper - lower) / basis;
      });
    case Function::kTaDmi:
      return with<Dmi>([](Dmi& state, const Invocation& call) {
        const BarView& bar = *call.bar;
        put(call, state.next(bar.high, bar.low, bar.previous_close, call.length(0, "diLength"),
                             call.length(1, "adxSmoothing")));
      });
    case Function::kTaSupertrend:
      return with<Supertrend>([](Supertrend& state, const Invocation& call) {
        const BarView& bar = *call.bar;
        const auto [line, direction] =
            state.next(bar.high, bar.low, bar.close, bar.previous_close, call.argument(0), call.length(1, "atrPeriod"));
        call.out[0] = line;
        call.out[1] = direction;
      });
    case Function::kTaSar:
      return with<Sar>([never = false, first = true](Sar& state, const Invocation& call) mutable {
        const BarView& bar = *call.bar;
        // It begins on the first bars of the chart or, as on TradingView, not at all.
        if (std::exchange(first, false)) never = bar.index != 0;
        call.out[0] =
            never ? kNa
                  : state.next(bar.high, bar.low, bar.close, call.argument(0), call.argument(1), call.argument(2));
      });
    case Function::kTaStoch:
      return with<Stoch>([](Stoch& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.argument(1), call.argument(2), call.length(3));
      });
    case Function::kTaWpr:
      return with<Wpr>([](Wpr& state, const Invocation& call) {
        call.out[0] = state.next(call.bar->close, call.bar->high, call.bar->low, call.length(0));
      });
    case Function::kTaMfi:
      return with<Mfi>([](Mfi& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.bar->volume, call.length(1));
      });
    case Function::kTaTsi:
      return with<Tsi>([](Tsi& state, const Invocation& call) {
        call.out[0] = state.next(call.argument(0), call.length(1, "short_length"), call.length(2, "long_length"));
      });
    case Function::kMathRandom:
      return with<RandomState>([number](RandomState& state, const Invocation& call) {
        if (!std::exchange(state.seeded, true)) {  // calls without a seed draw each their own numbers
          const double seed = call.argument(2);
          state.engine.seed(is_na(seed) ? number : static_cast<std::uint64_t>(std::fmin(std::fabs(seed), 0x1p63)));
        }
        const double unit = static_cast<double>(state.engine() >> 11) * 0x1p-53;
        call.out[0] = call.argument(0) + unit * (call.argument(1) - call.argument(0));
      });
    default: return make_anchored_memory(function, chart, texts);
  }
}

}  // namespace tradeassist::backtest
