#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

namespace tradeassist::server::openapi {

/// What is said of a field or a parameter of that name beside its type.
struct FieldFacts {
  /// "symbol": of every field of this name that has no facts of its own; "Job.state" of that of one schema,
  /// "list_jobs.state" of the parameter of one operation; "symbols[]" of the elements; "Job" of a schema.
  std::string_view place;
  std::string_view description;
  /// Further keywords of its schema, without the braces: `"minimum": 1, "examples": [5]`.
  std::string_view more = "";
};

/// The table.
std::span<const FieldFacts> field_facts();

/// Those of "Job.state", or else of "state"; null where there are none.
const FieldFacts* find_facts(std::string_view place);

/// `more` as an object.
boost::json::object more_of(const FieldFacts& facts);

}  // namespace tradeassist::server::openapi
