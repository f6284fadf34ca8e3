#include "backtest/evaluator/heap/heap_transfer.hpp"

#include <limits>

namespace tradeassist::backtest {

double HeapTransfer::operator()(double value) {
  const double copy = begin(value);
  while (!pending_.empty() && fault_.message.empty()) {
    const double next = pending_.back();
    pending_.pop_back();
    fix_references(next);
  }
  return copy;
}

double HeapTransfer::begin(double handle) {
  Object* const object = from_.find(handle);
  if (object == nullptr) return handle;
  if (const auto known = made_.find(handle); known != made_.end()) return known->second;
  double copy = std::numeric_limits<double>::quiet_NaN();
  const bool draws = object->kind == ObjectKind::kRecord && object->layout < pine::kDrawingKinds;
  if (object->kind == ObjectKind::kSlice) {
    copy = to_.make_array(object->element, from_.elements(*object, fault_), fault_);
  } else if (!draws) {
    copy = to_.take(*object, fault_);
  }
  made_[handle] = copy;
  if (copy == copy) pending_.push_back(copy);
  return copy;
}

/// Objects move when others are made, so the copy is looked up for every access.
void HeapTransfer::fix_references(double copy) {
  const Object& object = *to_.find(copy);
  if (object.kind != ObjectKind::kRecord && object.element != pine::ValueType::kObject) return;
  if (object.kind == ObjectKind::kMap) {
    for (const double key : object.pairs.keys()) {
      const double value = begin(*to_.find(copy)->pairs.get(key));
      to_.find(copy)->pairs.put(key, value);
    }
    return;
  }
  const std::size_t size = object.elements.values().size();
  for (std::size_t i = 0; i < size; ++i) {
    const double value = begin(to_.find(copy)->elements.values()[i]);
    to_.find(copy)->elements.values()[i] = value;
  }
}

}  // namespace tradeassist::backtest
