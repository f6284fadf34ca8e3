#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Reading results that may come from a file of an older or newer version: what is absent, null or of another kind is
/// simply not there.
namespace tradeassist::report {

using Path = std::initializer_list<std::string_view>;

/// The value at the end of a path of member names; null where there is none. It lives as long as `object`.
const boost::json::value* find_field(const boost::json::object& object, Path path);

std::optional<double> number_at(const boost::json::object& object, Path path);
std::string text_at(const boost::json::object& object, Path path);  // empty where there is none
const boost::json::object* object_at(const boost::json::object& object, Path path);
const boost::json::array* array_at(const boost::json::object& object, Path path);

/// Which of the two results a document is. kInvalidArgument says what it should have been.
enum class ResultKind { kSearch, kBacktest };
base::Result<ResultKind> result_kind(const boost::json::object& result);

/// A file's text as a result: at most kResultBytesMax. kInvalidArgument when it is no JSON object or no result.
constexpr std::size_t kResultBytesMax = 256u << 20;
base::Result<boost::json::object> parse_result(std::string_view text);

}  // namespace tradeassist::report
