// A run that stops after a bar and goes on elsewhere is the run that never stopped.
#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <fstream>

#include "backtest/evaluator/evaluator.hpp"
#include "backtest/testing/companions.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using namespace testing;

/// The parts of one run, as run() puts them together.
struct Parts {
  Parts(const RunRequest& request, Chart chart_, Broker broker_, TextTable texts_)
      : chart(std::move(chart_)),
        texts(std::move(texts_)),
        broker(std::move(broker_)),
        requests(request.source, request.limits, request.series->size(), {}),
        evaluator(*request.program, chart, texts, requests, &broker, {request.limits, 0, true, {}}) {
    broker.set_trading_days([this] { return chart.column(pine::BarField::kTradingDay); });
  }
  Parts(Parts&&) = delete;

  void run(std::size_t first, std::size_t end) {
    for (std::size_t bar = first; bar < end; ++bar) {
      broker.begin_bar(bar);
      const auto done = evaluator.step(bar);
      ASSERT_TRUE(done) << done.error().message;
      broker.end_bar();
      equity.push_back(broker.equity());
    }
  }

  Chart chart;
  TextTable texts;
  Broker broker;
  RequestContext requests;
  Evaluator evaluator;
  std::vector<double> equity;
};

std::unique_ptr<Parts> fresh(const RunRequest& request) {
  auto parts = std::make_unique<Parts>(request, *Chart::make(*request.series, request.instrument, request.timeframe),
                                       Broker(request.settings, request.instrument, *request.series),
                                       TextTable(request.program->strings, request.limits.string_bytes_max));
  const auto prepared = parts->evaluator.prepare(request.inputs);
  EXPECT_TRUE(prepared) << prepared.error().message;
  return parts;
}

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

void expect_same_end(Parts& whole, Parts& resumed, std::size_t first) {
  for (std::size_t i = 0; i < resumed.equity.size(); ++i) {
    ASSERT_EQ(bits(resumed.equity[i]), bits(whole.equity[first + i])) << "equity after bar " << first + i;
  }
  const auto expected = whole.evaluator.take_outputs(), got = resumed.evaluator.take_outputs();
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t k = 0; k < got.size(); ++k) {
    ASSERT_EQ(got[k].values.size(), expected[k].values.size());
    for (std::size_t i = 0; i < got[k].values.size(); ++i) {
      ASSERT_EQ(bits(got[k].values[i]), bits(expected[k].values[i])) << "output " << k << ", bar " << i;
    }
  }
  const auto trades = whole.broker.closed_trades(), again = resumed.broker.closed_trades();
  ASSERT_EQ(again.size(), trades.size());
  for (std::size_t i = 0; i < trades.size(); ++i) {
    EXPECT_EQ(again[i].entry_bar, trades[i].entry_bar);
    EXPECT_EQ(again[i].exit_bar, trades[i].exit_bar);
    EXPECT_EQ(bits(again[i].profit), bits(trades[i].profit));
  }
  EXPECT_EQ(whole.texts.take(), resumed.texts.take());
}

void stop_and_go_on(const RunRequest& request, std::size_t stop) {
  const std::size_t bars = request.series->size();
  const auto whole = fresh(request);
  whole->run(0, bars);
  const auto first = fresh(request);
  first->run(0, stop);
  const Evaluator::Checkpoint saved = first->evaluator.checkpoint();
  auto resumed = std::make_unique<Parts>(request, *Chart::make(*request.series, request.instrument, request.timeframe),
                                         first->broker.copy(), first->texts);
  ASSERT_TRUE(resumed->evaluator.prepare(request.inputs));
  resumed->evaluator.restore(saved);
  first->run(stop, bars);  // what was saved does not change with the run it came from
  resumed->run(stop, bars);
  expect_same_end(*whole, *resumed, stop);
}

TEST(Checkpoint, every_strategy_of_the_catalogue_goes_on_as_if_it_had_not_stopped) {
  const market::Series hours = random_bars(700, 5);
  market::Series days = hours;
  for (std::size_t i = 0; i < days.size(); ++i) days.time[i] = days.time[0] + static_cast<std::int64_t>(i) * 24 * kHour;
  std::size_t scripts = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(TRADEASSIST_SOURCE_DIR) + "/strategies")) {
    if (entry.path().extension() != ".pine") continue;
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream in(entry.path());
    const auto program = compiled({std::istreambuf_iterator<char>(in), {}});
    RunRequest request = request_for(*program, days);
    request.timeframe = {market::Timeframe::Unit::kDay, 1};
    request.source = companions_of(days);
    stop_and_go_on(request, 301);
    ++scripts;
  }
  EXPECT_GT(scripts, 20u);
}

TEST(Checkpoint, objects_drawings_and_random_numbers_go_on_too) {
  const market::Series bars = random_bars(300, 6);
  const auto program = compiled(
      "//@version=6\nstrategy(\"t\")\n"
      "type P\n    float x = 0\n    int n = 0\n"
      "var kept = array.new<P>()\nvar m = map.new<string, float>()\n"
      "array.push(kept, P.new(close, bar_index))\nif array.size(kept) > 20\n    array.shift(kept)\n"
      "m.put(str.tostring(bar_index % 7), close)\n"
      "l = label.new(bar_index, close, str.tostring(close))\nif bar_index % 3 == 0\n    label.delete(l[1])\n"
      "r = math.random(0, 1)\nif r > 0.8\n    strategy.entry(\"L\" + str.tostring(bar_index), strategy.long)\n"
      "if r < 0.2\n    strategy.close_all()\n"
      "plot(array.get(kept, 0).x, \"oldest\")\nplot(m.get(\"3\"), \"third\")\nplot(r, \"random\")\n"
      "plot(array.size(label.all), \"labels\")\nplot(ta.vwap, \"vwap\")\nplot(timeframe.change(\"1D\") ? 1 : 0, "
      "\"day\")\n");
  for (const std::size_t stop : {1, 2, 150, 299}) stop_and_go_on(request_for(*program, bars), stop);
}

TEST(Checkpoint, a_script_can_go_back_to_its_own_past) {
  const market::Series bars = random_bars(900, 8);
  const auto program = compiled(
      "//@version=6\nindicator(\"t\")\nplot(ta.ema(close, 50)[3])\nvar x = 0.0\nx += ta.rsi(close, 9)\nplot(x)");
  const auto parts = fresh(request_for(*program, bars));
  parts->run(0, 100);
  const Evaluator::Checkpoint saved = parts->evaluator.checkpoint();
  parts->run(100, 900);
  const auto expected = parts->evaluator.checkpoint().outputs;
  parts->evaluator.restore(saved);
  parts->run(100, 900);
  const auto again = parts->evaluator.take_outputs();
  for (std::size_t k = 0; k < again.size(); ++k) {
    for (std::size_t i = 0; i < bars.size(); ++i) {
      ASSERT_EQ(bits(again[k].values[i]), bits(expected[k].values[i])) << "output " << k << ", bar " << i;
    }
  }
}

}  // namespace
}  // namespace tradeassist::backtest
