#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pine/program/program.hpp"
#include "research/chat.hpp"

namespace tradeassist::research {

/// A search space that a model proposed and that the script takes.
struct ProposedRanges {
  std::vector<std::string> parameters;   // as `optimize --param` has them: fast=5:50:5
  std::vector<std::string> constraints;  // as --constraint: fast < slow
  boost::json::object request;           // the same as POST /api/v1/optimize/single has it: parameters, constraints
  std::string reason;                    // the model's own words
  int rounds = 0;                        // answers it took
  ChatUsage usage;
};

/// What is told of a round: its number from 1, and what was wrong with its answer, empty where nothing was.
using OnRound = std::function<void(int round, std::string_view wrong)>;

constexpr int kRoundsMax = 10;

/// Has a model propose what to vary. Its answer must be JSON and nothing else, and fit the script's inputs (minval,
/// maxval, options, kinds); what does not is told back to it, in at most `rounds_max` rounds. kFailedPrecondition with
/// the last complaint when none fits.
base::Result<ProposedRanges> propose_ranges(const pine::Program& program, const Chat& chat, int rounds_max,
                                            const OnRound& on_round, const std::stop_token& stop);

/// parameters, constraints, options, reason, rounds, usage.
boost::json::object ranges_json(const ProposedRanges& ranges);

}  // namespace tradeassist::research
