#pragma once

#include <array>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "backtest/backtest.hpp"
#include "backtest/broker.hpp"
#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/columns/column_evaluator.hpp"
#include "backtest/evaluator/columns/quiet_bars.hpp"
#include "backtest/evaluator/drawings.hpp"
#include "backtest/evaluator/functions.hpp"
#include "backtest/evaluator/heap/heap.hpp"
#include "backtest/evaluator/memory/stateful.hpp"
#include "backtest/evaluator/requests/alignment.hpp"
#include "backtest/evaluator/requests/request_context.hpp"
#include "backtest/evaluator/run_budget.hpp"
#include "backtest/evaluator/text/text_table.hpp"

namespace tradeassist::backtest {

/// Steps one program over one chart, a bar at a time: the reference that every faster way must equal to the bit.
/// Owns all that changes during a run. Not thread-safe.
class Evaluator {
 public:
  struct Options {
    pine::Limits limits;
    std::size_t trade_from_bar = 0;
    bool record_outputs = false;
    std::stop_token stop;
    bool missing_bars_are_na = false;         // as in RunRequest
    bool columns = true;                      // as in RunRequest
    bool owns_texts = true;                   // a request's evaluator shares those of the chart
    SharedColumns* shared_columns = nullptr;  // as in RunRequest
  };

  /// `broker` may be null (indicators, requests). Everything passed must outlive the evaluator.
  Evaluator(const pine::Program& program, Chart& chart, TextTable& texts, RequestContext& requests, Broker* broker,
            Options options);
  ~Evaluator();

  /// Sets the inputs and runs the prologue. Before the first bar.
  base::Result<void> prepare(const InputVector& inputs);

  /// Runs the body on bar `bar`; bars come in order, each once.
  base::Result<void> step(std::size_t bar);

  /// The first bar from `bar` on, at most `end`, on which the body may do anything, unless an order fills before:
  /// step() may be left out until then.
  std::size_t quiet_until(std::size_t bar, std::size_t end) { return quiet_ ? quiet_->skip(bar, end) : bar; }
  /// Counts what the bars [first, end), whose step() is left out, cost of the run's budget.
  base::Result<void> pass(std::size_t first, std::size_t end);

  /// Runs the body on the bar that step() is to run next and takes back what it changed, but for `varip` variables and
  /// what they hold: what calc_on_order_fills does before a bar closes. Shows nothing; orders it gives stand.
  base::Result<void> rehearse(std::size_t bar);

  /// All that the script has changed so far, between two bars.
  struct Checkpoint;
  Checkpoint checkpoint() const;
  /// Goes on from there: of an evaluator of the same program, inputs and bars, prepared, with the same texts.
  void restore(const Checkpoint& checkpoint);

  /// Values of Program::results after step(), for requests.
  double result(std::size_t i) const { return slots_[program_.results[i]]; }
  Heap& heap() { return heap_; }

  std::vector<OutputColumn> take_outputs() { return std::move(outputs_); }
  std::vector<RecordedDrawing> record_drawings() { return drawings_.record(); }
  std::uint64_t messages_left_out() const { return messages_left_out_; }
  std::vector<ScriptMessage> take_messages() { return std::move(messages_); }

 private:
  /// Past values of a slot in a ring: at(1) is the last bar's.
  struct HistoryBuffer {
    std::vector<double> values;
    std::size_t mask = 0, head = 0, count = 0;
    void push(double value) {
      head = (head + 1) & mask;
      values[head] = value;
      ++count;
    }
    /// The same value for `bars` bars.
    void push(double value, std::size_t bars);
    double at(std::size_t back) const;
  };
  struct RequestBars;
  struct RequestRun;
  /// Values of a request on every bar of its context, and which of them each bar of this chart shows.
  struct RequestColumns {
    bool is_na = false;                       // whatever was asked for
    std::vector<std::vector<double>> values;  // a column each; all empty where the symbol is invalid and ignored
    std::vector<std::size_t> shown;           // ShownBars
    std::vector<BarsInside> inside;           // of a lower timeframe, instead
    // Of objects there are no columns: the context runs along with the chart, and what it shows is copied.
    std::shared_ptr<RequestRun> run;
    std::size_t answered = kNoBar;  // the bar of the chart for which `answers` holds
    std::vector<double> answers;
  };
  /// What a command asks of the broker: the texts hardly ever change and are looked up once, the numbers always do.
  template <class Request>
  struct PreparedCommand {
    Request request;
    bool fixed_texts = false;
    std::vector<std::pair<double Request::*, pine::Slot>> numbers;  // those that it was given
  };
  /// What running the body changes, but for what is shown.
  struct ScriptState {
    std::vector<double> slots;
    std::vector<std::unique_ptr<Memory>> memories;
    Heap heap;
    Drawings drawings;
  };

  ScriptState script_state() const;
  void assign_memories(const std::vector<std::unique_ptr<Memory>>& kept);
  void optimize_body();
  base::Result<void> enter(std::size_t bar);
  base::Result<void> execute(const std::vector<pine::Operation>& operations,
                             const std::vector<pine::SourceRange>& ranges);
  void find_what_the_body_reads();
  base::Error located(const pine::SourceRange& range, std::string message,
                      base::ErrorCode code = base::ErrorCode::kInvalidArgument) const;
  /// Counts bytes of this evaluator's for as long as it lives. False, with a fault, beyond the run's bound.
  bool keep(std::uint64_t bytes);
  base::Result<void> make_columns();
  /// Counts steps of this bar. False, with a fault, when it may not go on.
  bool spend(std::uint64_t steps) { return budget_.spend(steps, bar_end_, context_.fault); }
  bool may_run_bar();
  std::uint64_t steps_of_bar() const;
  void warn_of_missing(const pine::Operation& request, const pine::SourceRange& range);
  base::Result<void> request(const pine::Operation& operation);
  RequestColumns no_columns(const pine::Request& request) const;
  base::Result<RequestColumns> run_request(const pine::Operation& operation);
  base::Result<RequestColumns> answer_currency_rate(const pine::Operation& operation);
  base::Result<void> answer_objects(const pine::Request& request, RequestColumns& columns);
  base::Result<double> request_array(pine::ValueType element, std::span<const double> values);
  base::Result<void> convert_currency(RequestBars& bars, market::Timeframe timeframe, const std::string& currency);
  base::Result<RequestBars> request_bars(const std::string& symbol, market::Timeframe timeframe);
  double na_of(pine::ValueType type) const;
  double strategy_value(pine::Function function, double operand) const;
  double trade_value(pine::Function function, double number) const;
  void prepare_commands();
  void command(const pine::Operation& operation);
  EntryRequest entry_texts(const pine::Operation& operation) const;
  ExitRequest exit_texts(const pine::Operation& operation) const;
  void heap_operation(const pine::Operation& operation);
  void heap_call(const pine::Operation& operation);
  void forget_answers();
  void collect_garbage();
  std::uint64_t mark_texts();
  void collect_texts();
  std::vector<double> kept_by_memories() const;
  void record(const pine::Operation& operation);
  TextId text_of(const pine::Operation& operation, std::uint32_t operand) const;
  /// The same, an empty one counting as absent: the name of a group, of an entry.
  TextId group_of(const pine::Operation& operation, std::uint32_t operand) const;
  TextId alert_of(const pine::Operation& operation, std::uint32_t operand, std::uint32_t disabled) const;
  double operand(const pine::Operation& operation, std::uint32_t i) const {
    const pine::Slot slot = i < operation.count ? program_.operands[operation.first + i] : pine::kNoSlot;
    return slot == pine::kNoSlot ? kNa : slots_[slot];
  }

  const pine::Program& program_;
  Chart& chart_;
  TextTable& texts_;
  Broker* broker_;
  Options options_;
  RunBudget& budget_;
  FunctionContext context_;
  Heap heap_;
  Drawings drawings_;

  std::vector<double> slots_;
  std::vector<double> record_fields_;              // of the record that is being made
  std::vector<std::unique_ptr<Memory>> memories_;  // null where the columns have it
  std::vector<std::size_t> longest_;               // length that each of them has had
  std::vector<HistoryBuffer> histories_;
  std::vector<std::uint32_t> pushed_histories_;  // those that the body reads
  std::vector<PreparedCommand<EntryRequest>> entry_commands_;
  std::vector<PreparedCommand<ExitRequest>> exit_commands_;
  std::vector<std::uint32_t> command_index_;         // by operation of the body, which of them is its own
  std::size_t pending_at_most_ = 0;                  // orders, on this bar so far
  std::vector<ChartColumn> chart_columns_, loaded_;  // of the chart: all of them, and those that the body reads
  Code body_;                                        // what is left to be done on a bar
  std::optional<ColumnEvaluator> columns_;
  std::optional<QuietBars> quiet_;
  RequestContext& request_context_;
  std::map<std::array<double, 3>, RequestColumns> requests_;  // by request, symbol and timeframe
  InputVector inputs_;
  std::vector<OutputColumn> outputs_;
  std::vector<ScriptMessage> messages_;
  std::uint64_t message_bytes_ = 0;
  std::uint64_t messages_left_out_ = 0;
  std::string missing_;  // what the request at hand did not find
  BarView bar_;
  std::uint64_t loop_iterations_ = 0;
  std::uint64_t bar_end_ = 0;          // steps of the run at which this bar has spent what it may
  std::uint64_t kept_bytes_ = 0;       // of the run's budget, by this evaluator
  std::optional<ScriptState> before_;  // of the bar that is being rehearsed
  bool rehearsing_ = false;
};

struct Evaluator::Checkpoint {
  ScriptState script;
  std::vector<HistoryBuffer> histories;
  std::vector<OutputColumn> outputs;
  std::vector<ScriptMessage> messages;
};

}  // namespace tradeassist::backtest
