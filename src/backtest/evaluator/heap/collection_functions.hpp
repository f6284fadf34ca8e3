#pragma once

#include <optional>
#include <string>

#include "backtest/evaluator/heap/collection_call.hpp"

namespace tradeassist::backtest {

/// One call of an array, map or matrix function.
void call_collection(const CollectionCall& call, CollectionContext& context);

/// Steps that a call takes, by the sizes of what it is called on.
std::uint64_t call_cost(const CollectionCall& call, const Heap& heap);

/// Elements: making arrays, reading and changing them, finding in them.
void array_access(const CollectionCall& call, CollectionContext& context);

/// array.new and array.from.
double make_array(const CollectionCall& call, CollectionContext& context);

/// What changes `array`, the call's first argument: its elements or its size.
double change_array(const CollectionCall& call, Object& array, CollectionContext& context);

/// An index as scripts give it, its whole part: since v6 a negative one counts from the end. Nothing, with a fault,
/// when there is no such element; `may_be_size`: the place after the last counts as one. na is for the caller.
std::optional<std::size_t> element_index(double index, std::size_t size, CollectionContext& context,
                                         bool may_be_size = false);

/// A bound of fill and slice, from 0 to size: absent or na means `otherwise`.
std::size_t element_bound(const CollectionCall& call, std::uint32_t i, std::size_t otherwise, std::size_t size,
                          CollectionContext& context);

/// The string's number; a fault when it is longer than is allowed.
double give_text(std::string text, CollectionContext& context);

/// Sums, means, extremes, percentiles.
void array_statistic(const CollectionCall& call, CollectionContext& context);

/// One of array.avg, min, max, median, mode over these values, na ones left out.
double figure_of(pine::Function function, std::span<const double> values);

/// sort, sort_indices, binary_search*.
void array_order(const CollectionCall& call, CollectionContext& context);

/// The array or slice that an argument names; nullptr and a fault when it is na.
Object* array_argument(const CollectionCall& call, std::uint32_t i, CollectionContext& context);

/// "index 5 is outside an array of 3 elements".
std::string index_fault(double index, std::size_t size);

/// matrix.*
void matrix_function(const CollectionCall& call, CollectionContext& context);

/// Products, inverses, decompositions and properties of `matrix`, the call's first argument.
double matrix_algebra(const CollectionCall& call, const Object& matrix, CollectionContext& context);

/// The matrix that an argument names; nullptr and a fault when it is na.
Object* matrix_argument(const CollectionCall& call, std::uint32_t i, CollectionContext& context);

/// map.*
void map_function(const CollectionCall& call, CollectionContext& context);

}  // namespace tradeassist::backtest
