#include <algorithm>
#include <vector>

#include "pine/program/program.hpp"

namespace tradeassist::pine {
namespace {

/// Makes or changes something that is only seen on the chart, unless the script reads its drawings back.
bool draws(const Operation& operation) {
  if (operation.opcode == Opcode::kNewRecord) return operation.index < kDrawingKinds;
  return operation.opcode == Opcode::kSetDrawing ||
         (operation.opcode == Opcode::kHeapCall && operation.function >= Function::kDrawingDelete &&
          operation.function <= Function::kTableMergeCells);
}

bool reads_drawings(const Program& program) {
  return std::ranges::any_of(program.body, [](const Operation& operation) {
    return operation.opcode == Opcode::kGetDrawing || operation.function == Function::kDrawingAll ||
           operation.function == Function::kLineGetPrice;
  });
}

/// Operations that must run even when nothing reads what they compute.
bool is_rooted(const Operation& operation, bool keep_outputs, bool keep_drawings) {
  if (draws(operation)) return keep_drawings;
  switch (operation.opcode) {
    case Opcode::kJump:
    case Opcode::kJumpIfFalse:
    case Opcode::kJumpIfTrue:
    case Opcode::kJumpIfSet:
    case Opcode::kLoopStep:
    case Opcode::kForTest:
    case Opcode::kCommand:
    case Opcode::kHeapCall:
    case Opcode::kSetField:
    case Opcode::kFail: return true;
    case Opcode::kRecord: return keep_outputs;
    default: return false;
  }
}

std::uint32_t result_count(const Program& program, const Operation& operation) {
  if (operation.opcode == Opcode::kRequest) {
    return static_cast<std::uint32_t>(program.requests[operation.index].program->results.size());
  }
  switch (operation.function) {
    case Function::kTaBb:
    case Function::kTaKc:
    case Function::kTaMacd:
    case Function::kTaDmi:
    case Function::kTaVwapBands: return 3;
    case Function::kTaSupertrend: return 2;
    default: return 1;
  }
}

template <class Visit>
void for_each_read(const Program& program, const Operation& operation, Visit visit) {
  for (const Slot slot : {operation.a, operation.b, operation.c}) {
    if (slot != kNoSlot) visit(slot);
  }
  for (std::uint32_t i = 0; i < operation.count && operation.opcode != Opcode::kRequest; ++i) {
    if (program.operands[operation.first + i] != kNoSlot) visit(program.operands[operation.first + i]);
  }
  if (operation.opcode == Opcode::kHistory) visit(program.histories[operation.index].slot);
  if (operation.opcode == Opcode::kRequest) {
    visit(program.requests[operation.index].symbol);
    visit(program.requests[operation.index].timeframe);
  }
}

void remove_unused(std::vector<Operation>& operations, std::vector<SourceRange>& ranges,
                   const std::vector<bool>& keep) {
  std::vector<std::uint32_t> moved(operations.size() + 1);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    moved[i] = kept;
    if (keep[i]) ++kept;
  }
  moved[operations.size()] = kept;
  std::size_t out = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!keep[i]) continue;
    Operation operation = operations[i];
    operation.target = moved[operation.target];
    operations[out] = operation;
    ranges[out] = ranges[i];
    ++out;
  }
  operations.resize(out);
  ranges.resize(out);
}

}  // namespace

void eliminate_dead_code(Program& program, bool keep_outputs) {
  // Which slots are read by something that is kept. Loops and history let a later operation feed an earlier one, so
  // the marking is repeated until nothing is added.
  const bool keep_drawings = keep_outputs || reads_drawings(program);
  std::vector<bool> read(program.slot_count, false);
  for (const Slot slot : program.results) read[slot] = true;
  for (const Input& input : program.inputs) {
    if (input.default_slot != kNoSlot) read[input.default_slot] = true;
  }
  std::vector<bool> keep_body(program.body.size(), false), keep_prologue(program.prologue.size(), false);
  const auto mark = [&](const std::vector<Operation>& operations, std::vector<bool>& keep) {
    bool grown = false;
    for (std::size_t i = operations.size(); i-- > 0;) {
      if (keep[i]) continue;
      const Operation& operation = operations[i];
      bool wanted = is_rooted(operation, keep_outputs, keep_drawings);
      if (!wanted && operation.dst != kNoSlot) {
        const std::uint32_t results = result_count(program, operation);
        for (std::uint32_t k = 0; k < results; ++k) wanted = wanted || read[operation.dst + k];
      }
      if (!wanted) continue;
      keep[i] = grown = true;
      for_each_read(program, operation, [&](Slot slot) { read[slot] = true; });
    }
    return grown;
  };
  for (bool grown = true; grown;) {
    grown = mark(program.body, keep_body);
    grown = mark(program.prologue, keep_prologue) || grown;
  }
  remove_unused(program.body, program.body_ranges, keep_body);
  remove_unused(program.prologue, program.prologue_ranges, keep_prologue);

  // Histories nobody reads any more, and loads of columns nobody uses.
  std::vector<std::uint32_t> new_index(program.histories.size(), kNoSlot);
  std::vector<History> histories;
  for (Operation& operation : program.body) {
    if (operation.opcode != Opcode::kHistory) continue;
    std::uint32_t& index = new_index[operation.index];
    if (index == kNoSlot) {
      index = static_cast<std::uint32_t>(histories.size());
      histories.push_back(program.histories[operation.index]);
    }
    operation.index = index;
  }
  program.histories = std::move(histories);
  std::erase_if(program.loads, [&](const BarLoad& load) { return !read[load.slot]; });

  // Memory of calls that are gone.
  std::vector<Function> states;
  for (Operation& operation : program.body) {
    if (operation.opcode != Opcode::kStatefulCall) continue;
    states.push_back(operation.function);
    operation.index = static_cast<std::uint32_t>(states.size() - 1);
  }
  program.states = std::move(states);
}

}  // namespace tradeassist::pine
