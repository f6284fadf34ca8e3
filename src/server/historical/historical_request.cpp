#include "server/historical/historical_request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "market/futures/continuous_symbol.hpp"
#include "market/futures/contract_name.hpp"

namespace tradeassist::server {
namespace {

/// Adds a text's error, if it cannot be read.
template <class Parse>
void check_text(const std::optional<std::string>& text, const char* pointer, Parse&& parse,
                std::vector<base::FieldError>& errors) {
  if (!text) return;
  if (const auto parsed = parse(*text); !parsed) errors.push_back({pointer, parsed.error().message});
}

/// The rule that a request's `vwap` names; none where it wants none.
base::Result<std::optional<market::VwapRule>> vwap_of(const std::optional<boost::json::value>& value) {
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_bool()) return value->get_bool() ? std::optional(market::VwapRule{}) : std::nullopt;
  if (!value->is_string())
    return base::failure(base::ErrorCode::kInvalidArgument, "must be true, false or the text of a rule");
  TRY_ASSIGN(const market::VwapRule rule, market::parse_vwap_rule(std::string_view(value->get_string())));
  return rule;
}

/// The symbol that the store is asked for.
std::string stored_symbol(const HistoricalRequest& request, const std::string& symbol) {
  if (!request.continuous_series.value_or(false) || market::looks_continuous(symbol)) return symbol;
  using Kind = market::RollRule::Kind;
  market::ContinuousSymbol made{.root = symbol, .rank = static_cast<int>(request.continuous_rank.value_or(0))};
  if (request.roll_policy) {
    const Kind kind = market::parse_roll_rule(*request.roll_policy)->kind;
    if (kind == Kind::kVolume) made.basis = market::RollBasis::kVolume;
    if (kind == Kind::kOpenInterest) made.basis = market::RollBasis::kOpenInterest;
  }
  return market::to_string(made);
}

/// The instruments, as far as they were asked for.
class Instruments {
 public:
  explicit Instruments(store::MarketStore& store) : store_(store) {}

  base::Result<market::Instrument> find(const std::string& symbol) {
    auto stored = store_.instrument(symbol);
    if (stored || stored.error().code != base::ErrorCode::kNotFound || !market::looks_continuous(symbol)) return stored;
    TRY_ASSIGN(const market::ContinuousSymbol continuous, market::parse_continuous(symbol));
    return contract_of(continuous.root);
  }

 private:
  /// Any stored contract of a root: all are traded in one time zone.
  base::Result<market::Instrument> contract_of(const std::string& root) {
    if (all_.empty()) { TRY_ASSIGN(all_, store_.list_instruments()); }
    // A year of one digit needs a date to be read; which one makes no difference to whose contract it is.
    const market::ContractContext context{.root = root, .as_of = market::CivilDate{2000, 1, 1}};
    for (const market::Instrument& instrument : all_) {
      if (market::parse_contract(instrument.symbol, context)) return instrument;
    }
    return base::failure(
        base::ErrorCode::kNotFound,
        fmt::format("no contracts of {} are stored; import some under names such as {}Z2025", root, root));
  }

  store::MarketStore& store_;
  std::vector<market::Instrument> all_;
};

}  // namespace

HistoricalRequest make_request(const HistoricalRange& range, const HistoricalOptions& options,
                               std::vector<std::string> symbols, std::string frequency) {
  return {range, options, std::move(symbols), std::move(frequency)};
}

void check_symbols(const std::vector<std::string>& symbols, std::vector<base::FieldError>& errors) {
  if (symbols.empty() || symbols.size() > kHistoricalSymbolsMax) {
    errors.push_back(
        {"/symbols", fmt::format("must be 1 to {} symbols, are {}", kHistoricalSymbolsMax, symbols.size())});
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const std::string pointer = fmt::format("/symbols/{}", i);
    if (symbols[i].empty() || symbols[i].size() > kSymbolBytesMax) {
      errors.push_back({pointer, fmt::format("must have 1 to {} bytes", kSymbolBytesMax)});
    } else if (!seen.insert(symbols[i]).second) {
      errors.push_back({pointer, symbols[i] + " is there twice"});
    }
  }
}

void check_historical_options(const HistoricalOptions& options, std::vector<base::FieldError>& errors) {
  if (options.asset_class &&
      std::ranges::find(market::kAssetClasses, *options.asset_class) == market::kAssetClasses.end())
    errors.push_back({"/asset_class", fmt::format("must be one of {}", fmt::join(market::kAssetClasses, ", "))});
  if (options.format && std::ranges::find(kHistoricalFormats, *options.format) == kHistoricalFormats.end())
    errors.push_back({"/format", fmt::format("must be one of {}", fmt::join(kHistoricalFormats, ", "))});
  if (options.continuous_rank) {
    if (!options.continuous_series.value_or(false))
      errors.push_back({"/continuous_rank", "needs continuous_series to be true"});
    if (*options.continuous_rank < 0 || *options.continuous_rank > market::kContinuousRankMax)
      errors.push_back({"/continuous_rank", fmt::format("must be from 0 to {}", market::kContinuousRankMax)});
  }
  check_text(options.roll_policy, "/roll_policy", market::parse_roll_rule, errors);
  check_text(options.adjustment, "/adjustment", market::parse_adjustment, errors);
  check_text(options.price_adjustment, "/price_adjustment", market::parse_price_adjustment, errors);
  const bool is_adjusted = options.price_adjustment && *options.price_adjustment != "raw";
  if (options.factors.value_or(false) && !is_adjusted)
    errors.push_back({"/factors", "needs price_adjustment to be splits or splits_and_dividends"});
  if (const auto rule = vwap_of(options.vwap); !rule)
    errors.push_back({"/vwap", rule.error().message + "; true is bar"});
  check_text(options.fill, "/fill", market::parse_fill_method, errors);
  if (options.source && options.source->size() > kSymbolBytesMax)
    errors.push_back({"/source", fmt::format("must have at most {} bytes", kSymbolBytesMax)});
  if (options.max_bars && (*options.max_bars < 1 || *options.max_bars > kHistoricalBarsMax))
    errors.push_back({"/max_bars", fmt::format("must be from 1 to {}", kHistoricalBarsMax)});
}

void check_historical_request(const HistoricalRequest& request, std::vector<base::FieldError>& errors) {
  check_symbols(request.symbols, errors);
  if (const auto rule = market::parse_tick_bar_rule(request.frequency); !rule)
    errors.push_back({"/frequency", rule.error().message});
  check_range(request, kHistoricalBarsMax, errors);
  check_historical_options(request, errors);
}

std::optional<HistoricalRequest> parse_historical_request(const boost::json::value& value,
                                                          std::vector<base::FieldError>& errors) {
  auto request = base::from_json<HistoricalRequest>(value, errors);
  if (!request) return std::nullopt;
  check_historical_request(*request, errors);
  if (!errors.empty()) return std::nullopt;
  return request;
}

base::Result<store::BarQuery> query_of(const HistoricalRequest& request, const std::string& symbol,
                                       const market::Instrument& instrument, base::Time now) {
  if (request.asset_class && instrument.asset_class != *request.asset_class) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("{} is stored as {}, not as {}", instrument.symbol, instrument.asset_class, *request.asset_class));
  }
  store::BarQuery query;
  query.symbol = stored_symbol(request, symbol);
  TRY_ASSIGN(const market::TickBarRule frequency, market::parse_tick_bar_rule(request.frequency));
  if (frequency.kind == market::TickBarRule::Kind::kTime) {
    query.timeframe = frequency.timeframe;
  } else {
    query.tick_rule = frequency;
  }
  query.source = request.source.value_or("");
  if (request.adjustment) { TRY_ASSIGN(query.adjustment, market::parse_adjustment(*request.adjustment)); }
  if (request.roll_policy) { TRY_ASSIGN(query.roll, market::parse_roll_rule(*request.roll_policy)); }
  if (request.price_adjustment) {
    TRY_ASSIGN(query.price_adjustment, market::parse_price_adjustment(*request.price_adjustment));
  }
  if (request.fill) { TRY_ASSIGN(query.fill, market::parse_fill_method(*request.fill)); }
  query.with_gaps = request.gaps.value_or(true);
  query.with_factors = request.factors.value_or(false);
  query.with_quality = request.quality.value_or(false);
  TRY_ASSIGN(query.vwap, vwap_of(request.vwap));
  TRY(apply_range(request, instrument, now, query));
  return query;
}

std::vector<SymbolQuery> queries_of(const HistoricalRequest& request, base::Time now, store::MarketStore& store) {
  Instruments instruments(store);
  std::vector<SymbolQuery> queries;
  queries.reserve(request.symbols.size());
  const bool needs_instrument = request.asset_class || depends_on_instrument(request);
  for (const std::string& symbol : request.symbols) {
    if (!needs_instrument) {  // answers that are kept then cost no query for it
      queries.push_back({symbol, query_of(request, symbol, {}, now)});
      continue;
    }
    const auto instrument = instruments.find(stored_symbol(request, symbol));
    if (instrument) {
      queries.push_back({symbol, query_of(request, symbol, *instrument, now)});
    } else {
      queries.push_back({symbol, std::unexpected(instrument.error())});
    }
  }
  return queries;
}

}  // namespace tradeassist::server
