#include "pine/program/request_program.hpp"

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

std::shared_ptr<const Program> request_program(const Program& script, const std::vector<SkippedCode>& skipped,
                                               const SkippedCode& own) {
  auto program = std::make_shared<Program>(script);
  program->results = own.results;
  std::vector<bool> unreachable = skipped_elsewhere(script.body.size(), skipped, own.first);
  for (std::uint32_t i = 0; i < script.body.size(); ++i) {
    const Operation& operation = script.body[i];
    const bool inside = own.first <= i && i < own.end;
    const bool has_effect = operation.opcode == Opcode::kCommand || operation.opcode == Opcode::kRecord ||
                            (operation.opcode == Opcode::kFail && !inside);
    if (has_effect || crosses(operation, i, own.first)) unreachable[i] = true;
  }
  eliminate_dead_code(*program, Keep::kResults, unreachable);
  return program;
}

}  // namespace

void make_request_programs(Program& script, const std::vector<SkippedCode>& skipped) {
  for (const SkippedCode& code : skipped) {
    if (code.request != SkippedCode::kNoRequest) {
      script.requests[code.request].program = request_program(script, skipped, code);
    }
  }
  const auto nowhere = static_cast<std::uint32_t>(script.body.size());
  eliminate_dead_code(script, Keep::kEverything, skipped_elsewhere(script.body.size(), skipped, nowhere));
}

}  // namespace tradeassist::pine
