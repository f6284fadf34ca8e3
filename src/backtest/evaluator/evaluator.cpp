#include "backtest/evaluator/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "backtest/evaluator/arithmetic.hpp"
#include "backtest/evaluator/columns/fold.hpp"
#include "indicators/events.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::kNoSlot;
using pine::Opcode;
using pine::Operation;
using pine::Slot;
using namespace arithmetic;

namespace {

constexpr std::uint64_t kStepsOfTimeFunction = 100;  // zones and sessions are read from their texts

/// Operations of the loop that `step` ends: the jump back to its start follows.
std::uint64_t loop_length(const Operation* begin, const Operation* step, const Operation* end) {
  const auto here = static_cast<std::uint64_t>(step - begin);
  const bool jumps_back = step + 1 != end && step[1].opcode == Opcode::kJump && step[1].target <= here;
  return jumps_back ? here - step[1].target + 1 : 1;
}

}  // namespace

double Evaluator::HistoryBuffer::at(std::size_t back) const {
  return back <= count && back <= values.size() ? values[(head + 1 - back) & mask] : kNotANumber;
}

void Evaluator::HistoryBuffer::push(double value, std::size_t bars) {
  for (std::size_t i = std::min(bars, values.size()); i > 0; --i) values[(head + bars - i + 1) & mask] = value;
  head = (head + bars) & mask;
  count += bars;
}

Evaluator::Evaluator(const pine::Program& program, Chart& chart, TextTable& texts, RequestContext& requests,
                     Broker* broker, Options options)
    : program_(program),
      chart_(chart),
      texts_(texts),
      broker_(broker),
      options_(std::move(options)),
      budget_(requests.budget()),
      context_{.chart = chart,
               .texts = texts,
               .version = program.version,
               .text_length_max = options_.limits.string_length_max,
               .account_currency = requests.account_currency()},
      heap_(options_.limits),
      drawings_(heap_, texts, program.settings, options_.limits),
      slots_(program.slot_count, kNotANumber),
      request_context_(requests) {
  for (const pine::Constant& constant : program.constants) slots_[constant.slot] = constant.value;
  for (const Slot slot : program.zeroed) slots_[slot] = 0;
  for (const Function function : program.states) {
    memories_.push_back(make_memory(function, chart, texts, memories_.size()));
  }
  longest_.resize(memories_.size());
  for (const pine::BarLoad& load : program.loads) {
    chart_columns_.push_back({load.slot, load.field, chart.column(load.field)});
  }
}

Evaluator::~Evaluator() {
  budget_.give_back(kept_bytes_);
  for (const std::size_t longest : longest_) budget_.give_back(longest * Invocation::kBytesOfLength);
}

bool Evaluator::keep(std::uint64_t bytes) {
  if (!budget_.keep(bytes, context_.fault)) return false;
  kept_bytes_ += bytes;
  return true;
}

/// Room for past values and for what is recorded; none for more than the chart's bars.
base::Result<void> Evaluator::make_columns() {
  const auto keep_values = [&](std::size_t values) { return keep(values * sizeof(double)); };
  const auto refuse = [&] { return base::failure(context_.fault.code, std::exchange(context_.fault.message, {})); };
  for (const pine::History& history : program_.histories) {
    const std::size_t depth = history.depth == 0 ? options_.limits.dynamic_history_max : history.depth;
    const std::size_t values =
        std::bit_ceil(std::clamp<std::size_t>(depth, 1, std::max<std::size_t>(chart_.size(), 1)));
    if (!keep_values(values)) return refuse();
    HistoryBuffer buffer;
    buffer.values.assign(values, kNotANumber);
    buffer.mask = values - 1;
    histories_.push_back(std::move(buffer));
  }
  const auto occurrences = std::min(chart_.size(), indicators::Valuewhen::kOccurrencesMax);
  for (const Function function : program_.states) {
    if (function == Function::kTaValuewhen && !keep_values(occurrences)) return refuse();
  }
  if (!options_.record_outputs) return {};
  for (std::uint32_t i = 0; i < program_.outputs.size(); ++i) {
    OutputColumn column;
    column.output = i;
    const pine::OutputKind kind = program_.outputs[i].kind;
    if (kind != pine::OutputKind::kAlert && kind != pine::OutputKind::kLog) {
      const bool has_colors = program_.outputs[i].color == 0;
      const bool is_candle = kind == pine::OutputKind::kPlotCandle || kind == pine::OutputKind::kPlotBar;
      if (!keep_values(chart_.size() * (1 + (has_colors ? 1 : 0) + (is_candle ? 3 : 0)))) return refuse();
      column.values.assign(chart_.size(), kNotANumber);
      if (has_colors) column.colors.assign(chart_.size(), kNotANumber);
      if (is_candle) column.open = column.high = column.low = column.values;
    }
    outputs_.push_back(std::move(column));
  }
  return {};
}

base::Error Evaluator::located(const pine::SourceRange& range, std::string message, base::ErrorCode code) const {
  const pine::Source& file = program_.source->file_at(range.begin);
  const pine::LineColumn place = file.locate(range.begin);
  return {code, file.name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " +
                    std::move(message) + " (bar " + std::to_string(bar_.index) + ")"};
}

base::Result<void> Evaluator::prepare(const InputVector& inputs) {
  inputs_ = inputs;
  bar_end_ = budget_.begin_bar();
  TRY(make_columns());
  for (std::size_t i = 0; i < program_.inputs.size(); ++i) {
    const pine::Input& input = program_.inputs[i];
    if (const auto* number = std::get_if<double>(&inputs[i])) {
      if (input.kind == pine::InputKind::kSource) {
        const auto field = static_cast<pine::BarField>(*number);
        chart_columns_.push_back({input.slot, field, chart_.column(field)});
      } else {
        slots_[input.slot] = *number;
      }
    } else {
      slots_[input.slot] = texts_.intern(std::get<std::string>(inputs[i]));
    }
  }
  TRY(execute(program_.prologue, program_.prologue_ranges));
  // Defaults that the prologue computes (timestamp(…), color.new(…)) stand where no other value was given. What
  // depends on them in the prologue came out na, so it runs once more with them in place.
  bool computed = false;
  for (std::size_t i = 0; i < program_.inputs.size(); ++i) {
    const pine::Input& input = program_.inputs[i];
    if (input.default_slot == kNoSlot || slots_[input.slot] == slots_[input.slot]) continue;
    slots_[input.slot] = slots_[input.default_slot];
    computed = true;
  }
  if (computed) TRY(execute(program_.prologue, program_.prologue_ranges));
  body_ = {program_.body, program_.body_ranges};
  if (options_.columns) optimize_body();
  if (columns_ && !keep(columns_->bytes())) {
    return base::failure(context_.fault.code, std::exchange(context_.fault.message, {}));
  }
  find_what_the_body_reads();
  if (broker_ != nullptr) prepare_commands();
  return {};
}

/// Leaves to be done on each bar what neither the inputs settle nor columns compute, and learns to leave out bars.
void Evaluator::optimize_body() {
  std::vector<bool> of_the_bar(program_.slot_count, false);
  for (const ChartColumn& column : chart_columns_) of_the_bar[column.slot] = true;
  const auto carry_out = [this](const Code& code) {
    [[maybe_unused]] const auto done = execute(code.operations, code.ranges);  // arithmetic, which cannot fail
  };
  fold({.program = program_,
        .slots = slots_,
        .of_the_bar = of_the_bar,
        .records = options_.record_outputs,
        .carry_out = [&](const Operation& operation) { carry_out({{operation}, {{}}}); }},
       body_);
  columns_.emplace(ColumnEvaluator::Surroundings{program_, chart_, slots_, chart_columns_, memories_, longest_, budget_,
                                                 options_.limits.dynamic_history_max, options_.shared_columns},
                   body_);
  if (broker_ == nullptr) return;
  quiet_.emplace(QuietBars::Surroundings{program_, body_, chart_columns_, *columns_, slots_, *broker_,
                                         chart_.series().close.data(), chart_.instrument(), carry_out});
  if (!quiet_->are_possible()) quiet_.reset();
}

/// Of the chart's columns and of the histories, keeps up on every bar those that the body reads.
void Evaluator::find_what_the_body_reads() {
  std::vector<bool> reads(program_.slot_count, false), reads_history(program_.histories.size(), false);
  for (const Operation& operation : body_.operations) {
    for_each_read(program_, operation, [&](Slot slot) { reads[slot] = true; });
    if (operation.opcode == Opcode::kHistory) reads_history[operation.index] = true;
  }
  for (std::uint32_t i = 0; i < reads_history.size(); ++i) {
    if (reads_history[i]) pushed_histories_.push_back(i);
  }
  for (const Slot slot : program_.results) reads[slot] = true;
  std::ranges::copy_if(chart_columns_, std::back_inserter(loaded_),
                       [&](const ChartColumn& column) { return reads[column.slot]; });
}

base::Result<void> Evaluator::enter(std::size_t bar) {
  const market::Series& series = chart_.series();
  bar_.previous_close = bar == 0 ? kNotANumber : series.close[bar - 1];
  bar_.index = context_.bar = bar;
  bar_.open = series.open[bar];
  bar_.high = series.high[bar];
  bar_.low = series.low[bar];
  bar_.close = series.close[bar];
  bar_.volume = series.volume[bar];
  for (const ChartColumn& column : loaded_) slots_[column.slot] = column.values[bar];
  if (columns_) {
    columns_->load(bar, slots_);
    if (const ColumnEvaluator::Failure* failure = columns_->failure_on(bar)) {
      const std::string name(pine::to_string(failure->function));
      return std::unexpected(located(failure->range, name + "(): " + failure->fault.message, failure->fault.code));
    }
  }
  loop_iterations_ = 0;
  bar_end_ = budget_.begin_bar();
  if (!may_run_bar()) {
    const pine::SourceRange start = program_.body_ranges.empty() ? pine::SourceRange{} : program_.body_ranges.front();
    return std::unexpected(located(start, std::exchange(context_.fault.message, {}), context_.fault.code));
  }
  return {};
}

base::Result<void> Evaluator::step(std::size_t bar) {
  before_.reset();
  TRY(enter(bar));
  TRY(execute(body_.operations, body_.ranges));
  for (const std::uint32_t i : pushed_histories_) histories_[i].push(slots_[program_.histories[i].slot]);
  if (heap_.wants_collection()) collect_garbage();
  if (options_.owns_texts && texts_.wants_collection()) collect_texts();
  return {};
}

base::Result<void> Evaluator::pass(std::size_t first, std::size_t end) {
  bar_.index = context_.bar = first;
  const bool may_go_on =
      budget_.spend((end - first) * steps_of_bar(), std::numeric_limits<std::uint64_t>::max(), context_.fault);
  bar_end_ = budget_.begin_bar();
  for (const std::uint32_t i : pushed_histories_) histories_[i].push(slots_[program_.histories[i].slot], end - first);
  if (may_go_on) return {};
  return std::unexpected(located({}, std::exchange(context_.fault.message, {}), context_.fault.code));
}

/// Of a bar, whatever the script does on it.
std::uint64_t Evaluator::steps_of_bar() const {
  const std::uint64_t steps = program_.body.size() + (columns_ ? columns_->steps_of_bar() : 0);
  if (broker_ == nullptr) return steps;
  const std::uint64_t open = broker_->open_trade_count();
  return steps + open + broker_->pending_count() * (1 + open);
}

void Evaluator::warn_of_missing(const Operation& request, const pine::SourceRange& range) {
  const std::string name(pine::to_string(program_.requests[request.index].kind));
  request_context_.warn(located(range, name + "() gave na: " + std::exchange(missing_, {})).message);
}

/// Counts what every bar costs, whatever the script does on it.
bool Evaluator::may_run_bar() {
  if (broker_ != nullptr) {
    const std::uint64_t open = broker_->open_trade_count(), closed = broker_->closed_trades().size();
    if (open + closed > options_.limits.trades_max) {
      context_.fault = {
          fmt::format("the strategy makes more than {} trades; run it on fewer bars", options_.limits.trades_max),
          base::ErrorCode::kResourceExhausted};
      return false;
    }
    pending_at_most_ = broker_->pending_count();
  }
  return spend(steps_of_bar());
}

base::Result<void> Evaluator::execute(const std::vector<Operation>& operations,
                                      const std::vector<pine::SourceRange>& ranges) {
  double* const s = slots_.data();
  const Slot* const operands = program_.operands.data();
  const Operation* const begin = operations.data();
  const Operation* const end = begin + operations.size();
  const Operation* op = begin;
  // What fails is told to these by value: a reference to it would keep `op` out of the registers.
  const auto fail = [&ranges, begin, this](const Operation* failed, std::string message,
                                           base::ErrorCode kind = base::ErrorCode::kInvalidArgument) {
    return std::unexpected(located(ranges[static_cast<std::size_t>(failed - begin)], std::move(message), kind));
  };
  RunFault& fault = context_.fault;
  const auto fail_at_call = [&fault, &fail](const Operation* failed, pine::Function function) {
    std::string message = std::exchange(fault.message, {});
    if (function != Function::kNone) message.insert(0, std::string(pine::to_string(function)) + "(): ");
    return fail(failed, std::move(message), std::exchange(fault.code, base::ErrorCode::kInvalidArgument));
  };
  const auto too_many_strings = [&fail, this](const Operation* failed) {
    return fail(failed,
                fmt::format("the strings of the script take more than {} bytes", options_.limits.string_bytes_max),
                base::ErrorCode::kResourceExhausted);
  };
  for (; op != end; ++op) {
    switch (op->opcode) {
      case Opcode::kMove: s[op->dst] = s[op->a]; break;
      case Opcode::kAdd: s[op->dst] = s[op->a] + s[op->b]; break;
      case Opcode::kSubtract: s[op->dst] = s[op->a] - s[op->b]; break;
      case Opcode::kMultiply: s[op->dst] = s[op->a] * s[op->b]; break;
      case Opcode::kDivide: s[op->dst] = divide(s[op->a], s[op->b]); break;
      case Opcode::kModulo: s[op->dst] = modulo(s[op->a], s[op->b]); break;
      case Opcode::kNegate: s[op->dst] = -s[op->a]; break;
      case Opcode::kNot: s[op->dst] = truth(!is_true(s[op->a])); break;
      case Opcode::kLess: s[op->dst] = truth(less(s[op->a], s[op->b])); break;
      case Opcode::kLessEqual: s[op->dst] = truth(less_or_equal(s[op->a], s[op->b])); break;
      case Opcode::kGreater: s[op->dst] = truth(less(s[op->b], s[op->a])); break;
      case Opcode::kGreaterEqual: s[op->dst] = truth(less_or_equal(s[op->b], s[op->a])); break;
      case Opcode::kEqual: s[op->dst] = truth(equal(s[op->a], s[op->b])); break;
      case Opcode::kNotEqual: s[op->dst] = truth(not_equal(s[op->a], s[op->b])); break;
      case Opcode::kMax: s[op->dst] = arithmetic::max(s[op->a], s[op->b]); break;
      case Opcode::kMin: s[op->dst] = arithmetic::min(s[op->a], s[op->b]); break;
      case Opcode::kAnd: s[op->dst] = truth(both(is_true(s[op->a]), is_true(s[op->b]))); break;
      case Opcode::kOr: s[op->dst] = truth(either(is_true(s[op->a]), is_true(s[op->b]))); break;
      case Opcode::kTruth: s[op->dst] = to_bool(s[op->a]); break;
      case Opcode::kTruncate: s[op->dst] = std::trunc(s[op->a]); break;
      case Opcode::kIsNa: s[op->dst] = truth(is_na(s[op->a])); break;
      case Opcode::kNz: s[op->dst] = is_na(s[op->a]) ? s[op->b] : s[op->a]; break;
      case Opcode::kSelect: s[op->dst] = is_true(s[op->a]) ? s[op->b] : s[op->c]; break;

      case Opcode::kJump: op = begin + op->target - 1; break;
      case Opcode::kJumpIfFalse:
        if (!is_true(s[op->a])) op = begin + op->target - 1;
        break;
      case Opcode::kJumpIfTrue:
        if (is_true(s[op->a])) op = begin + op->target - 1;
        break;
      case Opcode::kJumpIfSet:
        if (s[op->a] != 0)
          op = begin + op->target - 1;
        else
          s[op->a] = 1;
        break;
      case Opcode::kLoopStep:
        if (++loop_iterations_ > options_.limits.loop_iterations_max) {
          return fail(
              op, "loops run more than " + std::to_string(options_.limits.loop_iterations_max) + " times on one bar",
              base::ErrorCode::kResourceExhausted);
        }
        if (!spend(loop_length(begin, op, end))) return fail_at_call(op, Function::kNone);
        if (heap_.wants_collection()) collect_garbage();
        break;
      case Opcode::kForTest: {
        const double counter = s[op->a], bound = s[op->b];
        const bool stays = is_true(s[op->c]) ? counter <= bound : counter >= bound;
        if (!stays) op = begin + op->target - 1;
        break;
      }

      case Opcode::kHistory:
      case Opcode::kBarHistory: {
        const double offset = std::trunc(s[op->a]);
        const bool is_bar = op->opcode == Opcode::kBarHistory;
        if (offset < 0) return fail(op, fmt::format("the offset of [] is negative: {:.0f}", offset));
        if (!is_bar && !(offset > 0)) {
          s[op->dst] = s[program_.histories[op->index].slot];
        } else if (is_bar) {
          const double at = static_cast<double>(bar_.index) - (offset == offset ? offset : 0);
          s[op->dst] = at >= 0 ? chart_.column(static_cast<pine::BarField>(op->index))[static_cast<std::size_t>(at)]
                               : kNotANumber;
        } else {
          const HistoryBuffer& buffer = histories_[op->index];
          if (offset > static_cast<double>(buffer.values.size()) && offset <= static_cast<double>(bar_.index)) {
            return fail(
                op, fmt::format("the offset of [] reaches {:.0f} bars back; {} are kept", offset, buffer.values.size()),
                base::ErrorCode::kResourceExhausted);
          }
          s[op->dst] =
              offset > static_cast<double>(buffer.count) ? kNotANumber : buffer.at(static_cast<std::size_t>(offset));
        }
        break;
      }

      case Opcode::kCall: {
        const Function function = op->function;
        if (function <= Function::kMathToRadians) {  // the most frequent, and none of them can fail
          s[op->dst] = math_function({function, op->index, s, operands + op->first, op->count}, chart_.instrument());
          break;
        }
        if (pine::is_strategy_value(function)) {
          s[op->dst] = function >= Function::kOpentradesEntryId ? trade_value(function, operand(*op, 0))
                                                                : strategy_value(function, operand(*op, 0));
          break;
        }
        const FunctionCall call{function, op->index, s, operands + op->first, op->count};
        if (pine::is_string_function(function) && !spend(text_call_cost(call, texts_)))
          return fail_at_call(op, function);
        if (pine::is_time_function(function) && !spend(kStepsOfTimeFunction)) return fail_at_call(op, function);
        s[op->dst] = call_function(call, context_);
        if (!fault.message.empty()) return fail_at_call(op, Function::kNone);
        if (texts_.overflowed()) return too_many_strings(op);
        break;
      }
      case Opcode::kStatefulCall: {
        memories_[op->index]->step(
            {s, operands + op->first, op->count, s + op->dst, &bar_, &fault, &budget_, &longest_[op->index]});
        if (!fault.message.empty() || !spend(steps_of_call(longest_[op->index]))) return fail_at_call(op, op->function);
        break;
      }
      case Opcode::kHeapCall:
      case Opcode::kNewRecord:
      case Opcode::kCopyRecord:
      case Opcode::kGetField:
      case Opcode::kSetField:
      case Opcode::kGetDrawing:
      case Opcode::kSetDrawing:
        heap_operation(*op);
        if (!fault.message.empty()) return fail_at_call(op, op->function);
        if (texts_.overflowed()) return too_many_strings(op);
        break;
      case Opcode::kCommand:
        if (broker_ != nullptr && bar_.index >= options_.trade_from_bar) command(*op);
        if (!fault.message.empty()) return fail_at_call(op, op->function);
        break;
      case Opcode::kRequest:
        if (auto answered = request(*op); !answered) {
          const std::string name(pine::to_string(program_.requests[op->index].kind));
          return fail(op, name + "(): " + answered.error().message, answered.error().code);
        }
        if (!missing_.empty()) warn_of_missing(*op, ranges[static_cast<std::size_t>(op - begin)]);
        break;
      case Opcode::kRecord:
        if (options_.record_outputs && !rehearsing_) record(*op);
        break;
      case Opcode::kFail: return fail(op, "runtime.error: " + texts_.text(s[op->a]));
      default: std::unreachable();  // the compiler then tests no bound before it jumps
    }
  }
  return {};
}

void Evaluator::record(const Operation& operation) {
  const pine::Output& output = program_.outputs[operation.index];
  if (output.kind == pine::OutputKind::kAlert || output.kind == pine::OutputKind::kLog) {
    const std::string& text = texts_.text(operand(operation, 0));
    const pine::Limits& limits = options_.limits;
    if (messages_.size() < limits.messages_max && message_bytes_ + text.size() <= limits.message_bytes_max) {
      message_bytes_ += text.size();
      messages_.push_back({static_cast<std::uint32_t>(bar_.index), operation.index, text});
    } else {
      ++messages_left_out_;
    }
    return;
  }
  const auto value = [&](pine::RecordOperand which) { return operand(operation, static_cast<std::uint32_t>(which)); };
  OutputColumn& column = outputs_[operation.index];
  column.values[bar_.index] = value(pine::RecordOperand::kValue);
  if (!column.colors.empty()) column.colors[bar_.index] = value(pine::RecordOperand::kColor);
  if (const double offset = value(pine::RecordOperand::kOffset); std::fabs(offset) <= 500) {  // as far as Pine goes
    column.offset = static_cast<int>(offset);
  }
  if (!column.open.empty()) {
    column.open[bar_.index] = value(pine::RecordOperand::kOpen);
    column.high[bar_.index] = value(pine::RecordOperand::kHigh);
    column.low[bar_.index] = value(pine::RecordOperand::kLow);
  }
}

}  // namespace tradeassist::backtest
