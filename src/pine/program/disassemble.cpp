#include <fmt/format.h>

#include "pine/program/program.hpp"

namespace tradeassist::pine {
namespace {

const char* name_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::kMove: return "move";
    case Opcode::kAdd: return "add";
    case Opcode::kSubtract: return "subtract";
    case Opcode::kMultiply: return "multiply";
    case Opcode::kDivide: return "divide";
    case Opcode::kModulo: return "modulo";
    case Opcode::kNegate: return "negate";
    case Opcode::kNot: return "not";
    case Opcode::kLess: return "less";
    case Opcode::kLessEqual: return "less_equal";
    case Opcode::kGreater: return "greater";
    case Opcode::kGreaterEqual: return "greater_equal";
    case Opcode::kEqual: return "equal";
    case Opcode::kNotEqual: return "not_equal";
    case Opcode::kMax: return "max";
    case Opcode::kMin: return "min";
    case Opcode::kAnd: return "and";
    case Opcode::kOr: return "or";
    case Opcode::kTruth: return "truth";
    case Opcode::kTruncate: return "truncate";
    case Opcode::kIsNa: return "is_na";
    case Opcode::kNz: return "nz";
    case Opcode::kSelect: return "select";
    case Opcode::kJump: return "jump";
    case Opcode::kJumpIfFalse: return "jump_if_false";
    case Opcode::kJumpIfTrue: return "jump_if_true";
    case Opcode::kJumpIfSet: return "jump_if_set";
    case Opcode::kLoopStep: return "loop_step";
    case Opcode::kForTest: return "for_test";
    case Opcode::kHistory: return "history";
    case Opcode::kBarHistory: return "bar_history";
    case Opcode::kCall: return "call";
    case Opcode::kStatefulCall: return "stateful_call";
    case Opcode::kCommand: return "command";
    case Opcode::kHeapCall: return "heap_call";
    case Opcode::kNewRecord: return "new_record";
    case Opcode::kCopyRecord: return "copy_record";
    case Opcode::kGetField: return "get_field";
    case Opcode::kSetField: return "set_field";
    case Opcode::kGetDrawing: return "get_drawing";
    case Opcode::kSetDrawing: return "set_drawing";
    case Opcode::kRequest: return "request";
    case Opcode::kRecord: return "record";
    case Opcode::kFail: return "fail";
  }
  return "?";
}

void list(std::string& out, const Program& program, const std::vector<Operation>& operations) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    out += fmt::format("{:4} ", i);
    if (operation.dst != kNoSlot) out += fmt::format("s{} = ", operation.dst);
    out += name_of(operation.opcode);
    if (operation.function != Function::kNone) out += fmt::format(" {}", to_string(operation.function));
    for (const Slot slot : {operation.a, operation.b, operation.c}) {
      if (slot != kNoSlot) out += fmt::format(" s{}", slot);
    }
    for (std::uint32_t k = 0; k < operation.count; ++k) {
      const Slot slot = program.operands[operation.first + k];
      out += slot == kNoSlot ? " -" : fmt::format(" s{}", slot);
    }
    if (operation.opcode == Opcode::kHistory || operation.opcode == Opcode::kBarHistory ||
        operation.opcode == Opcode::kRecord || operation.opcode == Opcode::kRequest ||
        (operation.opcode >= Opcode::kHeapCall && operation.opcode <= Opcode::kSetDrawing)) {
      out += fmt::format(" #{}", operation.index);
    }
    if (is_jump(operation.opcode)) out += fmt::format(" -> {}", operation.target);
    out += '\n';
  }
}

}  // namespace

std::string disassemble(const Program& program) {
  std::string out;
  for (const Input& input : program.inputs)
    out += fmt::format("input s{} {} = {}\n", input.slot, input.name,
                       input.text.empty() ? fmt::format("{}", input.number) : input.text);
  for (const Constant& constant : program.constants)
    out += fmt::format("constant s{} = {}\n", constant.slot, constant.value);
  for (const BarLoad& load : program.loads)
    out += fmt::format("load s{} = field {}\n", load.slot, static_cast<int>(load.field));
  for (std::size_t i = 0; i < program.histories.size(); ++i) {
    out += fmt::format("history #{} of s{} depth {}\n", i, program.histories[i].slot, program.histories[i].depth);
  }
  out += "prologue\n";
  list(out, program, program.prologue);
  out += "body\n";
  list(out, program, program.body);
  return out;
}

}  // namespace tradeassist::pine
