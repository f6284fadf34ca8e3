#include <limits>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

/// The map that an argument names; nullptr and a fault when it is na.
Object* map_argument(const CollectionCall& call, std::uint32_t i, CollectionContext& context) {
  Object* map = context.heap.find(call.argument(i));
  if (map != nullptr) return map;
  context.fault.message = "the map is na; make one with map.new before using it";
  return nullptr;
}

double put(Object& map, double key, double value, CollectionContext& context) {
  const bool adds = !map.pairs.get(key);
  if (adds &&
      !context.heap.may_grow(map, map.pairs.size() + 1, sizeof(Object) + map.pairs.bytes_after_put(), context.fault)) {
    return kNa;
  }
  const double before = map.pairs.put(key, value).value_or(kNa);
  if (adds) context.heap.resized(map);
  return before;
}

/// The pairs of `from` are copied first: both may be the same map.
void put_all(Object& map, const Object& from, CollectionContext& context) {
  const std::vector<double> keys = from.pairs.keys(), values = from.pairs.values();
  for (std::size_t i = 0; i < keys.size() && context.fault.message.empty(); ++i) put(map, keys[i], values[i], context);
}

double apply(const CollectionCall& call, Object& map, CollectionContext& context) {
  const double key = call.argument(1);
  switch (call.function) {
    case Function::kMapClear:
      map.pairs = OrderedMap{};
      context.heap.resized(map);
      return kNa;
    case Function::kMapContains: return map.pairs.get(key) ? 1 : 0;
    case Function::kMapCopy: return context.heap.copy(call.argument(0), context.fault);
    case Function::kMapGet: return map.pairs.get(key).value_or(kNa);
    case Function::kMapKeys: return context.heap.make_array(map.key, map.pairs.keys(), context.fault);
    case Function::kMapPut: return put(map, key, call.argument(2), context);
    case Function::kMapPutAll:
      if (const Object* from = map_argument(call, 1, context)) put_all(map, *from, context);
      return kNa;
    case Function::kMapRemove: {
      const double removed = map.pairs.remove(key).value_or(kNa);
      context.heap.resized(map);
      return removed;
    }
    case Function::kMapSize: return static_cast<double>(map.pairs.size());
    case Function::kMapValues: return context.heap.make_array(map.element, map.pairs.values(), context.fault);
    default: return kNa;
  }
}

}  // namespace

void map_function(const CollectionCall& call, CollectionContext& context) {
  double result = kNa;
  if (call.function == Function::kMapNew) {
    result =
        context.heap.make_map(pine::collection_key(call.index), pine::collection_element(call.index), context.fault);
  } else if (Object* map = map_argument(call, 0, context)) {
    result = apply(call, *map, context);
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
