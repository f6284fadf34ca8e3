#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "diagnostics/error_store.hpp"

namespace tradeassist::server {

/// A group of errors as it is answered.
struct ErrorGroupAnswer {
  std::string id;
  std::string message;
  std::optional<std::string> where;  // the route, or the kind of job
  std::string state;                 // open, resolved, ignored
  std::int64_t count = 0;
  base::Time first_seen, last_seen;
  std::string version;        // of the program that had the last one
  boost::json::value sample;  // the fields of the last one
};
BOOST_DESCRIBE_STRUCT(ErrorGroupAnswer, (), (id, message, where, state, count, first_seen, last_seen, version, sample))

struct ErrorGroupsAnswer {
  std::vector<ErrorGroupAnswer> errors;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ErrorGroupsAnswer, (), (errors, next_cursor))

ErrorGroupAnswer error_group_answer(const diagnostics::ErrorGroup& group);
ErrorGroupsAnswer error_groups_answer(const diagnostics::ErrorPage& page);

}  // namespace tradeassist::server
