#include <limits>

#include "market/instrument.hpp"
#include "server/openapi/answers/market_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/answer_format.hpp"
#include "server/routes/compute_request.hpp"
#include "server/routes/corporate_action_request.hpp"

namespace tradeassist::server {
namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

RouteDescription bars_of(RouteDescription description, std::int64_t bars_max = kBarsMax) {
  return std::move(description)
      .required("symbol")
      .required("timeframe")
      .time("from")
      .time("to")
      .integer("last", 1, bars_max);
}

RouteDescription as_text(RouteDescription description) { return std::move(description).answers_bytes(200, "text/csv"); }

}  // namespace

void describe_market_routes(Descriptions& all) {
  all.add(Method::kGet, "/api/v1/instruments",
          describe("list_instruments", "Market data").pages().answers<openapi::InstrumentPage>());
  const std::string one = "/api/v1/instruments/{symbol}";
  all.add(Method::kPut, one,
          describe("put_instrument", "Market data")
              .takes<market::Instrument>(
                  R"({"symbol": "NEW", "name": "A new one", "asset_class": "stock", "exchange": "", "currency": "USD",
                      "time_zone": "America/New_York", "session": "0930-1600", "tick_size": 0.01, "point_value": 1,
                      "quantity_step": 1})")
              .answers<market::Instrument>()
              .codes({"INVALID_ARGUMENT", "FAILED_PRECONDITION", "ALREADY_EXISTS"}));
  all.add(Method::kDelete, one,
          describe("delete_instrument", "Market data").answers<openapi::InstrumentChange>().codes({"NOT_FOUND"}));
  all.add(Method::kPost, one + "/restore",
          describe("restore_instrument", "Market data")
              .answers<openapi::InstrumentChange>()
              .codes({"NOT_FOUND", "FAILED_PRECONDITION"}));
  all.add(Method::kGet, one + "/history",
          describe("list_instrument_history", "Market data")
              .integer("limit", 1, 1'000, 100)
              .integer("cursor", 1, kAny)
              .answers<openapi::HistoryPage>()
              .codes({"NOT_FOUND"}));
  const std::string actions = one + "/corporate-actions";
  all.add(Method::kGet, actions,
          describe("list_corporate_actions", "Market data")
              .answers<openapi::CorporateActions>()
              .codes({"INSTRUMENT_NOT_FOUND"}));
  all.add(Method::kPost, actions,
          describe("put_corporate_actions", "Market data")
              .say("All of them or none.")
              .takes<ActionsBody>(R"({"actions": [{"ex_date": "2020-08-31", "kind": "split", "value": 4}]})")
              .answers<openapi::CorporateActionCounts>()
              .codes({"INSTRUMENT_NOT_FOUND", "INVALID_ARGUMENT"}));
  all.add(Method::kDelete, actions,
          describe("remove_corporate_action", "Market data")
              .required("ex_date")
              .choice("kind", {"split", "dividend"})
              .answers<openapi::CorporateActionRemoval>()
              .codes({"NOT_FOUND"}));
  all.add(Method::kGet, "/api/v1/quality",
          describe("get_quality", "Market data")
              .required("symbol")
              .required("timeframe")
              .time("from")
              .time("to")
              .text("source")
              .answers<openapi::Quality>()
              .codes({"INSTRUMENT_NOT_FOUND", "NO_BARS", "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"}));
  all.add(Method::kGet, "/api/v1/bars",
          as_text(bars_of(describe("get_bars", "Market data"), kSheetBarsMax)
                      .say("As text at most 50,000 bars, as Arrow or Parquet 1,000,000, as a workbook (xlsx) the "
                           "1,048,575 rows of a sheet. Without `format`, Accept chooses.")
                      .text("source")
                      .choice("format", {"columns", "json", "csv", "arrow", "parquet", "xlsx"}, "columns")
                      .choice("adjustment", {"none", "difference", "forward_difference", "ratio"})
                      .text("roll")
                      .flag("gaps", true)
                      .text("vwap")
                      .choice("fill", {"none", "forward", "interpolate", "zero_volume"})
                      .choice("price_adjustment", {"raw", "splits", "splits_and_dividends"}, "raw")
                      .flag("factors", false)
                      .flag("quality", false)
                      .answers<openapi::BarsAnswer>(200, {"Vary"}))
              .answers_bytes(200, "application/vnd.apache.arrow.stream", {"Content-Disposition"})
              .answers_bytes(200, "application/vnd.apache.parquet", {"Content-Disposition"})
              .answers_bytes(200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                             {"Content-Disposition"})
              .codes({"INSTRUMENT_NOT_FOUND", "TOO_MANY_BARS", "INVALID_ARGUMENT", "PARQUET_NOT_AVAILABLE",
                      "UNSUPPORTED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION"}));

  all.add(Method::kGet, "/api/v1/indicators",
          describe("list_indicators", "Indicators").pages().answers<openapi::IndicatorPage>());
  RouteDescription one_indicator =
      as_text(bars_of(describe("get_indicator", "Indicators"))
                  .say("Beside these parameters it takes those of the indicator, which GET /api/v1/indicators lists: "
                       "`/api/v1/indicators/sma?symbol=SP500&timeframe=1d&last=10&length=5`.")
                  .text("series_source")
                  .choice("format", {"columns", "json", "csv"}, "columns")
                  .choice("price_adjustment", {"raw", "splits", "splits_and_dividends"}, "raw")
                  .answers<openapi::IndicatorsAnswer>())
          .codes({"INDICATOR_NOT_FOUND", "INSTRUMENT_NOT_FOUND", "TOO_MANY_BARS", "INVALID_ARGUMENT",
                  "PINE_RUNTIME_ERROR", "PINE_COMPILE_ERROR", "UNSUPPORTED", "RESOURCE_EXHAUSTED", "CANCELLED"});
  one_indicator.takes_other_parameters = true;
  all.add(Method::kGet, "/api/v1/indicators/{name}", std::move(one_indicator));
  all.add(Method::kPost, "/api/v1/indicators/compute",
          as_text(describe("compute_indicators", "Indicators")
                      .takes<ComputeBody>(R"({"symbol": "SP500", "timeframe": "1d", "last": 50,
                                              "indicators": [{"name": "sma", "parameters": {"length": 5}}],
                                              "expressions": [{"source": "close - open", "as": "body"}]})")
                      .answers<openapi::IndicatorsAnswer>())
              .codes({"INSTRUMENT_NOT_FOUND", "TOO_MANY_BARS", "INVALID_ARGUMENT", "PINE_RUNTIME_ERROR",
                      "PINE_COMPILE_ERROR", "UNSUPPORTED", "RESOURCE_EXHAUSTED", "CANCELLED"}));
}

}  // namespace tradeassist::server
