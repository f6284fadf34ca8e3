#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {

void call_collection(const CollectionCall& call, CollectionContext& context) {
  if (pine::is_map_function(call.function)) return map_function(call, context);
  if (pine::is_array_function(call.function)) return array_access(call, context);
}

}  // namespace tradeassist::backtest
