#pragma once

#include <map>
#include <vector>

#include "backtest/evaluator/heap/heap.hpp"

namespace tradeassist::backtest {

/// Copies objects, with all that they lead to, from one heap to another. What is one object there is one object here,
/// also over several calls. Slices become arrays; drawings stay behind: they are na here.
class HeapTransfer {
 public:
  HeapTransfer(Heap& from, Heap& to, RunFault& fault) : from_(from), to_(to), fault_(fault) {}

  /// The handle of the copy; a number that is no handle of `from` is itself.
  double operator()(double value);

 private:
  double begin(double handle);
  void fix_references(double copy);

  Heap& from_;
  Heap& to_;
  RunFault& fault_;
  std::map<double, double> made_;
  std::vector<double> pending_;  // copies whose references are still those of `from`
};

}  // namespace tradeassist::backtest
