#include "backtest/evaluator/columns/code.hpp"

#include <algorithm>

namespace tradeassist::backtest {

std::vector<bool> conditional_operations(const std::vector<pine::Operation>& operations) {
  const std::size_t count = operations.size();
  std::vector<int> change(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!pine::is_jump(operations[i].opcode)) continue;
    const std::size_t first = std::min<std::size_t>(i + 1, operations[i].target);
    const std::size_t end = std::max<std::size_t>(i + 1, operations[i].target);
    ++change[first];
    --change[end];
  }
  std::vector<bool> conditional(count);
  int depth = 0;
  for (std::size_t i = 0; i < count; ++i) {
    depth += change[i];
    conditional[i] = depth > 0;
  }
  return conditional;
}

void remove_operations(Code& code, const std::vector<bool>& removed) {
  const std::size_t count = code.size();
  std::vector<std::uint32_t> moved(count + 1);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    moved[i] = static_cast<std::uint32_t>(kept);
    if (removed[i]) continue;
    code.operations[kept] = code.operations[i];
    code.ranges[kept] = code.ranges[i];
    ++kept;
  }
  moved[count] = static_cast<std::uint32_t>(kept);
  code.operations.resize(kept);
  code.ranges.resize(kept);
  for (pine::Operation& operation : code.operations) operation.target = moved[operation.target];
}

}  // namespace tradeassist::backtest
