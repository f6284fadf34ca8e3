#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <fstream>
#include <thread>

#include "backtest/testing/companions.hpp"
#include "backtest/testing/script_run.hpp"

/// The same run gives the same bits, and what came later changes nothing of what came before, for every strategy of the
/// catalogue.
namespace tradeassist::backtest {
namespace {

using namespace testing;

std::vector<std::filesystem::path> catalogue() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(TRADEASSIST_SOURCE_DIR) + "/strategies")) {
    if (entry.path().extension() == ".pine") files.push_back(entry.path());
  }
  return files;
}

std::shared_ptr<const pine::Program> program_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return compiled({std::istreambuf_iterator<char>(in), {}});
}

/// Random days over years, so that scripts which read months have some, and a loud jump every 23 days, so that those
/// which wait for events do too.
market::Series eventful_days(std::size_t rows, std::uint64_t seed) {
  constexpr std::size_t kJumpEvery = 23;
  constexpr double kJump = 3;  // about five times the usual move
  market::Series bars = random_bars(rows, seed);
  for (std::size_t i = 0; i < rows; ++i) {
    const bool is_up = i / kJumpEvery % 2 == 1;
    bars.time[i] = bars.time[0] + static_cast<std::int64_t>(i) * 24 * kHour;
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) (*column)[i] += is_up ? kJump : 0;
    if (i % kJumpEvery == 0) bars.volume[i] += 1000;
  }
  return bars;
}

RunRequest daily_request(const pine::Program& program, const market::Series& bars) {
  RunRequest request = request_for(program, bars);
  request.timeframe = {market::Timeframe::Unit::kDay, 1};
  request.source = companions_of(bars);
  return request;
}

/// All bits of a value, so that na equals na.
std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

void expect_same_trade(const Trade& a, const Trade& b) {
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.entry_bar, b.entry_bar);
  EXPECT_EQ(a.exit_bar, b.exit_bar);
  EXPECT_EQ(a.entry_id, b.entry_id);
  EXPECT_EQ(a.exit_id, b.exit_id);
  for (const auto member : {&Trade::quantity, &Trade::entry_price, &Trade::exit_price, &Trade::entry_commission,
                            &Trade::exit_commission, &Trade::profit, &Trade::run_up, &Trade::drawdown}) {
    EXPECT_EQ(bits(a.*member), bits(b.*member));
  }
}

/// The first `bars` bars of both agree: outputs, equity and the trades closed by then.
void expect_same_until(const RunResult& shorter, const RunResult& longer, std::size_t bars) {
  ASSERT_EQ(shorter.outputs.size(), longer.outputs.size());
  for (std::size_t k = 0; k < shorter.outputs.size(); ++k) {
    const auto& a = shorter.outputs[k].values;
    const auto& b = longer.outputs[k].values;
    for (std::size_t bar = 0; bar < std::min(a.size(), bars); ++bar) {
      ASSERT_EQ(bits(a[bar]), bits(b[bar])) << "output " << k << ", bar " << bar;
    }
  }
  for (std::size_t bar = 0; bar < bars; ++bar) ASSERT_EQ(bits(shorter.equity[bar]), bits(longer.equity[bar])) << bar;
  const std::size_t closed = shorter.trades.size() - shorter.open_trade_count;
  ASSERT_LE(closed, longer.trades.size());
  for (std::size_t i = 0; i < closed; ++i) {
    SCOPED_TRACE("trade " + std::to_string(i));
    expect_same_trade(shorter.trades[i], longer.trades[i]);
  }
}

TEST(Determinism, bars_that_come_later_do_not_change_what_was) {
  const market::Series bars = eventful_days(3000, 11);
  for (const auto& path : catalogue()) {
    SCOPED_TRACE(path.filename().string());
    const auto program = program_of(path);
    const auto whole = run(daily_request(*program, bars));
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_GT(whole->trades.size(), 5u) << "too few trades to show anything";
    for (const std::size_t length : {1, 57, 1000, 2999}) {
      const market::Series prefix = bars.slice(0, length);
      const auto part = run(daily_request(*program, prefix));
      ASSERT_TRUE(part) << part.error().message;
      expect_same_until(*part, *whole, length);
    }
  }
}

TEST(Determinism, runs_on_four_threads_at_once_agree_to_the_bit) {
  const market::Series bars = eventful_days(1000, 12);
  for (const auto& path : catalogue()) {
    SCOPED_TRACE(path.filename().string());
    const auto program = program_of(path);
    const RunRequest request = daily_request(*program, bars);
    std::vector<base::Result<RunResult>> results(4, base::failure(base::ErrorCode::kInternal, "not run"));
    {
      std::vector<std::jthread> threads;
      for (auto& result : results) threads.emplace_back([&] { result = run(request); });
    }
    for (const auto& result : results) {
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(result->trades.size(), results[0]->trades.size());
      expect_same_until(*result, *results[0], bars.size());
    }
  }
}

TEST(Determinism, catalogue_strategies_say_nothing_on_empty_markets) {
  market::Series flat = random_bars(200);
  for (std::size_t i = 0; i < flat.size(); ++i) flat.open[i] = flat.high[i] = flat.low[i] = flat.close[i] = 10;
  for (const auto& path : catalogue()) {
    SCOPED_TRACE(path.filename().string());
    const auto program = program_of(path);
    const auto result = run(daily_request(*program, flat));
    ASSERT_TRUE(result) << result.error().message;
    for (const double equity : result->equity) ASSERT_TRUE(std::isfinite(equity));
  }
}

}  // namespace
}  // namespace tradeassist::backtest
