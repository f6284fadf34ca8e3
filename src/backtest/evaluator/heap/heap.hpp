#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "backtest/evaluator/heap/element_list.hpp"
#include "backtest/evaluator/heap/ordered_map.hpp"
#include "backtest/evaluator/memory/stateful.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

enum class ObjectKind : std::uint8_t { kFree, kArray, kSlice, kMatrix, kMap, kRecord };

/// One object of a script. Which members count depends on its kind.
struct Object {
  ObjectKind kind = ObjectKind::kFree;
  pine::ValueType element = pine::ValueType::kVoid;  // of an array or a matrix; of a map's values
  pine::ValueType key = pine::ValueType::kVoid;      // of a map
  bool marked = false;                               // only while the heap collects
  bool deleted = false;                              // record of a drawing: the script has removed it
  std::uint32_t layout = 0;                          // record: pine::Layout, a user type's from kUser on
  std::uint32_t rows = 0, columns = 0;               // matrix: rows * columns elements, row after row
  std::uint32_t first = 0, length = 0;               // slice: elements [first, first+length) of `parent`
  double parent = 0;                                 // slice: the handle of an array, or of a matrix (a row of it)
  ElementList elements{};                            // array, matrix; fields of a record
  OrderedMap pairs{};                                // map
  std::uint64_t charged = 0;                         // bytes the heap has counted for this object

  std::uint64_t bytes() const { return sizeof(Object) + elements.bytes() + pairs.bytes(); }
};

/// The arrays, matrices, maps and records of a run. A script holds them by handles, numbers that no price, time or
/// string can be: 2^60 + 256 id, exact as doubles and far apart, so that handles compare as other values do.
///
/// Memory is bounded. What no root reaches is freed by collect(), and only then; a handle is given again only after
/// that, when nothing holds it. Copying a heap copies every object under the same handles.
class Heap {
 public:
  explicit Heap(const pine::Limits& limits);

  /// Each gives the handle of a new object, or na and a fault when a bound is passed. References to objects are
  /// invalid afterwards.
  double make_array(pine::ValueType element, std::size_t size, double value, RunFault& fault);
  double make_array(pine::ValueType element, std::span<const double> values, RunFault& fault);
  double make_slice(double array, std::size_t first, std::size_t length, RunFault& fault);
  /// A slice of a matrix: one of its rows, which exists.
  double make_row(double matrix, double row, RunFault& fault);
  double make_matrix(pine::ValueType element, std::size_t rows, std::size_t columns, double value, RunFault& fault);
  double make_matrix(pine::ValueType element, std::size_t rows, std::size_t columns, std::span<const double> values,
                     RunFault& fault);
  double make_map(pine::ValueType key, pine::ValueType element, RunFault& fault);
  double make_record(std::uint32_t layout, std::span<const double> fields, RunFault& fault);
  /// An object of its own with the same content; na of na. The copy of a slice is an array.
  double copy(double handle, RunFault& fault);
  /// A copy of an object of another heap; not of a slice, whose array is there.
  double take(const Object& object, RunFault& fault);

  /// The object of a handle; nullptr for na and for numbers that are no handle.
  Object* find(double handle);
  const Object* find(double handle) const;

  /// Elements of an array, a slice or a matrix and fields of a record. A fault when a slice's array has become too
  /// short for it.
  std::span<double> elements(Object& object, RunFault& fault);

  /// False, with a fault, when the object may not grow to `elements` elements, or to `bytes` bytes. To be asked before.
  bool may_grow(const Object& object, std::uint64_t elements, std::uint64_t bytes, RunFault& fault) const;
  /// The same for a collection that is still to be made.
  bool may_make(std::uint64_t elements, RunFault& fault) const {
    return fits(elements, sizeof(Object) + std::min(elements, elements_max_) * sizeof(double), fault);
  }
  /// Counts the bytes of an object that has changed its size.
  void resized(Object& object);

  /// Every number that the objects hold: elements, fields, keys and values.
  template <class Visit>
  void for_each_value(Visit visit) const {
    for (const Object& object : objects_) {
      for (const double value : object.elements.values()) visit(value);
      object.pairs.for_each_pair([&](double key, double value) {
        visit(key);
        visit(value);
      });
    }
  }

  std::uint64_t bytes() const { return bytes_; }
  std::size_t size() const { return objects_.size() - free_.size(); }

  /// So much was allocated since the last collection that another is worth its time.
  bool wants_collection() const { return bytes_ >= collect_at_; }
  /// So much was that copying the heap costs more than collecting it first.
  bool wants_collection_before_copy() const { return bytes_ > 2 * live_bytes_ + kGarbageCopied; }
  /// Frees every object that no number among the roots leads to. Any number that is the handle of an object counts as
  /// one: an object may live too long by chance, never too short.
  void collect(std::span<const std::span<const double>> roots);

  /// Takes back what has changed since `before` was copied, all but the objects that numbers among `kept` lead to. None
  /// of those that `before` holds may have been collected since.
  void roll_back(const Heap& before, std::span<const double> kept);

 private:
  double add(Object object, std::uint64_t elements, std::uint64_t bytes, RunFault& fault);
  bool fits(std::uint64_t elements, std::uint64_t more_bytes, RunFault& fault) const;
  void mark(double value, std::vector<std::uint32_t>& pending);
  void mark_all(std::span<const std::span<const double>> roots);

  static constexpr std::uint64_t kGarbageCopied = 32 << 10;

  std::uint64_t bytes_max_, elements_max_, map_pairs_max_;
  std::uint64_t bytes_ = 0, live_bytes_ = 0, collect_at_;  // live: after the last collection
  std::vector<Object> objects_;                            // by id
  std::vector<std::uint32_t> free_;                        // ids of the objects that are kFree
};

}  // namespace tradeassist::backtest
