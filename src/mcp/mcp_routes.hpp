#pragma once

#include <string>
#include <vector>

#include "server/router.hpp"

namespace tradeassist::mcp {

/// The routes of the API, and POST and DELETE /mcp beside them: the streamable HTTP transport of the Model Context
/// Protocol, whose tools call these routes. Answers are JSON, and there is no stream of the server's own: GET is 405.
/// `version` is the program's; `admit` is asked for each call of a route, of which the caller is known.
std::vector<server::Route> with_mcp(std::vector<server::Route> api, std::string version, server::Admit admit,
                                    server::Audit audit);

}  // namespace tradeassist::mcp
