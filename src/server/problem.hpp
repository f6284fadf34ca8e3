#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

/// One entry of a problem's `errors`: where in the request (JSON pointer or parameter name) and what is wrong.
/// Line and column are set for Pine source, 0 otherwise.
struct ProblemField {
  std::string pointer, message, hint;
  unsigned line = 0, column = 0;
};

/// RFC 9457 problem details. `code` is stable, upper snake; the title is fixed per status; `detail` is for people.
struct Problem {
  unsigned status = 500;
  std::string code, detail;
  std::vector<ProblemField> errors;
};

/// The answer for a failure of the program below: status by its code, its message as detail. Internal failures get a
/// fixed sentence: what went wrong inside is for the log.
Problem problem_from(const base::Error& error);

/// A request whose fields do not fit: 422 with the list.
Problem invalid_request(std::vector<ProblemField> errors);

Response to_response(const Problem& problem, std::string_view instance);

}  // namespace tradeassist::server
