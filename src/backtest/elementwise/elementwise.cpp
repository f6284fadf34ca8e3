#include "backtest/elementwise/elementwise.hpp"

namespace tradeassist::backtest {

const Elementwise* elementwise(std::string_view name) {
  if (name == kElementwiseSse.name) return &kElementwiseSse;
  if (name == kElementwiseAvx2.name) return __builtin_cpu_supports("avx2") != 0 ? &kElementwiseAvx2 : nullptr;
  if (name == kElementwiseAvx512.name) {
    const bool has = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                     __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0;
    return has ? &kElementwiseAvx512 : nullptr;
  }
  return nullptr;
}

const Elementwise& elementwise() {
  static const Elementwise& chosen = []() -> const Elementwise& {
    for (const char* name : {"avx512", "avx2"}) {
      if (const Elementwise* found = elementwise(name)) return *found;
    }
    return kElementwiseSse;
  }();
  return chosen;
}

}  // namespace tradeassist::backtest
