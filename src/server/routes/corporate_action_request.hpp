#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tradeassist::server {

struct ActionBody {
  std::string ex_date;  // 2020-08-31
  std::string kind;     // split, dividend
  double value = 0;
};
BOOST_DESCRIBE_STRUCT(ActionBody, (), (ex_date, kind, value))

/// The body of POST /api/v1/instruments/{symbol}/corporate-actions.
struct ActionsBody {
  std::vector<ActionBody> actions;    // 1 to 1,000
  std::optional<std::string> source;  // where the values are from; "api" where it is left out
};
BOOST_DESCRIBE_STRUCT(ActionsBody, (), (actions, source))

}  // namespace tradeassist::server
