#include "backtest/evaluator/heap/heap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace tradeassist::backtest {
namespace {

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
constexpr double kFirstHandle = 1152921504606846976.0;  // 2^60
constexpr double kHandleStep = 256;                     // between neighbouring doubles from 2^60 to 2^61
constexpr std::uint64_t kCollectMin = 4ull << 20;       // bytes: less is not worth a collection

std::optional<std::uint32_t> id_of(double handle, std::size_t count) {
  if (!(handle >= kFirstHandle)) return std::nullopt;
  const double id = (handle - kFirstHandle) / kHandleStep;
  if (id >= static_cast<double>(count)) return std::nullopt;
  return static_cast<std::uint32_t>(id);
}

/// When to collect next, after `live` bytes were left: at twice as much, but well before the bound.
std::uint64_t next_collection(std::uint64_t live, std::uint64_t bytes_max) {
  const std::uint64_t room = bytes_max > live ? bytes_max - live : 0;
  return live + std::min(std::max(live, kCollectMin), room / 2);
}

}  // namespace

Heap::Heap(const pine::Limits& limits)
    : bytes_max_(limits.heap_bytes_max),
      elements_max_(limits.collection_elements_max),
      map_pairs_max_(limits.map_pairs_max),
      collect_at_(next_collection(0, limits.heap_bytes_max)) {}

bool Heap::fits(std::uint64_t elements, std::uint64_t more_bytes, RunFault& fault) const {
  if (elements > elements_max_) {
    fault = {fmt::format("a collection of {} elements is larger than the {} allowed", elements, elements_max_),
             base::ErrorCode::kResourceExhausted};
    return false;
  }
  if (bytes_ + more_bytes > bytes_max_) {
    fault = {fmt::format("the script's arrays, maps, matrices and objects need more than the {} MiB allowed: {} are "
                         "alive",
                         bytes_max_ >> 20, size()),
             base::ErrorCode::kResourceExhausted};
    return false;
  }
  return true;
}

double Heap::add(Object object, std::uint64_t elements, std::uint64_t bytes, RunFault& fault) {
  if (!fits(elements, bytes, fault)) return kNa;
  object.charged = object.bytes();
  bytes_ += object.charged;
  std::uint32_t id = 0;
  if (free_.empty()) {
    id = static_cast<std::uint32_t>(objects_.size());
    objects_.push_back(std::move(object));
  } else {
    id = free_.back();
    free_.pop_back();
    objects_[id] = std::move(object);
  }
  return kFirstHandle + kHandleStep * id;
}

double Heap::make_array(pine::ValueType element, std::size_t size, double value, RunFault& fault) {
  if (!fits(size, sizeof(Object) + size * sizeof(double), fault)) return kNa;
  Object object{.kind = ObjectKind::kArray, .element = element};
  object.elements = ElementList(size, value);
  return add(std::move(object), size, sizeof(Object), fault);
}

double Heap::make_array(pine::ValueType element, std::span<const double> values, RunFault& fault) {
  if (!fits(values.size(), sizeof(Object) + values.size_bytes(), fault)) return kNa;
  Object object{.kind = ObjectKind::kArray, .element = element};
  object.elements = ElementList(values);
  return add(std::move(object), values.size(), sizeof(Object), fault);
}

double Heap::make_slice(double array, std::size_t first, std::size_t length, RunFault& fault) {
  const Object* parent = find(array);
  if (parent == nullptr) {
    fault.message = "cannot slice an array that is na";
    return kNa;
  }
  // A slice of a slice looks at the array itself.
  if (parent->kind == ObjectKind::kSlice) {
    first += parent->first;
    array = parent->parent;
  }
  Object object{.kind = ObjectKind::kSlice, .element = parent->element};
  object.first = static_cast<std::uint32_t>(first);
  object.length = static_cast<std::uint32_t>(length);
  object.parent = array;
  return add(std::move(object), length, sizeof(Object), fault);
}

double Heap::make_row(double matrix, double row, RunFault& fault) {
  const Object* parent = find(matrix);
  return make_slice(matrix, static_cast<std::size_t>(row) * parent->columns, parent->columns, fault);
}

double Heap::make_matrix(pine::ValueType element, std::size_t rows, std::size_t columns, double value,
                         RunFault& fault) {
  // Each factor first: their product may not fit its type.
  if (!fits(std::max(rows, columns), 0, fault) ||
      !fits(rows * columns, sizeof(Object) + rows * columns * sizeof(double), fault)) {
    return kNa;
  }
  Object object{.kind = ObjectKind::kMatrix, .element = element};
  object.rows = static_cast<std::uint32_t>(rows);
  object.columns = static_cast<std::uint32_t>(columns);
  object.elements = ElementList(rows * columns, value);
  return add(std::move(object), rows * columns, sizeof(Object), fault);
}

double Heap::make_matrix(pine::ValueType element, std::size_t rows, std::size_t columns, std::span<const double> values,
                         RunFault& fault) {
  const double handle = make_matrix(element, rows, columns, 0, fault);
  if (Object* matrix = find(handle)) std::ranges::copy(values, matrix->elements.values().begin());
  return handle;
}

double Heap::make_map(pine::ValueType key, pine::ValueType element, RunFault& fault) {
  return add({.kind = ObjectKind::kMap, .element = element, .key = key}, 0, sizeof(Object), fault);
}

double Heap::make_record(std::uint32_t layout, std::span<const double> fields, RunFault& fault) {
  if (!fits(fields.size(), sizeof(Object) + fields.size_bytes(), fault)) return kNa;
  Object object{.kind = ObjectKind::kRecord};
  object.layout = layout;
  object.elements = ElementList(fields);
  return add(std::move(object), fields.size(), sizeof(Object), fault);
}

double Heap::copy(double handle, RunFault& fault) {
  Object* original = find(handle);
  if (original == nullptr) return kNa;
  if (original->kind == ObjectKind::kSlice) { return make_array(original->element, elements(*original, fault), fault); }
  return take(*original, fault);
}

double Heap::take(const Object& object, RunFault& fault) {
  if (!fits(0, object.bytes(), fault)) return kNa;
  return add(object, 0, object.bytes(), fault);
}

Object* Heap::find(double handle) { return const_cast<Object*>(std::as_const(*this).find(handle)); }

const Object* Heap::find(double handle) const {
  const auto id = id_of(handle, objects_.size());
  return id && objects_[*id].kind != ObjectKind::kFree ? &objects_[*id] : nullptr;
}

std::span<double> Heap::elements(Object& object, RunFault& fault) {
  if (object.kind != ObjectKind::kSlice) return object.elements.values();
  const std::span<double> all = find(object.parent)->elements.values();
  if (std::uint64_t{object.first} + object.length > all.size()) {
    fault.message = fmt::format("a slice of elements {} to {} is outside its array, which has {} elements now",
                                object.first, std::uint64_t{object.first} + object.length, all.size());
    return {};
  }
  return all.subspan(object.first, object.length);
}

bool Heap::may_grow(const Object& object, std::uint64_t elements, std::uint64_t bytes, RunFault& fault) const {
  if (object.kind == ObjectKind::kMap && elements > map_pairs_max_) {
    fault = {fmt::format("a map of {} pairs is larger than the {} allowed", elements, map_pairs_max_),
             base::ErrorCode::kResourceExhausted};
    return false;
  }
  return fits(elements, bytes > object.charged ? bytes - object.charged : 0, fault);
}

void Heap::resized(Object& object) {
  bytes_ -= object.charged;
  object.charged = object.bytes();
  bytes_ += object.charged;
}

void Heap::mark(double value, std::vector<std::uint32_t>& pending) {
  const auto id = id_of(value, objects_.size());
  if (!id || objects_[*id].kind == ObjectKind::kFree || objects_[*id].marked) return;
  objects_[*id].marked = true;
  pending.push_back(*id);
}

void Heap::mark_all(std::span<const std::span<const double>> roots) {
  std::vector<std::uint32_t> pending;
  for (const std::span<const double> values : roots) {
    for (const double value : values) mark(value, pending);
  }
  while (!pending.empty()) {
    const Object& object = objects_[pending.back()];
    pending.pop_back();
    if (object.kind == ObjectKind::kSlice) mark(object.parent, pending);
    for (const double value : object.elements.values()) mark(value, pending);
    if (object.kind == ObjectKind::kMap) {
      object.pairs.for_each_pair([&](double, double value) { mark(value, pending); });
    }
  }
}

void Heap::roll_back(const Heap& before, std::span<const double> kept) {
  mark_all(std::array{kept});
  std::vector<std::pair<std::uint32_t, Object>> stay;
  for (std::uint32_t id = 0; id < objects_.size(); ++id) {
    if (!objects_[id].marked) continue;
    objects_[id].marked = false;
    stay.emplace_back(id, std::move(objects_[id]));
  }
  *this = before;
  for (auto& [id, object] : stay) {
    while (objects_.size() <= id) {
      free_.push_back(static_cast<std::uint32_t>(objects_.size()));
      objects_.emplace_back();
    }
    if (objects_[id].kind == ObjectKind::kFree) std::erase(free_, id);
    bytes_ -= objects_[id].charged;
    objects_[id] = std::move(object);
    bytes_ += objects_[id].charged;
  }
}

void Heap::collect(std::span<const std::span<const double>> roots) {
  mark_all(roots);
  for (std::uint32_t id = 0; id < objects_.size(); ++id) {
    Object& object = objects_[id];
    if (object.kind == ObjectKind::kFree) continue;
    if (!object.marked) {
      bytes_ -= object.charged;
      object = Object{};
    }
    object.marked = false;
  }
  while (!objects_.empty() && objects_.back().kind == ObjectKind::kFree) objects_.pop_back();
  free_.clear();
  for (std::uint32_t id = 0; id < objects_.size(); ++id) {
    if (objects_[id].kind == ObjectKind::kFree) free_.push_back(id);
  }
  live_bytes_ = bytes_;
  collect_at_ = next_collection(bytes_, bytes_max_);
}

}  // namespace tradeassist::backtest
