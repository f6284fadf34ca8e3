#include "backtest/evaluator/memory/anchored.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "backtest/evaluator/functions.hpp"
#include "backtest/evaluator/memory/memory_of.hpp"
#include "indicators/pivot_levels.hpp"
#include "indicators/volume.hpp"

namespace tradeassist::backtest {
namespace {

using namespace indicators;
using pine::Function;

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

/// ta.vwap with and without bands: anchored by its argument, or at each new day.
class AnchoredVwap {
 public:
  std::tuple<double, double, double> next(Chart& chart, const Invocation& call, double mult) {
    const bool own_anchor = call.count > 1 && call.operands[1] != pine::kNoSlot;
    const bool anchor = own_anchor ? call.condition(1)
                                   : day_.next(chart, call.bar->index, {market::Timeframe::Unit::kDay, 1}, *call.fault);
    return vwap_.next(call.argument(0), call.bar->volume, anchor, !own_anchor, mult);
  }

 private:
  Vwap vwap_;
  PeriodChange day_;
};

std::optional<PivotType> pivot_type(std::string_view name) {
  static constexpr std::pair<std::string_view, PivotType> kTypes[] = {{"Traditional", PivotType::kTraditional},
                                                                      {"Fibonacci", PivotType::kFibonacci},
                                                                      {"Woodie", PivotType::kWoodie},
                                                                      {"Classic", PivotType::kClassic},
                                                                      {"DM", PivotType::kDm},
                                                                      {"Camarilla", PivotType::kCamarilla}};
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

void put_pivot_levels(PivotPoints& state, const Invocation& call, const TextTable& texts) {
  const std::string& name = texts.text(call.argument(0));
  const auto type = pivot_type(name);
  const bool developing = call.condition(2);
  if (!type) {
    call.fault->message = "'" + name + "' is no type; it is Traditional, Fibonacci, Woodie, Classic, DM or Camarilla";
  } else if (developing && *type == PivotType::kWoodie) {
    call.fault->message = "levels of the type Woodie are never developing: they begin with the next open";
  } else {
    const BarView& bar = *call.bar;
    std::ranges::copy(state.next({bar.open, bar.high, bar.low, bar.close}, *type, call.condition(1), developing),
                      call.out);
  }
}

}  // namespace

std::unique_ptr<Memory> make_anchored_memory(Function function, Chart& chart, const TextTable& texts) {
  switch (function) {
    case Function::kTaVwap:
      return with<AnchoredVwap>([&chart](AnchoredVwap& state, const Invocation& call) {
        call.out[0] = std::get<0>(state.next(chart, call, 0));
      });
    case Function::kTaVwapBands:
      return with<AnchoredVwap>([&chart](AnchoredVwap& state, const Invocation& call) {
        put(call, state.next(chart, call, call.argument(2)));
      });
    case Function::kTaPivotPointLevels:
      return with<PivotPoints>(
          [&texts](PivotPoints& state, const Invocation& call) { put_pivot_levels(state, call, texts); });
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
