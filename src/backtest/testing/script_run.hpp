#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "backtest/backtest.hpp"
#include "base/time.hpp"
#include "pine/compile.hpp"

/// For tests only: Pine text to results in one call.
namespace tradeassist::backtest::testing {

inline std::int64_t nanoseconds(std::string_view text) {
  const auto time = base::parse_time(text);
  if (!time) throw std::runtime_error(time.error().message);
  return base::to_nanoseconds(*time);
}

/// Bars whose close is given; open is the close before, high and low are a unit around both, volume 10 times the
/// number.
inline market::Series bars_of_closes(const std::vector<double>& closes, std::int64_t first, std::int64_t step) {
  market::Series bars;
  double open = closes.empty() ? 0 : closes.front();
  for (std::size_t i = 0; i < closes.size(); ++i) {
    bars.push_back({base::time_from_nanoseconds(first + static_cast<std::int64_t>(i) * step), open,
                    std::max(open, closes[i]) + 1, std::min(open, closes[i]) - 1, closes[i],
                    10.0 * static_cast<double>(i + 1)});
    open = closes[i];
  }
  return bars;
}

constexpr std::int64_t kHour = 3600 * base::kNanosecondsPerSecond;

/// Hourly bars around the clock from Monday 2024-01-01 UTC: a random walk in steps of a cent.
inline market::Series random_bars(std::size_t rows, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  market::Series bars;
  std::int64_t close = 10'000;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto up_to = [&](std::uint64_t bound) { return static_cast<std::int64_t>(random() % bound); };
    const std::int64_t open = close;
    close = std::max<std::int64_t>(1'000, open + up_to(201) - 100);
    const auto price = [](std::int64_t cents) { return static_cast<double>(cents) / 100; };
    bars.push_back(
        {base::time_from_nanoseconds(nanoseconds("2024-01-01T00:00:00Z") + static_cast<std::int64_t>(i) * kHour),
         price(open), price(std::max(open, close) + up_to(30)), price(std::min(open, close) - up_to(30)), price(close),
         static_cast<double>(1 + up_to(1000))});
  }
  return bars;
}

struct ScriptRun {
  std::shared_ptr<const pine::Program> program;
  base::Result<RunResult> result = base::failure(base::ErrorCode::kInternal, "not run");

  /// A plot's column, by title.
  std::vector<double> plot(const std::string& title) const {
    for (const OutputColumn& column : result->outputs) {
      if (program->outputs[column.output].title == title) return column.values;
    }
    throw std::out_of_range("no plot " + title);
  }
};

inline RunRequest request_for(const pine::Program& program, const market::Series& bars) {
  RunRequest request;
  request.program = &program;
  request.inputs = *bind_inputs(program, {});
  request.settings = program.settings;
  request.series = &bars;
  request.instrument.symbol = "TEST";
  request.timeframe = {market::Timeframe::Unit::kHour, 1};
  request.record_outputs = true;
  return request;
}

inline std::shared_ptr<const pine::Program> compiled(const std::string& text) {
  const pine::Compilation compilation = pine::compile("test.pine", text);
  if (!compilation.program) throw std::runtime_error(pine::render(compilation) + text);
  return compilation.program;
}

/// Runs `text` (its declaration is put before it when it has none) on the bars; `change` may edit the request.
template <class Change = void (*)(RunRequest&)>
ScriptRun run_script(std::string text, const market::Series& bars, Change change = [](RunRequest&) {}) {
  if (text.find("//@version") == std::string::npos) text = "//@version=6\nindicator(\"test\")\n" + text;
  ScriptRun made;
  made.program = compiled(text);
  RunRequest request = request_for(*made.program, bars);
  change(request);
  made.result = run(request);
  return made;
}

using Values = std::vector<double>;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

inline void expect_values(const Values& got, const Values& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(got[i])) << "bar " << i << " is " << got[i];
    else
      EXPECT_DOUBLE_EQ(got[i], expected[i]) << "bar " << i;
  }
}

inline market::Series five_bars() {
  return bars_of_closes({10, 12, 11, 15, 14}, nanoseconds("2024-03-04T14:00:00Z"), kHour);
}

/// The values of `expression` on the five bars, after `lines`.
inline Values values_of(const std::string& expression, const std::string& lines = "") {
  const ScriptRun script = run_script(lines + "\nplot(" + expression + ", \"x\")\n", five_bars());
  if (!script.result) throw std::runtime_error(script.result.error().message);
  return script.plot("x");
}

}  // namespace tradeassist::backtest::testing
