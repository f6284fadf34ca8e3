#include <limits>

#include "server/historical/aggregate_request.hpp"
#include "server/historical/compare_request.hpp"
#include "server/historical/saved_query.hpp"
#include "server/openapi/answers/historical_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/answer_format.hpp"

namespace tradeassist::server {
namespace {

constexpr const char* kTag = "Historical data";
constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
constexpr const char* kQuery = R"({"name": "Closes of the year", "favourite": true, "tags": ["daily"],
    "request": {"symbols": ["SP500"], "frequency": "1d", "preset": "1y"}})";

RouteDescription range_of_one(RouteDescription description) {
  return std::move(description)
      .required("symbol")
      .required("timeframe")
      .time("from")
      .time("to")
      .text("source")
      .codes({"INSTRUMENT_NOT_FOUND", "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED", "UNSUPPORTED", "FAILED_PRECONDITION"});
}

void describe_saved_queries(Descriptions& all) {
  const std::string list = "/api/v1/historical-data/queries", one = list + "/{id}";
  all.add(Method::kGet, list,
          describe("list_saved_queries", "Saved queries")
              .flag("favourite")
              .text("tag")
              .text("search")
              .flag("deleted", false)
              .integer("limit", 1, 1'000, 100)
              .integer("cursor", 1, kAny)
              .answers<openapi::SavedQueryPage>());
  all.add(Method::kPost, list,
          describe("create_saved_query", "Saved queries")
              .takes<SavedQueryBody>(kQuery)
              .answers<openapi::SavedQuery>(201, {"Location"})
              .codes({"SAVED_QUERY_NAME_TAKEN", "PROVIDER_NOT_CONFIGURED", "RESOURCE_EXHAUSTED"}));
  all.add(Method::kGet, one,
          describe("get_saved_query", "Saved queries").answers<openapi::SavedQuery>().codes({"SAVED_QUERY_NOT_FOUND"}));
  all.add(Method::kPut, one,
          describe("replace_saved_query", "Saved queries")
              .takes<SavedQueryBody>(kQuery)
              .answers<openapi::SavedQuery>()
              .codes({"SAVED_QUERY_NOT_FOUND", "SAVED_QUERY_NAME_TAKEN", "SAVED_QUERY_CHANGED",
                      "PROVIDER_NOT_CONFIGURED"}));
  all.add(Method::kPatch, one,
          describe("change_saved_query", "Saved queries")
              .say("The body is a merge patch (RFC 7396) of what PUT takes: null removes.")
              .takes(
                  "application/json", [](openapi::Schemas&) { return boost::json::object{{"type", "object"}}; },
                  R"({"favourite": false, "tags": ["weekly"]})")
              .answers<openapi::SavedQuery>()
              .codes({"SAVED_QUERY_NOT_FOUND", "SAVED_QUERY_NAME_TAKEN", "SAVED_QUERY_CHANGED",
                      "PROVIDER_NOT_CONFIGURED"}));
  all.add(
      Method::kDelete, one,
      describe("delete_saved_query", "Saved queries").answers<openapi::SavedQuery>().codes({"SAVED_QUERY_NOT_FOUND"}));
  all.add(Method::kPost, one + "/restore",
          describe("restore_saved_query", "Saved queries")
              .answers<openapi::SavedQuery>()
              .codes({"SAVED_QUERY_NOT_FOUND", "SAVED_QUERY_NAME_TAKEN"}));
  all.add(Method::kPost, one + "/execute",
          describe("execute_saved_query", "Saved queries")
              .say("202 where its request says `background` or `provider`.")
              .is_idempotent()
              .answers<openapi::FetchAnswer>()
              .answers<openapi::FetchAccepted>(202, {"Location"})
              .codes({"SAVED_QUERY_NOT_FOUND", "INVALID_REQUEST", "INVALID_ARGUMENT", "PROVIDER_NOT_CONFIGURED",
                      "RESOURCE_EXHAUSTED", "CANCELLED"}));
}

}  // namespace

void describe_historical_routes(Descriptions& all) {
  const std::string fetch = "/api/v1/historical-data/fetch";
  all.add(Method::kPost, fetch,
          describe("fetch_historical_data", kTag)
              .say("With `background` or `provider` it is a job: 202. A fetch from a provider needs the scope `write`.")
              .is_idempotent()
              .takes<HistoricalFetchBody>(
                  R"({"symbols": ["SP500"], "frequency": "1w", "start": "2009-01-01", "end": "2010-01-01"})")
              .answers<openapi::FetchAnswer>()
              .answers<openapi::FetchAccepted>(202, {"Location"})
              .codes({"PROVIDER_NOT_CONFIGURED", "RESOURCE_EXHAUSTED", "CANCELLED"}));
  all.add(Method::kGet, fetch + "/{query_id}",
          describe("get_fetch", kTag).answers<openapi::FetchStatus>().codes({"JOB_NOT_FOUND"}));
  all.add(Method::kDelete, fetch + "/{query_id}",
          describe("cancel_fetch", kTag)
              .answers<openapi::FetchStatus>()
              .codes({"JOB_NOT_FOUND", "CANCELLATION_NOT_ALLOWED"}));
  all.add(Method::kPost, "/api/v1/historical-data/aggregate",
          describe("aggregate_historical_data", kTag)
              .takes<AggregateBody>(R"({"symbol": "SP500", "frequencies": ["1d", "1w"], "start": "2009-01-01",
                                        "end": "2009-03-01"})")
              .answers<openapi::AggregateAnswer>()
              .codes({"CANCELLED", "RESOURCE_EXHAUSTED"}));
  all.add(Method::kPost, "/api/v1/historical-data/compare",
          describe("compare_historical_data", kTag)
              .takes<CompareBody>(R"({"symbol": "SP500", "frequency": "1d",
                  "periods": [{"start": "2008-01-01T00:00:00Z", "end": "2008-02-01T00:00:00Z"},
                              {"start": "2009-01-01T00:00:00Z", "end": "2009-02-01T00:00:00Z"}]})")
              .answers<openapi::ComparisonAnswer>()
              .codes({"COMPARISON_NOT_POSSIBLE", "CANCELLED", "INVALID_ARGUMENT"}));
  all.add(Method::kGet, "/api/v1/historical-data/frequencies",
          describe("list_frequencies", kTag)
              .text("symbol")
              .answers<openapi::Frequencies>()
              .codes({"INSTRUMENT_NOT_FOUND", "INVALID_ARGUMENT"}));
  all.add(Method::kGet, "/api/v1/historical-data/sources", describe("list_sources", kTag).answers<openapi::Sources>());
  all.add(Method::kGet, "/api/v1/historical-data/health",
          describe("list_series_health", kTag)
              .text("symbol")
              .integer("limit", 1, 200, 100)
              .integer("cursor", 0, kAny)
              .answers<openapi::SeriesHealthPage>()
              .codes({"INSTRUMENT_NOT_FOUND"}));
  all.add(Method::kGet, "/api/v1/historical-data/stats",
          range_of_one(describe("get_bar_statistics", kTag)).answers<openapi::BarStatistics>());
  all.add(Method::kGet, "/api/v1/historical-data/gaps",
          range_of_one(describe("find_gaps", kTag))
              .choice("kind", {"closed", "no_trade", "missing", "unknown"})
              .text("calendar")
              .integer("limit", 1, 1'000, 100)
              .time("cursor")
              .answers<openapi::GapPage>());
  describe_saved_queries(all);
}

}  // namespace tradeassist::server
