// The jobs behind POST /api/v1/research/….
#include "research/routes/research_handlers.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "report/export/result_fields.hpp"
#include "research/draft.hpp"
#include "research/explain.hpp"
#include "research/ranges.hpp"
#include "server/script_request.hpp"

namespace tradeassist::research {
namespace {

namespace json = boost::json;

using base::ErrorCode;
using base::failure;

template <class Body>
base::Result<Body> read_request(jobs::JobContext& context) {
  TRY_ASSIGN(const json::value value, base::parse_json(context.request(), context.request().size()));
  return base::from_json<Body>(value);
}

/// Tells of each round as it ends.
OnRound tell_rounds(jobs::JobContext& context, int rounds) {
  return [&context, rounds](int round, std::string_view wrong) {
    const json::object detail{{"round", round}, {"wrong", wrong.empty() ? json::value(nullptr) : json::value(wrong)}};
    context.report(static_cast<double>(round) / rounds * 0.99, "asking", base::json_text(detail));
  };
}

/// A bound of tokens is not passed by trying again soon.
base::Error for_good(base::Error error) {
  if (error.code == ErrorCode::kResourceExhausted) error.code = ErrorCode::kFailedPrecondition;
  return error;
}

template <class T>
base::Result<std::string> ended(const base::Result<T>& made, json::object (*to_json)(const T&)) {
  if (!made) return std::unexpected(for_good(made.error()));
  return base::json_text(to_json(*made));
}

base::Result<std::string> explain_result(jobs::JobContext& context, const Chat& chat, jobs::JobQueue& queue) {
  TRY_ASSIGN(const ExplainBody body, read_request<ExplainBody>(context));
  TRY_ASSIGN(const json::object result, result_to_explain(body, queue, context.taken().owner));
  context.report(0, "asking", "");
  return ended(explain(result, chat, {}, context.stop()), explanation_json);
}

base::Result<std::string> find_ranges(jobs::JobContext& context, const Chat& chat, const pine::Catalogue& catalogue) {
  TRY_ASSIGN(const RangesBody body, read_request<RangesBody>(context));
  TRY_ASSIGN(const pine::Compilation script, script_to_vary(body, catalogue));
  const int rounds = static_cast<int>(body.rounds.value_or(kRangesRounds));
  context.report(0, "asking", "");
  return ended(propose_ranges(*script.program, chat, rounds, tell_rounds(context, rounds), context.stop()),
               ranges_json);
}

base::Result<std::string> make_draft(jobs::JobContext& context, const Chat& chat, store::SeriesCache& cache) {
  TRY_ASSIGN(const DraftBody body, read_request<DraftBody>(context));
  auto read = read_draft_bars(body, cache);
  if (const auto* problem = std::get_if<server::Problem>(&read))
    return failure(ErrorCode::kInvalidArgument, problem->detail);
  const auto& bars = std::get<server::PreparedScript>(read);
  const int rounds = static_cast<int>(body.rounds.value_or(kDraftRounds));
  context.report(0, "asking", "");
  return ended(draft_strategy(body.description, {bars.series, bars.instrument, bars.timeframe, bars.source}, chat,
                              rounds, tell_rounds(context, rounds), context.stop()),
               draft_json);
}

}  // namespace

std::variant<server::PreparedScript, server::Problem> read_draft_bars(const DraftBody& body,
                                                                      store::SeriesCache& cache) {
  return server::bars_of({.symbol = body.symbol,
                          .timeframe = body.timeframe,
                          .from = body.from,
                          .to = body.to,
                          .price_adjustment = body.price_adjustment},
                         cache);
}

base::Result<json::object> result_to_explain(const ExplainBody& body, jobs::JobQueue& queue, std::string_view owner) {
  if (body.job_id.has_value() == body.result.has_value())
    return failure(ErrorCode::kInvalidArgument, "give either job_id, of a completed search, or result");
  if (body.result) {
    if (!body.result->is_object()) return failure(ErrorCode::kInvalidArgument, "result must be an object");
    if (const auto kind = report::result_kind(body.result->get_object()); !kind)
      return base::in_context("result", kind.error());
    return body.result->get_object();
  }
  TRY_ASSIGN(const jobs::Job job, queue.get(*body.job_id, owner));
  if (job.state != jobs::JobState::kCompleted) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("the job is {}; only a result can be explained", jobs::to_string(job.state)));
  }
  auto result = report::parse_result(job.result);
  if (!result) return base::in_context("the job's result", result.error());
  return result;
}

base::Result<pine::Compilation> script_to_vary(const RangesBody& body, const pine::Catalogue& catalogue) {
  if (body.strategy.has_value() == body.pine.has_value()) {
    return failure(ErrorCode::kInvalidArgument,
                   "give either strategy, a name of the catalogue, or pine, a script's text");
  }
  if (body.pine) {
    pine::Compilation made = pine::compile("script.pine", *body.pine, catalogue.libraries());
    if (made.program) return made;
    return failure(ErrorCode::kInvalidArgument, "the script does not compile\n" + pine::render(made));
  }
  const pine::CatalogueEntry* entry = catalogue.find(*body.strategy);
  if (entry == nullptr) {
    return failure(ErrorCode::kNotFound, "there is no strategy " + body.strategy->substr(0, 64) + " in the catalogue");
  }
  return pine::Compilation{entry->source, {}, entry->program};
}

std::map<std::string, jobs::JobHandler> research_handlers(Chat chat, jobs::JobQueue& queue, store::SeriesCache& cache,
                                                          const pine::Catalogue& catalogue) {
  return {{kExplainJob, [chat, &queue](jobs::JobContext& context) { return explain_result(context, chat, queue); }},
          {kRangesJob, [chat, &catalogue](jobs::JobContext& context) { return find_ranges(context, chat, catalogue); }},
          {kDraftJob, [chat, &cache](jobs::JobContext& context) { return make_draft(context, chat, cache); }}};
}

}  // namespace tradeassist::research
