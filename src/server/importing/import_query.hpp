#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "feed/understand.hpp"
#include "server/http_message.hpp"
#include "server/problem.hpp"

namespace tradeassist::server {

/// What the query of an import says: the options of `tradeassist import`, without their dashes.
struct ImportQuery {
  feed::ImportRequest request;  // without its paths
  std::string file_name;        // what the file is called in answers, errors and records
};
std::variant<ImportQuery, Problem> read_import_query(const Request& request);

/// The message of an import with the parameters of the query in the place of the command's options: "--time-format" is
/// "time_format".
std::string with_parameters(std::string_view message);

}  // namespace tradeassist::server
