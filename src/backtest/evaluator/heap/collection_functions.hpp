#pragma once

#include <string>

#include "backtest/evaluator/heap/collection_call.hpp"

namespace tradeassist::backtest {

/// One call of an array, map or matrix function.
void call_collection(const CollectionCall& call, CollectionContext& context);

/// Elements: making arrays, reading and changing them, finding in them.
void array_access(const CollectionCall& call, CollectionContext& context);

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
