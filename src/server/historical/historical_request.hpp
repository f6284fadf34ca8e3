#pragma once

#include <array>
#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "server/historical/historical_range.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::server {

constexpr std::size_t kHistoricalSymbolsMax = 50;
constexpr std::size_t kSymbolBytesMax = 64;

/// What a question for bars says beside its symbols, its frequency and its range; all of it may be left out.
struct HistoricalOptions {
  std::optional<std::string> asset_class;  // of market::kAssetClasses: a symbol of another is that symbol's error
  /// Symbols that name no continuous series yet are roots of futures: "ES" is asked for as "ES.c.0", with `c`, `v` or
  /// `n` as the roll policy goes by the calendar, volume or open interest. Without it, symbols are what they are.
  std::optional<bool> continuous_series;
  std::optional<std::int64_t> continuous_rank;  // 0 to market::kContinuousRankMax; 0 is the front contract
  std::optional<std::string> roll_policy;       // as `roll` of GET /api/v1/bars: "calendar:5", "volume"
  std::optional<std::string> adjustment;        // as there
  std::optional<std::string> price_adjustment;  // as there: raw where it is left out
  std::optional<std::string> fill;              // as there
  std::optional<bool> factors;                  // what each bar was multiplied by, where prices are adjusted
  std::optional<bool> gaps;                     // find what is missing; true where it is left out
  std::optional<bool> quality;                  // judge the bars; false where it is left out
  /// Like `vwap` of GET /api/v1/bars, or a boolean: true is "bar". False where it is left out.
  std::optional<boost::json::value> vwap;
  std::optional<std::string> source;     // of the series; where it is left out, whichever fits best
  std::optional<std::string> format;     // of kHistoricalFormats; the first where it is left out
  std::optional<std::int64_t> max_bars;  // of one symbol; more are that symbol's error, and never a part of them
};
BOOST_DESCRIBE_STRUCT(HistoricalOptions, (),
                      (asset_class, continuous_series, continuous_rank, roll_policy, adjustment, price_adjustment, fill,
                       factors, gaps, quality, vwap, source, format, max_bars))

/// One question about bars of many instruments.
struct HistoricalRequest : HistoricalRange, HistoricalOptions {
  std::vector<std::string> symbols;  // 1 to kHistoricalSymbolsMax, all different
  std::string frequency;             // "1m", "90m", "1d", "1M"; "500t" and the like of ticks, as GET /api/v1/bars
};
BOOST_DESCRIBE_STRUCT(HistoricalRequest, (HistoricalRange, HistoricalOptions), (symbols, frequency))

/// A request of parts that several of them share.
HistoricalRequest make_request(const HistoricalRange& range, const HistoricalOptions& options,
                               std::vector<std::string> symbols, std::string frequency);

/// How bars may be written: as columns, or as an object a bar.
constexpr std::array<std::string_view, 2> kHistoricalFormats = {"columns", "json"};

/// Most bars of one symbol that may be asked for.
constexpr std::int64_t kHistoricalBarsMax = 1'000'000;

/// Adds what does not make sense in a request whose fields have the right types, by JSON pointer.
void check_symbols(const std::vector<std::string>& symbols, std::vector<base::FieldError>& errors);
void check_historical_options(const HistoricalOptions& options, std::vector<base::FieldError>& errors);
void check_historical_request(const HistoricalRequest& request, std::vector<base::FieldError>& errors);

/// Reads a request and checks it; where something is wrong all of it is in `errors`, and there is no value.
/// Thread-safe.
std::optional<HistoricalRequest> parse_historical_request(const boost::json::value& value,
                                                          std::vector<base::FieldError>& errors);

/// What a request asks of the store for one symbol, or why that cannot be asked.
struct SymbolQuery {
  std::string symbol;  // as the request names it
  base::Result<store::BarQuery> query;
};

/// One for each symbol, in order; what is wrong with one does not touch the others. The request has been checked.
///
/// Reads the instrument only where the range or the asset class depends on it. kNotFound: there is none, or no stored
/// contract of a continuous one; kInvalidArgument: another asset class, or a time zone that cannot be read.
std::vector<SymbolQuery> queries_of(const HistoricalRequest& request, base::Time now, store::MarketStore& store);

/// The same for one symbol that the store may not know, whose instrument is given.
base::Result<store::BarQuery> query_of(const HistoricalRequest& request, const std::string& symbol,
                                       const market::Instrument& instrument, base::Time now);

}  // namespace tradeassist::server
