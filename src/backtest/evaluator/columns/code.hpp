#pragma once

#include <vector>

#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// Operations of a body, and where each came from.
struct Code {
  std::vector<pine::Operation> operations;
  std::vector<pine::SourceRange> ranges;

  std::size_t size() const { return operations.size(); }
};

/// An operation whose one result follows from slots a, b and c.
inline bool is_arithmetic(pine::Opcode opcode) { return opcode <= pine::Opcode::kSelect; }

/// A call whose one result follows from its operands, and which cannot fail.
inline bool is_math(const pine::Operation& operation) {
  return operation.opcode == pine::Opcode::kCall && operation.function != pine::Function::kNone &&
         operation.function <= pine::Function::kMathToRadians;
}

/// By operation, whether a jump may leave it out or repeat it.
std::vector<bool> conditional_operations(const std::vector<pine::Operation>& operations);

/// Removes operations; jumps to one that is removed go to the next that stays.
void remove_operations(Code& code, const std::vector<bool>& removed);

}  // namespace tradeassist::backtest
