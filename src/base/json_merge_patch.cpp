#include "base/json_merge_patch.hpp"

#include <boost/json/object.hpp>

namespace tradeassist::base {

void merge_patch(boost::json::value& target, const boost::json::value& patch) {
  const boost::json::object* changes = patch.if_object();
  if (changes == nullptr) {
    target = patch;
    return;
  }
  if (!target.is_object()) target.emplace_object();
  boost::json::object& object = target.get_object();
  for (const auto& change : *changes) {
    if (change.value().is_null()) {
      object.erase(change.key());
    } else {
      merge_patch(object[change.key()], change.value());
    }
  }
}

}  // namespace tradeassist::base
