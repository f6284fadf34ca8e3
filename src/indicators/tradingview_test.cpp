#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "indicators/events.hpp"
#include "indicators/extremes.hpp"
#include "indicators/moving_averages.hpp"
#include "indicators/oscillators.hpp"
#include "indicators/statistics.hpp"
#include "indicators/testing/reference_columns.hpp"
#include "indicators/volatility.hpp"
#include "indicators/volume.hpp"

/// Every column that TradingView exported, computed by the classes of this module alone.
namespace tradeassist::indicators {
namespace {

struct Bars {
  std::vector<double> time, open, high, low, close, volume;
  std::size_t at = 0;  // the bar being computed

  double o() const { return open[at]; }
  double h() const { return high[at]; }
  double l() const { return low[at]; }
  double c() const { return close[at]; }
  double v() const { return volume[at]; }
  double previous_close() const { return at > 0 ? close[at - 1] : kNa; }
  double hl2() const { return (h() + l()) / 2; }
  double hlc3() const { return (h() + l() + c()) / 3; }
  double ohlc4() const { return (o() + h() + l() + c()) / 4; }
  double hlcc4() const { return (h() + l() + c() + c()) / 4; }
  VolumeBar volume_bar() const { return {o(), h(), l(), c(), v()}; }
};

using Step = std::function<double(const Bars&)>;

/// A step with an indicator of its own as memory.
template <class State, class F>
Step with(F f) {
  return [state = State{}, f](const Bars& bars) mutable { return static_cast<double>(f(state, bars)); };
}

template <class State>
Step of_close(std::size_t length) {
  return with<State>([length](State& state, const Bars& bars) { return state.next(bars.c(), length); });
}

template <std::size_t I, class State, class... Arguments>
Step part_of_close(Arguments... arguments) {
  return with<State>([=](State& state, const Bars& bars) { return std::get<I>(state.next(bars.c(), arguments...)); });
}

template <class State>
Step of_volume_bar() {
  return with<State>([](State& state, const Bars& bars) { return state.next(bars.volume_bar()); });
}

template <class State>
Step extreme_of(double (Bars::*source)() const, bool bars_back) {
  return with<State>([source, bars_back](State& state, const Bars& bars) {
    const double value = state.next((bars.*source)(), 10);
    return is_na(value) || !bars_back ? value : state.bars();
  });
}

template <class State>
Step pivot_of(double (Bars::*source)() const) {
  return with<State>([source](State& state, const Bars& bars) { return state.next((bars.*source)(), 10, 5); });
}

template <std::size_t I>
Step kc(std::size_t length, double mult, bool use_true_range) {
  return with<Kc>([=](Kc& state, const Bars& bars) {
    return std::get<I>(state.next(bars.c(), bars.h(), bars.l(), bars.previous_close(), length, mult, use_true_range));
  });
}

template <std::size_t I>
Step dmi() {
  return with<Dmi>([](Dmi& state, const Bars& bars) {
    return std::get<I>(state.next(bars.h(), bars.l(), bars.previous_close(), 17, 14));
  });
}

template <class CrossState>
Step cross_of_averages() {
  struct State {
    Ema fast, slow;
    CrossState cross;
  };
  return with<State>([](State& state, const Bars& bars) {
    return state.cross.next(state.fast.next(bars.c(), 5), state.slow.next(bars.c(), 11));
  });
}

template <class Direction>
Step direction_of_average() {
  struct State {
    Ema average;
    Direction direction;
  };
  return with<State>(
      [](State& state, const Bars& bars) { return state.direction.next(state.average.next(bars.c(), 20), 5); });
}

Step every_third_bar(std::size_t occurrence, bool source_is_sometimes_na) {
  return with<Valuewhen>([=](Valuewhen& state, const Bars& bars) {
    const bool na = source_is_sometimes_na && bars.at % 6 == 0;
    return state.next(bars.at % 3 == 0, na ? kNa : bars.c(), occurrence);
  });
}

/// The vwap columns are 15-minute bars of four days in summer: sessions start at 17:00 New York, 21:00 UTC.
template <std::size_t I>
Step vwap(int minutes, bool starts_now, double mult) {
  return with<Vwap>([=](Vwap& state, const Bars& bars) {
    const auto bucket = [&](double time) { return std::floor((time - 21 * 3600) / (minutes * 60)); };
    const bool anchor = bars.at > 0 && bucket(bars.time[bars.at]) != bucket(bars.time[bars.at - 1]);
    return std::get<I>(state.next(bars.c(), bars.v(), anchor, starts_now, mult));
  });
}

Step supertrend(bool up) {
  return with<Supertrend>([up](Supertrend& state, const Bars& bars) {
    const auto [line, direction] = state.next(bars.h(), bars.l(), bars.c(), bars.previous_close(), 3, 10);
    return (direction < 0) == up ? line : kNa;
  });
}

Step true_range_step(bool handle_na) {
  return [handle_na](const Bars& bars) { return true_range(bars.h(), bars.l(), bars.previous_close(), handle_na); };
}

Step alma(std::size_t length, double offset, double sigma) {
  return with<Alma>([=](Alma& state, const Bars& bars) { return state.next(bars.c(), length, offset, sigma, false); });
}

Step linreg(double offset) {
  return with<Linreg>([=](Linreg& state, const Bars& bars) { return state.next(bars.c(), 20, offset); });
}

template <class State>
Step average_of(double (Bars::*source)() const, std::size_t length) {
  return with<State>([=](State& state, const Bars& bars) { return state.next((bars.*source)(), length); });
}

/// File, column, how it is computed. Where the column's name hides its parameters, or (the two percentiles) names ones
/// that its values were not computed with, they are those that reproduce every bar.
using Definitions = std::map<std::string, std::map<std::string, Step>>;

const Definitions& definitions() {
  static const Definitions all = {
      {"accdist+pvi+pvt+wad+wvad",
       {{"ta.accdist", of_volume_bar<Accdist>()},
        {"ta.pvi", of_volume_bar<Pvi>()},
        {"ta.pvt", of_volume_bar<Pvt>()},
        {"ta.wad", of_volume_bar<Wad>()},
        {"ta.wvad", [](const Bars& bars) { return wvad(bars.volume_bar()); }}}},
      {"bb",
       {{"ta.bb(close, 20, 2).base", part_of_close<0, Bb>(20, 2.0)},
        {"ta.bb(close, 20, 2).upper", part_of_close<1, Bb>(20, 2.0)},
        {"ta.bb(close, 20, 2).lower", part_of_close<2, Bb>(20, 2.0)},
        {"ta.bbw(close, 20, 2.1)", with<Bb>([](Bb& state, const Bars& bars) {
           const auto [basis, upper, lower] = state.next(bars.c(), 20, 2.1);
           return 100 * (upper - lower) / basis;
         })}}},
      {"cci+cmo+cog",
       {{"ta.cmo(close, 20)", of_close<Cmo>(20)},
        {"ta.cci(close, 20)", of_close<Cci>(20)},
        {"ta.cog(close, 21)", of_close<Cog>(21)}}},
      {"correlation", {{"correlation", [] {
          struct State {
            Ema ema;
            Sma sma;
            Correlation correlation;
          };
          return with<State>([](State& state, const Bars& bars) {
            return state.correlation.next(state.ema.next(bars.c(), 10), state.sma.next(bars.c(), 20), 20);
          });
        }()}}},
      {"cross",
       {{"ta.cross(ema1, ema2)", cross_of_averages<Cross>()},
        {"ta.crossover(ema1, ema2)", cross_of_averages<Crossover>()},
        {"ta.crossunder(ema1, ema2)", cross_of_averages<Crossunder>()}}},
      {"dmi", {{"ta.dmi(17, 14).dip", dmi<0>()}, {"ta.dmi(17, 14).dim", dmi<1>()}, {"ta.dmi(17, 14).adx", dmi<2>()}}},
      {"falling+rising",
       {{"ta.falling(ema, 5)", direction_of_average<Falling>()}, {"ta.rising(ema, 5)", direction_of_average<Rising>()}}},
      {"highest+lowest",
       {{"ta.highest(10)", extreme_of<Highest>(&Bars::h, false)},
        {"ta.highest(close, 10)", extreme_of<Highest>(&Bars::c, false)},
        {"ta.lowest(10)", extreme_of<Lowest>(&Bars::l, false)},
        {"ta.lowest(close, 10)", extreme_of<Lowest>(&Bars::c, false)},
        {"ta.highestbars(10)", extreme_of<Highest>(&Bars::h, true)},
        {"ta.highestbars(close, 10)", extreme_of<Highest>(&Bars::c, true)},
        {"ta.lowestbars(10)", extreme_of<Lowest>(&Bars::l, true)},
        {"ta.lowestbars(close, 10)", extreme_of<Lowest>(&Bars::c, true)}}},
      {"iii+nvi+obv",
       {{"ta.iii", [](const Bars& bars) { return iii(bars.volume_bar()); }},
        {"ta.nvi", of_volume_bar<Nvi>()},
        {"ta.obv", of_volume_bar<Obv>()}}},
      {"kc",
       {{"ta.kc(close, 20, 2).base", kc<0>(20, 2, true)},
        {"ta.kc(close, 20, 2).upper", kc<1>(20, 2, true)},
        {"ta.kc(close, 20, 2).lower", kc<2>(20, 2, true)},
        {"ta.kcw(close, 20, 2.1, useTrueRange=false)", with<Kc>([](Kc& state, const Bars& bars) {
           const auto [basis, upper, lower] =
               state.next(bars.c(), bars.h(), bars.l(), bars.previous_close(), 20, 2.1, false);
           return (upper - lower) / basis;
         })}}},
      {"linreg", {{"ta.linreg(close, 20, 0)", linreg(0)}, {"ta.linreg(close, 20, 10)", linreg(10)}}},
      {"ma",
       {{"ta.sma(close, 10)", of_close<Sma>(10)},
        {"ta.sma(hl2, 20)", average_of<Sma>(&Bars::hl2, 20)},
        {"ta.sma(hlc3, 15)", average_of<Sma>(&Bars::hlc3, 15)},
        {"ta.ema(close, 20)", of_close<Ema>(20)},
        {"ta.ema(ohlc4, 10)", average_of<Ema>(&Bars::ohlc4, 10)},
        {"ta.rma(hlcc4, 5)", average_of<Rma>(&Bars::hlcc4, 5)},
        {"ta.rma(high, 15)", average_of<Rma>(&Bars::h, 15)},
        {"ta.alma(close, 5, 0.85, 6)", alma(5, 0.85, 6)},
        {"ta.alma(close, 10, 0.55, 12)", alma(10, 0.55, 12)},
        {"ta.wma(close, 5)", of_close<Wma>(5)},
        {"ta.wma(close, 20)", of_close<Wma>(20)},
        {"ta.hma(close, 9)", of_close<Hma>(9)},
        {"ta.hma(close, 20)", of_close<Hma>(20)},
        {"ta.swma(hlc3)", with<Swma>([](Swma& state, const Bars& bars) { return state.next(bars.hlc3()); })},
        {"ta.vwma(close, 20)",
         with<Vwma>([](Vwma& state, const Bars& bars) { return state.next(bars.c(), bars.v(), 20); })}}},
      {"macd",
       {{"ta.macd(close, 12, 26, 9).macd", part_of_close<0, Macd>(12, 26, 9)},
        {"ta.macd(close, 12, 26, 9).signal", part_of_close<1, Macd>(12, 26, 9)},
        {"ta.macd(close, 12, 26, 9).hist", part_of_close<2, Macd>(12, 26, 9)}}},
      {"mfi+rsi+stoch",
       {{"ta.mfi(close, 14)",
         with<Mfi>([](Mfi& state, const Bars& bars) { return state.next(bars.c(), bars.v(), 14); })},
        {"ta.rsi(close, 14)", of_close<Rsi>(14)},
        {"ta.stoch(close, high, low, 20)", with<Stoch>([](Stoch& state, const Bars& bars) {
           return state.next(bars.c(), bars.h(), bars.l(), 20);
         })}}},
      {"min+max+median+mode",
       {{"min(close)", with<AllTime<-1>>([](AllTime<-1>& state, const Bars& bars) { return state.next(bars.c()); })},
        {"max(close)", with<AllTime<1>>([](AllTime<1>& state, const Bars& bars) { return state.next(bars.c()); })},
        {"median(close)", with<SortedWindow>([](SortedWindow& state, const Bars& bars) {
           return median_of(state.next(bars.c(), 20));
         })},
        {"mode(close)",
         with<SortedWindow>([](SortedWindow& state, const Bars& bars) { return mode_of(state.next(bars.c(), 20)); })}}},
      {"pivot",
       {{"ta.pivothigh(10, 5)", pivot_of<PivotHigh>(&Bars::h)},
        {"ta.pivothigh(close, 10, 5)", pivot_of<PivotHigh>(&Bars::c)},
        {"ta.pivotlow(10, 5)", pivot_of<PivotLow>(&Bars::l)},
        {"ta.pivotlow(close, 10, 5)", pivot_of<PivotLow>(&Bars::c)}}},
      {"ppp",
       {{"ta.percentile_linear_interpolation(close, 20, 30)",
         with<SortedWindow>([](SortedWindow& state, const Bars& bars) {
           return percentile_between_ranks(state.next(bars.c(), 20), 20);
         })},
        {"ta.percentile_nearest_rank(close, 20, 0)", with<SortedWindow>([](SortedWindow& state, const Bars& bars) {
           return percentile_of_nearest_rank(state.next(bars.c(), 20), 20);
         })},
        {"ta.percentrank(close, 33)", of_close<Percentrank>(33)}}},
      {"range", {{"ta.range(close, 20)", with<SortedWindow>([](SortedWindow& state, const Bars& bars) {
                    const auto& sorted = state.next(bars.c(), 20);
                    return sorted.empty() ? kNa : sorted.back() - sorted.front();
                  })}}},
      {"rci",
       {{"ta.rci(close, 5)", of_close<Rci>(5)},
        {"ta.rci(close, 20)", of_close<Rci>(20)},
        {"ta.rci(hl2, 20)", average_of<Rci>(&Bars::hl2, 20)},
        {"hl2", [](const Bars& bars) { return bars.hl2(); }}}},
      {"sar", {{"ta.sar(0.02, 0.02, 0.2)", with<Sar>([](Sar& state, const Bars& bars) {
                  return state.next(bars.h(), bars.l(), bars.c(), 0.02, 0.02, 0.2);
                })}}},
      {"supertrend",
       {{"ta.supertrend(3, 10).up", supertrend(true)}, {"ta.supertrend(3, 10).down", supertrend(false)}}},
      {"tr",
       {{"ta.tr(false)", true_range_step(false)},
        {"ta.tr(true)", true_range_step(true)},
        {"ta.tr", true_range_step(false)},
        {"ta.atr(14)", with<Atr>([](Atr& state, const Bars& bars) {
           return state.next(bars.h(), bars.l(), bars.previous_close(), 14);
         })}}},
      {"tsi", {{"ta.tsi(close, 12, 26)", with<Tsi>([](Tsi& state, const Bars& bars) {
                  return state.next(bars.c(), 12, 26);
                })}}},
      {"valuewhen", {{"ta.valuewhen(ta.cross(slow, fast), close, 1)", [] {
          struct State {
            Sma fast, slow;
            Cross cross;
            Valuewhen valuewhen;
          };
          return with<State>([](State& state, const Bars& bars) {
            const bool crossed = state.cross.next(state.slow.next(bars.c(), 14), state.fast.next(bars.c(), 7));
            return state.valuewhen.next(crossed, bars.c(), 1);
          });
        }()}}},
      {"valuewhen_na",
       {{"v0", every_third_bar(0, true)},
        {"v1", every_third_bar(1, true)},
        {"v2", every_third_bar(2, true)},
        {"w0", every_third_bar(0, false)}}},
      {"vwap",
       {{"ta.vwap(close)", vwap<0>(24 * 60, true, 0)},
        {"ta.vwap(close, timeframe.change(&quot;240&quot;))", vwap<0>(240, false, 0)},
        {"ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).vwap", vwap<0>(360, false, 2)},
        {"ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).upper_band", vwap<1>(360, false, 2)},
        {"ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).lower_band", vwap<2>(360, false, 2)}}},
      {"wpr", {{"ta.wpr(20)", with<Wpr>([](Wpr& state, const Bars& bars) {
                  return state.next(bars.c(), bars.h(), bars.l(), 20);
                })}}},
  };
  return all;
}

/// Columns of conditions: TradingView drew them at heights of the script's choice, so only their truth is compared.
bool is_condition(std::string_view column) {
  return column.starts_with("ta.cross") || column.starts_with("ta.falling") || column.starts_with("ta.rising");
}

TEST(TradingviewColumns, every_exported_column_is_reproduced) {
  const auto folder = testing::reference_folder();
  if (!folder) GTEST_SKIP() << "no reference data: set TRADEASSIST_SHARED_DATA to the folder that holds tradingview/";
  const std::set<std::string> chart = {"time", "open", "high", "low", "close", "Volume"};
  std::size_t columns = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder / "indicators")) {
    if (entry.path().extension() != ".csv") continue;
    const std::string file = entry.path().stem().string();
    const testing::Table table = testing::parse_table(testing::read_reference(entry.path()));
    Bars bars{table.numbers("time"), table.numbers("open"),  table.numbers("high"),
              table.numbers("low"),  table.numbers("close"), table.numbers("Volume")};
    ASSERT_FALSE(bars.time.empty()) << file;
    ASSERT_TRUE(definitions().contains(file)) << file << ".csv has no definitions here";
    for (const std::string& column : table.header) {
      if (chart.contains(column)) continue;
      const auto definition = definitions().at(file).find(column);
      ASSERT_NE(definition, definitions().at(file).end()) << file << ": column " << column << " has no definition here";
      Step step = definition->second;
      const std::vector<double> expected = table.numbers(column);
      for (bars.at = 0; bars.at < bars.time.size(); ++bars.at) {
        const double got = step(bars), want = expected[bars.at];
        const bool same = is_condition(column) ? (got != 0) == (want != 0) : testing::agrees(got, want);
        EXPECT_TRUE(same) << file << ": " << column << ", bar " << bars.at << ": got " << got << ", TradingView "
                          << want;
        if (!same) break;
      }
      ++columns;
    }
  }
  EXPECT_GE(columns, 80u);
}

}  // namespace
}  // namespace tradeassist::indicators
