#include "pine/program/request_program.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace tradeassist::pine {
namespace {

/// True for a jump that leads past operation `place` or back over it: with it, the operation may run never or often.
bool crosses(const Operation& operation, std::uint32_t at, std::uint32_t place) {
  if (!is_jump(operation.opcode)) return false;
  return at < place ? operation.target > place : operation.target < place;
}

/// Which operations belong to skipped code that does not hold operation `place`.
std::vector<bool> skipped_elsewhere(std::size_t operations, const std::vector<SkippedCode>& skipped,
                                    std::uint32_t place) {
  std::vector<bool> out(operations, false);
  for (const SkippedCode& code : skipped) {
    if (code.first <= place && place < code.end) continue;
    for (std::uint32_t i = code.first; i < code.end; ++i) out[i] = true;
  }
  return out;
}

/// Which operations after a request depend on its answer. In the request's own program there is none: what the script
/// makes of it is not part of what is asked for, also where a variable of the expression is changed to it later.
std::vector<bool> after_the_answer(const Program& script, const SkippedCode& own) {
  std::vector<bool> depends(script.body.size(), false);
  std::vector<bool> slots(script.slot_count, false);
  std::uint32_t branch_end = 0;  // operations before it run or not as the answer is
  for (std::uint32_t i = own.end; i < script.body.size(); ++i) {
    const Operation& operation = script.body[i];
    bool found = i < branch_end || (operation.opcode == Opcode::kRequest && operation.index == own.request);
    for_each_read(script, operation, [&](Slot slot) { found = found || slots[slot]; });
    if (!found) continue;
    depends[i] = true;
    for (std::uint32_t k = 0; k < operation.results; ++k) slots[operation.dst + k] = true;
    if (is_jump(operation.opcode)) branch_end = std::max(branch_end, operation.target);
  }
  return depends;
}

std::shared_ptr<const Program> request_program(const Program& script, const std::vector<SkippedCode>& skipped,
                                               const SkippedCode& own) {
  auto program = std::make_shared<Program>(script);
  program->results = own.results;
  std::vector<bool> unreachable = skipped_elsewhere(script.body.size(), skipped, own.first);
  const std::vector<bool> answered = after_the_answer(script, own);
  for (std::uint32_t i = 0; i < script.body.size(); ++i) {
    const Operation& operation = script.body[i];
    const bool inside = own.first <= i && i < own.end;
    const bool has_effect = operation.opcode == Opcode::kCommand || operation.opcode == Opcode::kRecord ||
                            (operation.opcode == Opcode::kFail && !inside);
    if (has_effect || answered[i] || crosses(operation, i, own.first)) unreachable[i] = true;
  }
  eliminate_dead_code(*program, Keep::kResults, unreachable);
  return program;
}

/// True when every request that the program makes has a program itself.
bool is_complete(const Program& program) {
  return std::ranges::all_of(program.requests, [](const Request& request) {
    return request.program != nullptr || request.kind == RequestKind::kCurrencyRate;
  });
}

}  // namespace

std::string_view to_string(RequestKind kind) {
  switch (kind) {
    case RequestKind::kSecurity: return "request.security";
    case RequestKind::kLowerTimeframe: return "request.security_lower_tf";
    case RequestKind::kCurrencyRate: return "request.currency_rate";
  }
  return "request";
}

std::vector<std::uint32_t> make_request_programs(Program& script, const std::vector<SkippedCode>& skipped) {
  std::vector<const SkippedCode*> left;
  for (const SkippedCode& code : skipped) {
    if (code.request != SkippedCode::kNoRequest) left.push_back(&code);
  }
  // Most need the answers of earlier requests only, if any; those that need later ones wait for them.
  for (std::size_t before = left.size() + 1; !left.empty() && left.size() < before;) {
    before = left.size();
    std::erase_if(left, [&](const SkippedCode* code) {
      auto program = request_program(script, skipped, *code);
      if (!is_complete(*program)) return false;
      script.requests[code->request].program = std::move(program);
      return true;
    });
  }
  std::vector<std::uint32_t> circular;
  for (const SkippedCode* code : left) circular.push_back(code->request);
  const auto nowhere = static_cast<std::uint32_t>(script.body.size());
  eliminate_dead_code(script, Keep::kEverything, skipped_elsewhere(script.body.size(), skipped, nowhere));
  return circular;
}

}  // namespace tradeassist::pine
