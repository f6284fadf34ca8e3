#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "pine/compile.hpp"

namespace tradeassist::report {

/// What the compiler found, in source order: file, line, column, severity (error or warning), message, hint.
boost::json::array findings_json(const pine::Compilation& compilation);

/// What a script says of an input: name, title, kind, default, minimum, maximum, step, options, group, tooltip.
boost::json::object input_json(const pine::Input& input, const boost::json::value& default_value);

/// The same of all, with their defaults. kInvalidArgument where a default does not fit its own input.
base::Result<boost::json::array> declared_inputs_json(const pine::Program& program);

}  // namespace tradeassist::report
