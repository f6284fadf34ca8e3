#pragma once

#include <boost/json/value.hpp>

namespace tradeassist::base {

/// Changes `target` as `patch` says (RFC 7396): members of an object replace those of the same name, objects within
/// them go on in the same way, and null removes.
void merge_patch(boost::json::value& target, const boost::json::value& patch);

}  // namespace tradeassist::base
