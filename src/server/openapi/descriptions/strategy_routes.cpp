#include "server/batch_request.hpp"
#include "server/openapi/answers/strategy_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/check_request.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {
namespace {

constexpr const char* kSearch = R"({"strategy": "MovingAverageCrossover", "symbol": "SP500", "timeframe": "1d",
    "parameters": [{"name": "fast_length", "from": 5, "to": 20, "step": 5}], "sampler": "grid", "trials": 4,
    "objective": "net_profit", "validate": false})";

constexpr const char* kCheck = R"json({"pine": "//@version=6\nindicator(\"Closes\")\nplot(close)"})json";

RouteDescription of_search(RouteDescription description) {
  return std::move(description)
      .codes({"INSTRUMENT_NOT_FOUND", "NOT_FOUND", "STRATEGY_NOT_FOUND", "INVALID_ARGUMENT", "PINE_COMPILE_ERROR",
              "UNSUPPORTED", "RESOURCE_EXHAUSTED"});
}

void describe_searches(Descriptions& all) {
  const std::string base = "/api/v1/optimize/";
  all.add(Method::kPost, base + "single",
          of_search(describe("start_search", "Searches")
                        .is_idempotent()
                        .takes<OptimizeBody>(kSearch)
                        .answers<openapi::SearchAccepted>(202, {"Location"})));
  all.add(Method::kPost, base + "batch",
          of_search(describe("start_tournament", "Searches")
                        .say("At most 1,000 combinations of strategy, symbol and timeframe.")
                        .is_idempotent()
                        .takes<BatchBody>(R"({"strategies": ["RSIStrategy", "MovingAverageCrossover"],
                            "symbols": ["SP500"], "timeframes": ["1d"], "stages": [{"trials": 3}]})")
                        .answers<openapi::SearchAccepted>(202, {"Location"})));
  all.add(
      Method::kPost, base + "validate",
      of_search(describe("validate_search", "Searches").takes<OptimizeBody>(kSearch).answers<openapi::SearchCheck>()));
  all.add(Method::kGet, base + "status/{id}",
          describe("get_search", "Searches").answers<openapi::SearchStatus>().codes({"JOB_NOT_FOUND"}));
  all.add(Method::kGet, base + "results/{id}",
          describe("get_search_results", "Searches")
              .say("Of a tournament the leaderboard.")
              .integer("trials", 0, 1'000'000)
              .answers<openapi::ResultAnswer>()
              .codes({"JOB_NOT_FOUND", "OPTIMIZATION_NOT_COMPLETED"}));
  all.add(Method::kPost, base + "cancel/{id}",
          describe("cancel_search", "Searches")
              .answers<openapi::JobEnding>()
              .codes({"JOB_NOT_FOUND", "CANCELLATION_NOT_ALLOWED"}));
  all.add(Method::kGet, base + "jobs",
          describe("list_searches", "Searches")
              .choice("state", {"queued", "running", "paused", "completed", "failed", "cancelled"})
              .pages()
              .answers<openapi::SearchPage>()
              .codes({"INVALID_ARGUMENT"}));
  all.add(Method::kGet, base + "objectives", describe("list_objectives", "Searches").answers<openapi::Objectives>());
  all.add(Method::kGet, base + "samplers", describe("list_samplers", "Searches").answers<openapi::Samplers>());
}

}  // namespace

void describe_strategy_routes(Descriptions& all) {
  all.add(Method::kPost, "/api/v1/pine/check",
          describe("check_script", "Strategies")
              .say("A script that does not compile is an answer: `valid` is false, `findings` say why.")
              .takes<CheckBody>(kCheck)
              .answers<openapi::PineCheck>()
              .codes({"INVALID_ARGUMENT", "UNSUPPORTED"}));
  const std::string list = "/api/v1/strategies";
  all.add(Method::kGet, list,
          describe("list_strategies", "Strategies")
              .text("category")
              .choice("risk_level", {"low", "medium", "high"})
              .choice("complexity", {"simple", "moderate", "advanced"})
              .text("search")
              .integer("limit", 1, 100, 100)
              .integer("offset", 0, 1'000'000, 0)
              .answers<openapi::StrategyPage>());
  all.add(Method::kGet, list + "/categories/summary",
          describe("summarize_strategies", "Strategies").answers<openapi::CatalogueSummary>());
  all.add(Method::kGet, list + "/{name}",
          describe("get_strategy", "Strategies").answers<openapi::Strategy>().codes({"STRATEGY_NOT_FOUND"}));
  all.add(Method::kPost, list + "/{name}/validate",
          describe("validate_strategy", "Strategies")
              .takes<ValuesBody>(R"({"inputs": {"rsi_length": 5}, "properties": {"initial_capital": 50000}})")
              .answers<openapi::ValidatedStrategy>()
              .codes({"STRATEGY_NOT_FOUND", "NOT_FOUND"}));
  all.add(Method::kPost, "/api/v1/backtests",
          of_search(describe("run_backtest", "Strategies")
                        .takes<BacktestBody>(R"({"strategy": "RSIStrategy", "symbol": "SP500", "timeframe": "1d",
                                                 "inputs": {"rsi_length": 5}})")
                        .answers<openapi::BacktestAnswer>()
                        .codes({"PINE_RUNTIME_ERROR", "CANCELLED"})));
  describe_searches(all);
}

}  // namespace tradeassist::server
