#include "backtest/testing/run_invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include "backtest/evaluator/columns/shared_columns.hpp"

namespace tradeassist::backtest::testing {
namespace {

/// All bits of a value, so that na equals na.
std::uint64_t bits(double x) { return x == x ? std::bit_cast<std::uint64_t>(x) : 0x7ff8000000000000; }

const std::string& text_of(const RunResult& result, TextId id) {
  static const std::string kNoneGiven = "(none)";
  return id == kNoText ? kNoneGiven : result.texts.at(id);
}

/// Names, comments and messages by what they say: their numbers follow from the order in which strings were made.
bool same_texts(const RunResult& a, const Trade& x, const RunResult& b, const Trade& y) {
  const auto members = {&Trade::entry_id,     &Trade::exit_id,     &Trade::entry_comment,
                        &Trade::exit_comment, &Trade::entry_alert, &Trade::exit_alert};
  return std::ranges::all_of(members, [&](auto member) { return text_of(a, x.*member) == text_of(b, y.*member); });
}

bool same(const Trade& a, const Trade& b) {
  for (const auto member : {&Trade::quantity, &Trade::entry_price, &Trade::exit_price, &Trade::entry_commission,
                            &Trade::exit_commission, &Trade::profit, &Trade::run_up, &Trade::drawdown}) {
    if (bits(a.*member) != bits(b.*member)) return false;
  }
  return a.direction == b.direction && a.entry_bar == b.entry_bar && a.exit_bar == b.exit_bar &&
         a.exit_reason == b.exit_reason;
}

std::size_t closed_count(const RunResult& result) { return result.trades.size() - result.open_trade_count; }

/// What differs in the values of the first `bars` bars and in the trades that `a` has closed.
std::string difference(const RunResult& a, const RunResult& b, std::size_t bars) {
  const auto differs = [&](const std::vector<double>& x, const std::vector<double>& y) {
    const std::size_t count = std::min({bars, x.size(), y.size()});
    for (std::size_t i = 0; i < count; ++i) {
      if (bits(x[i]) != bits(y[i])) return fmt::format("bar {}: {} and {}", i, x[i], y[i]);
    }
    return std::string();
  };
  for (std::size_t k = 0; k < std::min(a.outputs.size(), b.outputs.size()); ++k) {
    const std::string found = differs(a.outputs[k].values, b.outputs[k].values);
    if (!found.empty()) return fmt::format("output {} differs on {}", k, found);
  }
  if (const std::string found = differs(a.equity, b.equity); !found.empty()) return "equity differs on " + found;
  const std::size_t closed = closed_count(a);
  if (closed > closed_count(b)) return fmt::format("{} trades are closed and {}", closed, closed_count(b));
  for (std::size_t i = 0; i < closed; ++i) {
    if (!same(a.trades[i], b.trades[i]) || !same_texts(a, a.trades[i], b, b.trades[i])) {
      return fmt::format("closed trade {} differs", i);
    }
  }
  return "";
}

/// The bar that the message of a run-time error names; no bar when it names none.
std::size_t bar_of(const std::string& message) {
  const std::size_t at = message.rfind("(bar ");
  return at == std::string::npos ? static_cast<std::size_t>(-1) : std::stoul(message.substr(at + 5));
}

std::string second_run(const RunRequest& request, const base::Result<RunResult>& first) {
  const base::Result<RunResult> second = run(request);
  if (first.has_value() != second.has_value()) return "one of two runs fails";
  if (!first) return first.error().message == second.error().message ? "" : "two runs end with different errors";
  const std::string found = difference(*first, *second, request.series->size());
  if (!found.empty()) return "in a second run " + found;
  const auto same_message = [](const ScriptMessage& a, const ScriptMessage& b) {
    return a.bar == b.bar && a.text == b.text;
  };
  if (!std::ranges::equal(first->messages, second->messages, same_message) || first->texts != second->texts ||
      first->drawings.size() != second->drawings.size() || first->trades.size() != second->trades.size()) {
    return "in a second run texts, messages, drawings or open trades differ";
  }
  return "";
}

std::string stripped_run(RunRequest request, const base::Result<RunResult>& first) {
  pine::Program stripped = *request.program;
  pine::eliminate_dead_code(stripped, pine::Keep::kOrders);
  request.program = &stripped;
  request.record_outputs = false;
  const base::Result<RunResult> second = run(request);
  const auto exhausted = [](const base::Result<RunResult>& result) {
    return !result && result.error().code == base::ErrorCode::kResourceExhausted;
  };
  // What is only shown may fail, and takes steps.
  if (!first || exhausted(second)) return "";
  if (!second) return "the program of the orders alone fails: " + second.error().message;
  const std::string found = difference(*first, *second, request.series->size());
  return found.empty() ? "" : "in the program of the orders alone " + found;
}

/// Without columns: every operation on every bar.
std::string run_bar_by_bar(RunRequest request, const base::Result<RunResult>& first) {
  request.columns = false;
  const base::Result<RunResult> second = run(request);
  const auto exhausted = [](const base::Result<RunResult>& result) {
    return !result && result.error().code == base::ErrorCode::kResourceExhausted;
  };
  if (exhausted(first) || exhausted(second)) return "";  // the columns of a block are paid for at its first bar
  if (first.has_value() != second.has_value()) return "only one of the runs with and without columns fails";
  if (!first) {
    return bar_of(first.error().message) == bar_of(second.error().message)
               ? ""
               : "fails on another bar without columns: " + second.error().message;
  }
  const std::string found = difference(*first, *second, request.series->size());
  return found.empty() ? "" : "without columns " + found;
}

/// With columns that runs share: new, known, and hardly kept.
std::string shared_runs(RunRequest request, const base::Result<RunResult>& first) {
  SharedColumns kept(*request.series), dropped(*request.series, 1000);
  for (SharedColumns* columns : {&kept, &kept, &dropped, &dropped}) {
    request.shared_columns = columns;
    const base::Result<RunResult> second = run(request);
    if (first.has_value() != second.has_value()) return "only one of the runs with and without shared columns fails";
    if (!first) {
      if (first.error().message != second.error().message) {
        return "with shared columns another error: " + second.error().message;
      }
      continue;
    }
    const std::string found = difference(*first, *second, request.series->size());
    if (!found.empty()) return "with shared columns " + found;
  }
  return "";
}

std::string wrong_equity(const RunRequest& request, const RunResult& result) {
  if (result.equity.empty() || request.program->kind != pine::ScriptKind::kStrategy) return "";
  double expected = request.settings.initial_capital, scale = std::fabs(expected);
  for (const Trade& trade : result.trades) {
    expected += trade.profit;
    scale += std::fabs(trade.profit);
  }
  const double equity = result.equity.back();
  if (std::fabs(equity - expected) <= 1e-9 * scale || (equity != equity && expected != expected)) return "";
  return fmt::format("equity is {}, capital and profits are {}", equity, expected);
}

}  // namespace

market::Series untidy_bars(pine::testing::Chance& chance, std::size_t rows, const std::string& script) {
  const bool has_gaps = script.find("request.") == std::string::npos;
  market::Series bars;
  std::int64_t time = base::kNanosecondsPerSecond * 1'704'067'200;  // 2024-01-01
  constexpr std::int64_t kHour = 3600 * base::kNanosecondsPerSecond;
  std::int64_t cents = 10'000;
  const auto price = [](std::int64_t value) { return static_cast<double>(value) / 100; };
  for (std::size_t i = 0; i < rows; ++i) {
    if (has_gaps && chance.below(40) == 39) time += kHour * (1 + chance.below(100));
    if (chance.below(20) == 19) cents = std::max(100, static_cast<int>(cents) + chance.below(1001) - 500);
    const std::int64_t open = cents;
    const bool is_flat = chance.below(12) == 11;
    if (!is_flat) cents = std::max(100, static_cast<int>(cents) + chance.below(201) - 100);
    const std::int64_t high = std::max(open, cents) + (is_flat ? 0 : chance.below(40));
    const std::int64_t low = std::min(open, cents) - (is_flat ? 0 : chance.below(40));
    const int kind = chance.below(10);
    const double volume = kind == 9 ? kNa : kind == 8 ? 0 : 1 + chance.below(5000);
    bars.push_back({base::time_from_nanoseconds(time), price(open), price(high), price(low), price(cents), volume});
    time += kHour;
  }
  return bars;
}

RunRequest short_request(const pine::Program& program, const market::Series& bars) {
  RunRequest request;
  request.program = &program;
  if (auto inputs = bind_inputs(program, {})) request.inputs = std::move(*inputs);
  request.settings = program.settings;
  request.series = &bars;
  request.instrument.symbol = "TEST";
  request.timeframe = {market::Timeframe::Unit::kHour, 1};
  request.record_outputs = true;
  request.limits.loop_iterations_max = 20'000;
  request.limits.bar_steps_max = 2'000'000;
  request.limits.run_steps_max = 5'000'000;
  request.limits.run_steps_of_bar = 0;
  request.limits.run_seconds_max = 3600;
  request.limits.heap_bytes_max = 16 << 20;
  request.limits.string_bytes_max = 4 << 20;
  request.limits.series_bytes_max = 64 << 20;
  request.limits.pending_orders_max = 300;
  return request;
}

std::string broken_invariant(const RunRequest& request) {
  const base::Result<RunResult> first = run(request);
  if (std::string found = second_run(request, first); !found.empty()) return found;
  if (std::string found = stripped_run(request, first); !found.empty()) return found;
  if (std::string found = run_bar_by_bar(request, first); !found.empty()) return found;
  if (std::string found = shared_runs(request, first); !found.empty()) return found;
  return first ? wrong_equity(request, *first) : "";
}

std::string look_ahead(const RunRequest& request, std::size_t length) {
  const base::Result<RunResult> whole = run(request);
  // How much is taken of what is bounded may depend on bars that requests read.
  if (!whole && whole.error().code == base::ErrorCode::kResourceExhausted) return "";
  const market::Series past = request.series->slice(0, length);
  RunRequest shorter = request;
  shorter.series = &past;
  const base::Result<RunResult> part = run(shorter);
  if (!part) {
    if (part.error().code == base::ErrorCode::kResourceExhausted) return "";
    return !whole && whole.error().message == part.error().message
               ? ""
               : "only the shorter run fails: " + part.error().message;
  }
  if (!whole) {
    return bar_of(whole.error().message) >= length ? "" : "the shorter run does not fail: " + whole.error().message;
  }
  return difference(*part, *whole, length);
}

}  // namespace tradeassist::backtest::testing
