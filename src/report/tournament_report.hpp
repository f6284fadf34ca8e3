#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "optimize/tournament.hpp"

namespace tradeassist::report {

/// The leaderboard of a tournament: `places`, the best first, those of the last stage with their `result` as
/// search_json() makes it.
boost::json::object tournament_json(const optimize::TournamentRequest& request,
                                    const optimize::TournamentResult& result);

/// For a terminal: a line a place, the verdict on the first, and why some could not be searched.
std::string tournament_table(const optimize::TournamentRequest& request, const optimize::TournamentResult& result);

}  // namespace tradeassist::report
