#pragma once

#include "backtest/evaluator/heap/collection_call.hpp"

namespace tradeassist::backtest {

/// One call of an array, map or matrix function.
void call_collection(const CollectionCall& call, CollectionContext& context);

/// Elements: making arrays, reading and changing them, finding in them.
void array_access(const CollectionCall& call, CollectionContext& context);

/// map.*
void map_function(const CollectionCall& call, CollectionContext& context);

}  // namespace tradeassist::backtest
