#include "mcp/tools.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace tradeassist::mcp {

namespace json = boost::json;

namespace {

using server::Method;

void last_hundred_bars(json::object& arguments) {
  for (const char* name : {"last", "from", "to"}) {
    if (arguments.contains(name)) return;
  }
  arguments["last"] = 100;
}

void twenty_trials(json::object& arguments) {
  if (!arguments.contains("trials")) arguments["trials"] = 20;
}

void twenty_jobs(json::object& arguments) {
  if (!arguments.contains("limit")) arguments["limit"] = 20;
}

// What several tools take, as members of a JSON Schema's `properties`.
#define WHICH_BARS                                                                                                    \
  R"("symbol": {"type": "string", "description": "As list_instruments names it; also a continuous future: ES.c.0"},)" \
  R"("timeframe": {"type": "string", "description": "1m, 15m, 4h, 1d, 1w, 1M, any multiple; of ticks 500t, 1000v"},)" \
  R"("from": {"type": "string", "description": "First time, RFC 3339 or a date"},)"                                   \
  R"("to": {"type": "string", "description": "End, not included"},)"                                                  \
  R"("price_adjustment": {"type": "string", "enum": ["raw", "splits", "splits_and_dividends"]})"
#define WHICH_SCRIPT                                                                               \
  R"("strategy": {"type": "string", "description": "A strategy of the catalogue; or give pine"},)" \
  R"("pine": {"type": "string", "description": "A whole Pine Script v5 or v6 strategy instead"},)" \
  R"("inputs": {"type": "object", "description": "Values of inputs by name"},)"                    \
  R"("properties": {"type": "object", "description": "Of strategy(): initial_capital, commission_value, ..."})"
#define WHICH_JOB R"("job_id": {"type": "string", "description": "The job's id"})"
#define WHICH_PAGE                                                 \
  R"("limit": {"type": "integer", "minimum": 1, "maximum": 100},)" \
  R"("cursor": {"type": "string", "description": "next_cursor of the page before"})"

constexpr Tool kTools[] = {
    {"list_instruments", "Instruments", "What is stored: instruments with their series, first and last time.",
     "{" WHICH_PAGE "}", "", Method::kGet, "/api/v1/instruments"},
    {"get_bars", "Bars",
     "Stored bars in any timeframe, as columns; the newest 100 unless from, to or last says which. Has the gaps with "
     "it.",
     "{" WHICH_BARS R"(, "last": {"type": "integer", "minimum": 1, "description": "The newest so many"},
     "fill": {"type": "string", "enum": ["forward", "interpolate", "zero_volume"]},
     "gaps": {"type": "boolean", "description": "List what is missing; true unless said otherwise"}})",
     "symbol,timeframe", Method::kGet, "/api/v1/bars", ToolEffect::kReads, last_hundred_bars},
    {"get_quality", "Quality of bars", "How good stored bars are, from 0 to 100, with findings.",
     R"({"symbol": {"type": "string"}, "timeframe": {"type": "string"}, "from": {"type": "string"},
     "to": {"type": "string"}})",
     "symbol,timeframe", Method::kGet, "/api/v1/quality"},
    {"compute_indicators", "Indicators",
     "Indicators by name and Pine expressions over stored bars; the newest 100 unless from, to or last says which.",
     "{" WHICH_BARS R"(, "last": {"type": "integer", "minimum": 1},
     "indicators": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"},
       "parameters": {"type": "object"}, "as": {"type": "string"}}, "required": ["name"]},
       "description": "As list_indicators names them"},
     "expressions": {"type": "array", "items": {"type": "object", "properties": {"source": {"type": "string"},
       "as": {"type": "string"}}, "required": ["source"]}, "description": "Pine, as in ta.sma(close, 14) - open"}
})",
     "symbol,timeframe", Method::kPost, "/api/v1/indicators/compute", ToolEffect::kReads, last_hundred_bars},
    {"list_indicators", "Known indicators", "The indicators that compute_indicators knows, with their parameters.",
     "{" WHICH_PAGE "}", "", Method::kGet, "/api/v1/indicators"},
    {"list_strategies", "Strategies", "The catalogue of strategies.",
     R"({"category": {"type": "string"}, "risk_level": {"type": "string", "enum": ["low", "medium", "high"]},
     "complexity": {"type": "string", "enum": ["simple", "moderate", "advanced"]}, "search": {"type": "string"},
     "limit": {"type": "integer", "minimum": 1, "maximum": 100}, "offset": {"type": "integer", "minimum": 0}})",
     "", Method::kGet, "/api/v1/strategies"},
    {"get_strategy", "One strategy", "A strategy of the catalogue: its Pine Script, its inputs with their ranges.",
     R"({"name": {"type": "string"}})", "name", Method::kGet, "/api/v1/strategies/{name}"},
    {"check_pine", "Check Pine Script",
     "Compiles a script without running it: every error with line and column, and the inputs it declares.",
     R"({"pine": {"type": "string", "description": "The whole script"}})", "pine", Method::kPost, "/api/v1/pine/check"},
    {"run_backtest", "Backtest", "Runs a strategy over stored bars: metrics, trades, equity.",
     "{" WHICH_SCRIPT ", " WHICH_BARS
     R"(, "trade_from": {"type": "string", "description": "Earlier bars only warm the script up"},
     "include_plots": {"type": "boolean"}})",
     "symbol,timeframe", Method::kPost, "/api/v1/backtests"},
    {"start_optimization", "Optimise",
     "Searches a strategy's inputs in and out of sample, as a job: see get_job for its progress, get_result for what "
     "it found and what that is worth.",
     "{" WHICH_SCRIPT ", " WHICH_BARS
     R"(, "parameters": {"type": "array", "description": "What varies; absent: every input with a range",
       "items": {"type": "object", "properties": {"name": {"type": "string"}, "from": {"type": "number"},
         "to": {"type": "number"}, "step": {"type": "number"}, "values": {"type": "array"},
         "continuous": {"type": "boolean"}, "scale": {"type": "string", "enum": ["linear", "log"]},
         "when": {"type": "object"}}, "required": ["name"]}},
     "constraints": {"type": "array", "items": {"type": "string"}, "description": "fast < slow"},
     "sampler": {"type": "string", "description": "grid, random, sobol, tpe, cmaes, ..., see list_samplers"},
    "trials" : {"type" : "integer", "minimum" : 1},
               "objective" : {"type" : "string", "description" : "sharpe_ratio, net_profit, ..., see list_objectives"},
                             "require"
    : {"type" : "array", "items" : {"type" : "string"}, "description" : "trades_per_year >= 12"},
      "seed" : {"type" : "integer"},
               "out_of_sample_share" : {"type" : "number"},
                                       "validation_share" : {"type" : "number"},
                                                            "stop_after" : {"type" : "integer"},
                                                                           "time_limit_seconds" : {"type" : "number"},
                                                                                                  "also"
    : {"type" : "array", "items" : {"type" : "string"}, "description" : "Other symbols to run what is found on"},
      "walk_forward" : {"type" : "object", "description" : "train_days, test_days, step_days, anchored"},
                       "priority" : {"type" : "integer", "minimum" : 0, "maximum" : 3}
})",
     "symbol,timeframe", Method::kPost, "/api/v1/optimize/single", ToolEffect::kAdds},
    {"start_tournament", "Tournament",
     "Searches many strategies of the catalogue on symbols and timeframes, as a job, and ranks them.",
     R"({"strategies": {"type": "array", "items": {"type": "string"}, "description": "Absent: all, or of category"},
     "category": {"type": "string"}, "symbols": {"type": "array", "items": {"type": "string"}},
     "timeframes": {"type": "array", "items": {"type": "string"}},
     "stages": {"type": "array", "items": {"type": "object"}, "description": "[{trials, keep}, ..., {trials}]"},
     "objective": {"type": "string"}, "seed": {"type": "integer"}, "out_of_sample_share": {"type": "number"},
     "priority": {"type": "integer", "minimum": 0, "maximum": 3}})",
     "symbols,timeframes", Method::kPost, "/api/v1/optimize/batch", ToolEffect::kAdds},
    {"list_samplers", "Samplers", "How a search can choose what it tries.", "{}", "", Method::kGet,
     "/api/v1/optimize/samplers"},
    {"list_objectives", "Objectives", "What a search can make as good as possible.", "{}", "", Method::kGet,
     "/api/v1/optimize/objectives"},
    {"list_jobs", "Jobs", "Jobs, newest first; 20 unless limit says otherwise.",
     "{" WHICH_PAGE
     R"(, "kind": {"type": "string"}, "state": {"type": "string",
     "enum": ["queued", "running", "paused", "completed", "failed", "cancelled"]}})",
     "", Method::kGet, "/api/v1/jobs", ToolEffect::kReads, twenty_jobs},
    {"get_job", "One job", "State, progress and request of a job.", "{" WHICH_JOB "}", "job_id", Method::kGet,
     "/api/v1/jobs/{job_id}"},
    {"get_job_log", "Log of a job", "What happened to a job, oldest first.",
     "{" WHICH_JOB
     R"(, "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
     "cursor": {"type": "integer", "minimum": 0, "description": "next_cursor of the page before"}})",
     "job_id", Method::kGet, "/api/v1/jobs/{job_id}/log"},
    {"get_result", "Result of a search",
     "What a completed search or tournament found: parameters, figures in and out of sample, and whether to believe "
     "them (assessment.verdict); the best 20 trials unless trials says otherwise.",
     "{" WHICH_JOB R"(, "trials": {"type": "integer", "minimum": 0, "maximum": 1000}})", "job_id", Method::kGet,
     "/api/v1/optimize/results/{job_id}", ToolEffect::kReads, twenty_trials},
    {"cancel_job", "Cancel a job", "Cancels a waiting job at once, and asks a running one to stop.", "{" WHICH_JOB "}",
     "job_id", Method::kPost, "/api/v1/jobs/{job_id}/cancel", ToolEffect::kEnds},
    {"export_report", "Export a report",
     "Makes a file of a completed search: a report to read, or a table of its trials.",
     "{" WHICH_JOB R"(, "format": {"type": "string", "enum": ["html", "pdf", "csv", "json", "xlsx", "parquet"]}})",
     "job_id", Method::kPost, "/api/v1/export/report", ToolEffect::kAdds},
    {"export_pine", "Export Pine Script", "Makes a file of the searched script with the found values as defaults.",
     "{" WHICH_JOB "}", "job_id", Method::kPost, "/api/v1/export/pine-script", ToolEffect::kAdds},
};

#undef WHICH_BARS
#undef WHICH_SCRIPT
#undef WHICH_JOB
#undef WHICH_PAGE

json::array names(std::string_view text) {
  json::array out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

}  // namespace

std::span<const Tool> tools() { return kTools; }

const Tool* find_tool(std::string_view name) {
  const auto found = std::ranges::find(kTools, name, &Tool::name);
  return found == std::end(kTools) ? nullptr : &*found;
}

json::object tool_json(const Tool& tool) {
  json::object schema{{"type", "object"}, {"properties", json::parse(tool.properties)}};
  if (!tool.required.empty()) schema["required"] = names(tool.required);
  schema["additionalProperties"] = false;
  const bool reads = tool.effect == ToolEffect::kReads;
  json::object annotations{{"title", tool.title}, {"readOnlyHint", reads}, {"openWorldHint", false}};
  if (!reads) annotations["destructiveHint"] = tool.effect == ToolEffect::kEnds;
  return {{"name", tool.name},
          {"title", tool.title},
          {"description", tool.description},
          {"inputSchema", std::move(schema)},
          {"annotations", std::move(annotations)}};
}

}  // namespace tradeassist::mcp
