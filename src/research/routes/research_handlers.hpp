#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "base/json.hpp"
#include "jobs/job_runner.hpp"
#include "research/chat.hpp"
#include "server/routes/services.hpp"
#include "server/script_request.hpp"

namespace tradeassist::research {

// The bodies of POST /api/v1/research/…, and the kinds of the jobs that they start.
constexpr const char* kExplainJob = "research_explain";
constexpr const char* kRangesJob = "research_ranges";
constexpr const char* kDraftJob = "research_draft";

/// One of the two: a completed search, or a result itself.
struct ExplainBody {
  std::optional<std::string> job_id;
  std::optional<boost::json::value> result;
};
BOOST_DESCRIBE_STRUCT(ExplainBody, (), (job_id, result))

struct RangesBody {
  std::optional<std::string> strategy, pine;  // one of the two
  std::optional<std::int64_t> rounds;
};
BOOST_DESCRIBE_STRUCT(RangesBody, (), (strategy, pine, rounds))

struct DraftBody {
  std::string description, symbol, timeframe;
  std::optional<base::Time> from, to;
  std::optional<std::string> price_adjustment;  // as of a backtest
  std::optional<std::int64_t> rounds;
};
BOOST_DESCRIBE_STRUCT(DraftBody, (), (description, symbol, timeframe, from, to, price_adjustment, rounds))

constexpr std::int64_t kRangesRounds = 3, kDraftRounds = 5;  // unless said otherwise

/// The result that a body names: kNotFound, kFailedPrecondition, kInvalidArgument.
base::Result<boost::json::object> result_to_explain(const ExplainBody& body, jobs::JobQueue& queue,
                                                    std::string_view owner);
/// The bars that a draft is tried on; of the script's fields only those of bars are set.
std::variant<server::PreparedScript, server::Problem> read_draft_bars(const DraftBody& body, store::SeriesCache& cache);
/// The script that a body names.
base::Result<pine::Compilation> script_to_vary(const RangesBody& body, const pine::Catalogue& catalogue);

/// Do the jobs of these kinds. What they are given outlives them.
std::map<std::string, jobs::JobHandler> research_handlers(Chat chat, jobs::JobQueue& queue, store::SeriesCache& cache,
                                                          const pine::Catalogue& catalogue);

}  // namespace tradeassist::research
