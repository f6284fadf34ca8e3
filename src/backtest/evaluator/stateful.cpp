#include "backtest/evaluator/stateful.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "backtest/evaluator/functions.hpp"
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

template <class State, class Step>
class MemoryOf final : public Memory {
 public:
  explicit MemoryOf(Step step) : step_(std::move(step)) {}
  void step(const Invocation& call) override { step_(state_, call); }
  void list_kept(std::vector<double>& kept) const override {
    const auto add = [&](double value) { kept.push_back(value); };
    if constexpr (requires { state_.for_each_kept(add); }) state_.for_each_kept(add);
  }

 private:
  State state_;
  Step step_;
};

template <class State, class Step>
std::unique_ptr<Memory> with(Step step) {
  return std::make_unique<MemoryOf<State, Step>>(std::move(step));
}

/// Indicators of the form next(source, length).
template <class State>
std::unique_ptr<Memory> of_source_and_length() {
  return with<State>([](State& state, const Invocation& call) {
    call.out[0] = static_cast<double>(state.next(call.argument(0), call.length(1)));
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

void put(const Invocation& call, const std::tuple<double, double, double>& values) {
  call.out[0] = std::get<0>(values);
  call.out[1] = std::get<1>(values);
  call.out[2] = std::get<2>(values);
}

struct None {};

/// timeframe.change and the daily anchor of ta.vwap: true on the first bar of a new period, not on bar 0.
class PeriodChange {
 public:
  bool next(Chart& chart, std::size_t bar, market::Timeframe timeframe, RunFault& fault) {
    const std::int64_t time = chart.series().time[bar];
    const bool first = end_ == 0;
    if (!first && time < end_) return false;
    const auto bucket = chart.bucket(time, timeframe);
    if (!bucket) {
      fault.message = bucket.error().message;
      return false;
    }
    end_ = bucket->end;
    return !first;
  }

 private:
  std::int64_t end_ = 0;
};

struct NamedPeriodChange {
  PeriodChange change;
  bool is_known = false;
  std::string name;
  market::Timeframe timeframe;
};

struct VwapState {
  Vwap vwap;
  PeriodChange day;
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

std::unique_ptr<Memory> make_memory(Function function, Chart& chart, const TextTable& texts) {
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
    case Function::kTaHighest: return of_source_and_length<Highest>();
    case Function::kTaLowest: return of_source_and_length<Lowest>();
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
      return with<SortedWindow>([](SortedWindow& state, const Invocation& call) {
        call.out[0] = median_of(state.next(call.argument(0), call.length(1)));
      });
    case Function::kTaMode:
      return with<SortedWindow>([](SortedWindow& state, const Invocation& call) {
        call.out[0] = mode_of(state.next(call.argument(0), call.length(1)));
      });
    case Function::kTaRange:
      return with<SortedWindow>([](SortedWindow& state, const Invocation& call) {
        const auto& sorted = state.next(call.argument(0), call.length(1));
        call.out[0] = sorted.empty() ? kNa : sorted.back() - sorted.front();
      });
    case Function::kTaPercentileLinearInterpolation:
      return with<SortedWindow>([](SortedWindow& state, const Invocation& call) {
        call.out[0] = percentile_between_ranks(state.next(call.argument(0), call.length(1)), call.argument(2));
      });
    case Function::kTaPercentileNearestRank:
      return with<SortedWindow>([](SortedWindow& state, const Invocation& call) {
        call.out[0] = percentile_of_nearest_rank(state.next(call.argument(0), call.length(1)), call.argument(2));
      });
    case Function::kTaHighestbars:
      return with<Highest>([](Highest& state, const Invocation& call) {
        call.out[0] = is_na(state.next(call.argument(0), call.length(1))) ? kNa : state.bars();
      });
    case Function::kTaLowestbars:
      return with<Lowest>([](Lowest& state, const Invocation& call) {
        call.out[0] = is_na(state.next(call.argument(0), call.length(1))) ? kNa : state.bars();
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
      return with<Lag>([](Lag& state, const Invocation& call) {
        const double x = call.argument(0);
        call.out[0] = x - state.next(x, call.length(1));
      });
    case Function::kTaMom:
      return with<Lag>([](Lag& state, const Invocation& call) {
        const double x = call.argument(0);
        call.out[0] = x - state.next(x, call.length(1));
      });
    case Function::kTaRoc:
      return with<Lag>([](Lag& state, const Invocation& call) {
        const double x = call.argument(0);
        const double before = state.next(x, call.length(1));
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
      return with<Sar>([](Sar& state, const Invocation& call) {
        const BarView& bar = *call.bar;
        call.out[0] = state.next(bar.high, bar.low, bar.close, call.argument(0), call.argument(1), call.argument(2));
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
    case Function::kTaVwap:
      return with<VwapState>([&chart](VwapState& state, const Invocation& call) {
        const bool own_anchor = call.count > 1 && call.operands[1] != pine::kNoSlot;
        const bool anchor =
            own_anchor ? call.condition(1)
                       : state.day.next(chart, call.bar->index, {market::Timeframe::Unit::kDay, 1}, *call.fault);
        call.out[0] = std::get<0>(state.vwap.next(call.argument(0), call.bar->volume, anchor, !own_anchor, 0));
      });
    case Function::kTaVwapBands:
      return with<Vwap>([](Vwap& state, const Invocation& call) {
        put(call, state.next(call.argument(0), call.bar->volume, call.condition(1), false, call.argument(2)));
      });
    case Function::kMathRandom:
      return with<std::mt19937_64>([first = true](std::mt19937_64& state, const Invocation& call) mutable {
        if (std::exchange(first, false)) {
          const double seed = call.argument(2);
          state.seed(is_na(seed) ? 1 : static_cast<std::uint64_t>(std::min(std::fabs(seed), 1e18)));
        }
        const double unit = static_cast<double>(state() >> 11) * 0x1p-53;
        call.out[0] = call.argument(0) + unit * (call.argument(1) - call.argument(0));
      });
    case Function::kTimeframeChange:
      return with<NamedPeriodChange>([&chart, &texts](NamedPeriodChange& state, const Invocation& call) {
        const std::string& name = texts.text(call.argument(0));
        if (!state.is_known || name != state.name) {
          const auto timeframe = script_timeframe(name, chart);
          if (!timeframe) {
            call.fault->message = timeframe.error().message;
            return;
          }
          state.is_known = true;
          state.name = name;
          state.timeframe = *timeframe;
        }
        call.out[0] = state.change.next(chart, call.bar->index, state.timeframe, *call.fault) ? 1 : 0;
      });
    default: return nullptr;
  }
}

}  // namespace tradeassist::backtest
