#include "app/script_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "backtest/properties.hpp"
#include "feed/csv/read_csv.hpp"
#include "pine/catalogue.hpp"
#include "server/market_source.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::app {

namespace fs = std::filesystem;

void ScriptOptions::add_to(CLI::App& command) {
  command.add_option("STRATEGY", strategy, "Name of a catalogue strategy, or a .pine file")->required();
  add_bars_to(command);
  command.add_option("--set", set, "Value of an input")
      ->type_name("NAME=VALUE")
      ->check(is_assignment())
      ->allow_extra_args(false);
  command.add_option("--property", properties, "Property of strategy(), e.g. initial_capital=50000")
      ->type_name("NAME=VALUE")
      ->check(is_assignment())
      ->allow_extra_args(false);
}

void ScriptOptions::add_bars_to(CLI::App& command) {
  auto* file = command.add_option("--csv", csv, "Bars from a CSV file")->type_name("FILE");
  auto* stored =
      command.add_option("--symbol", symbol, "Bars of this instrument from the data directory")->type_name("S");
  file->excludes(stored);
  command.add_option("--timeframe", timeframe, "1m, 15m, 1h, 1d, 1w, 1M, …")->type_name("T")->check(is_timeframe());
  command.add_option("--from", from, "First time (RFC 3339 or a date)")->type_name("T")->check(is_time());
  command.add_option("--to", to, "End, exclusive")->type_name("T")->check(is_time());
  command
      .add_option("--price-adjustment", price_adjustment,
                  "Of --symbol: raw (default), splits, or splits_and_dividends, also for what the script requests")
      ->type_name("WHAT")
      ->excludes(file);
  command.add_option("--mintick", tick_size, "Smallest price step")->type_name("X");
  command.add_option("--point-value", point_value, "Money per point of price")->type_name("X");
  command.add_option("--quantity-step", quantity_step, "Smallest quantity step")->type_name("X");
  command.add_option("--currency", currency, "Currency of the prices")->type_name("C");
  command.add_option("--exchange-timezone", exchange_time_zone, "Time zone of the exchange (IANA)")->type_name("TZ");
  command.add_option("--session", session, "Trading session in that zone, e.g. 0930-1600")->type_name("S");
  command.add_option("--timezone", time_zone, "Time zone of the CSV's stamps, where they carry none")->type_name("TZ");
  command.add_option("--columns", columns, "CSV columns: time=Date,open=2,…")->type_name("SPEC");
  command.add_option("--bar-time", bar_time, "Whether the CSV's stamps are bar starts or ends")->type_name("start|end");
  command.add_option("--time-format", time_format, "Order of the CSV's dates, or unit of its epoch times")
      ->type_name("mdy|dmy|ymd|s|ms|us|ns");
}

void ScriptOptions::require_bars() const {
  if (!csv && !symbol) throw CLI::RequiredError("which bars to run on, --csv FILE or --symbol S,");
}

fs::path resource_directory(const std::string& given, const std::string& name) {
  if (!given.empty()) return given;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& candidate :
       {program / name, program / "../share/tradeassist" / name, program / "../.." / name}) {
    if (fs::is_directory(candidate, error)) return fs::weakly_canonical(candidate, error);
  }
  return fs::path(name);
}

namespace {

std::vector<fs::path> configured_folders(const base::Config& config) {
  if (config.libraries_directory.empty()) return {};
  return {config.libraries_directory};
}

}  // namespace

pine::LibraryFinder configured_libraries(const base::Config& config) {
  return pine::find_in_folders(configured_folders(config));
}

pine::LibraryFinder libraries_of(const fs::path& script, const base::Config& config) {
  std::vector<fs::path> folders = configured_folders(config);
  folders.insert(folders.begin(), script.parent_path() / "libraries");
  return pine::find_in_folders(std::move(folders));
}

base::Result<pine::Compilation> compile_strategy(const std::string& strategy, const base::Config& config) {
  std::string file = strategy;
  if (!strategy.ends_with(".pine")) {
    const fs::path folder = resource_directory(config.strategies_directory, "strategies");
    TRY_ASSIGN(std::vector<fs::path> files, pine::strategy_files(folder));
    std::ranges::sort(files, {}, [](const fs::path& path) { return path.stem().string(); });
    std::string known;
    file.clear();
    for (const fs::path& path : files) {
      if (path.stem() == strategy) file = path.string();
      known += (known.empty() ? "" : ", ") + path.stem().string();
    }
    if (file.empty()) {
      return base::failure(base::ErrorCode::kNotFound,
                           fmt::format("there is no strategy '{}' in {}{}; a file of your own ends with .pine",
                                       strategy, folder.string(), known.empty() ? "" : "; there are " + known));
    }
  }
  TRY_ASSIGN(std::string text, pine::read_script(file));
  pine::Compilation made = pine::compile(file, std::move(text), libraries_of(file, config));
  if (!made.program)
    return base::failure(base::ErrorCode::kInvalidArgument, "the script does not compile\n" + pine::render(made));
  return made;
}

namespace {

std::pair<std::string, std::string> name_and_value(const std::string& text) {
  const std::size_t equals = text.find('=');
  return {text.substr(0, equals), text.substr(equals + 1)};
}

base::Result<void> load_csv(const ScriptOptions& options, Script& script) {
  feed::CsvOptions csv;
  if (options.timeframe) { TRY_ASSIGN(csv.timeframe, market::parse_timeframe(*options.timeframe)); }
  csv.time_zone = options.time_zone;
  csv.columns = options.columns;
  csv.time_format = options.time_format;
  if (!options.bar_time.empty()) { TRY_ASSIGN(csv.bar_time, feed::parse_bar_time(options.bar_time)); }
  csv.ticks_if_clear = true;
  TRY_ASSIGN(const feed::CsvFormat format, feed::detect(*options.csv, csv));
  if (format.ticks) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("{}: holds ticks ({}), and a script runs on bars; import it, and run with --symbol "
                    "and a --timeframe to make bars of",
                    *options.csv, format.tick_signs));
  }
  TRY_ASSIGN(feed::ParsedBars parsed, feed::read_csv(format));
  if (parsed.report.bad > 0) fmt::print(stderr, "{}", feed::describe(parsed.report, *options.csv));
  script.timeframe = format.timeframe;
  script.instrument.symbol = fs::path(*options.csv).stem().string();
  if (options.time_zone.find('/') != std::string::npos) script.instrument.time_zone = options.time_zone;
  if (format.price_decimals) {
    script.instrument.tick_size = 1;
    for (int i = 0; i < *format.price_decimals; ++i) script.instrument.tick_size /= 10;
  }
  script.origin.key = {script.instrument.symbol, format.timeframe, *options.csv};
  script.series = std::make_shared<const market::Series>(std::move(parsed.series));
  script.source = [own = script.instrument.symbol](
                      const std::string& symbol, market::Timeframe timeframe) -> base::Result<backtest::SourcedSeries> {
    return base::failure(
        base::ErrorCode::kNotFound,
        fmt::format("there are no {} bars of {}: with --csv only the bars of {} are known; import both "
                    "and run with --symbol",
                    market::to_string(timeframe), symbol, own));
  };
  return {};
}

base::Result<void> load_stored(const ScriptOptions& options, const base::Config& config, Script& script,
                               const std::optional<base::Time>& from, const std::optional<base::Time>& to) {
  TRY_ASSIGN(script.store, open_market(config));
  store::MarketStore& store = *script.store;
  TRY_ASSIGN(script.cache, store::SeriesCache::create(store));
  store::BarQuery query;
  if (options.price_adjustment) {
    TRY_ASSIGN(query.price_adjustment, market::parse_price_adjustment(*options.price_adjustment));
  }
  script.source = server::market_source(*script.cache, query.price_adjustment);
  query.symbol = *options.symbol;
  query.from = from;
  query.to = to;
  if (options.timeframe) {
    TRY_ASSIGN(query.timeframe, market::parse_timeframe(*options.timeframe));
  } else {
    store::SeriesFilter filter;
    filter.symbol = query.symbol;
    TRY_ASSIGN(auto all, store.list_series(filter));
    // A script runs on bars: of ticks they are made, in the timeframe that is asked for.
    const auto ticks =
        std::erase_if(all, [](const auto& series) { return series.key.timeframe == market::kTickTimeframe; });
    if (all.size() != 1) {
      return base::failure(
          base::ErrorCode::kInvalidArgument,
          all.size() > 1
              ? fmt::format("{} is stored in {} timeframes; choose one with --timeframe", query.symbol, all.size())
          : ticks > 0
              ? fmt::format("only ticks of {} are stored; choose the bars to make of them with --timeframe, as in 1m",
                            query.symbol)
              : fmt::format("no bars of {} are stored in {}; import some first", query.symbol, config.data_directory));
    }
    query.timeframe = all.front().key.timeframe;
  }
  TRY_ASSIGN(const store::CachedAnswer kept, script.cache->answer(query));
  script.timeframe = kept.answer->timeframe;
  script.instrument = kept.answer->instrument;
  script.origin = kept.answer->series;
  script.series = kept.bars();
  return {};
}

}  // namespace

base::Result<Script> load_bars(const ScriptOptions& options, const base::Config& config) {
  Script script;
  std::optional<base::Time> from, to;
  if (options.from) { TRY_ASSIGN(from, base::parse_time(*options.from)); }
  if (options.to) { TRY_ASSIGN(to, base::parse_time(*options.to)); }
  if (options.csv) {
    TRY(load_csv(options, script));
    if (from || to) {
      const market::Series& all = *script.series;
      const std::size_t first = from ? all.lower_bound(*from) : 0, end = to ? all.lower_bound(*to) : all.size();
      script.series = std::make_shared<const market::Series>(all.slice(first, end > first ? end - first : 0));
    }
  } else {
    TRY(load_stored(options, config, script, from, to));
  }
  if (script.series->empty())
    return base::failure(base::ErrorCode::kInvalidArgument, "there are no bars in that range");

  market::Instrument& instrument = script.instrument;
  if (options.tick_size) instrument.tick_size = *options.tick_size;
  if (options.point_value) instrument.point_value = *options.point_value;
  if (options.quantity_step) instrument.quantity_step = *options.quantity_step;
  for (const double value : {instrument.tick_size, instrument.point_value, instrument.quantity_step}) {
    if (!(value > 0 && value < 1e12)) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "--mintick, --point-value and --quantity-step must be above 0");
    }
  }
  if (options.currency) instrument.currency = *options.currency;
  if (options.exchange_time_zone) instrument.time_zone = *options.exchange_time_zone;
  if (options.session) instrument.session = *options.session;
  return script;
}

base::Result<void> set_properties(pine::StrategySettings& settings, const std::vector<std::string>& properties) {
  for (const std::string& text : properties) {
    const auto [name, value] = name_and_value(text);
    TRY(backtest::set_property(settings, name, value));
  }
  return {};
}

base::Result<Script> prepare(const ScriptOptions& options, const base::Config& config) {
  TRY_ASSIGN(pine::Compilation compilation, compile_strategy(options.strategy, config));  // before any bar is read
  TRY_ASSIGN(Script script, load_bars(options, config));
  script.name = options.strategy;
  script.compilation = std::move(compilation);
  const pine::Program& program = *script.compilation.program;
  script.settings = program.settings;
  TRY(set_properties(script.settings, options.properties));
  std::vector<backtest::InputAssignment> assignments;
  for (const std::string& text : options.set) {
    auto [name, value] = name_and_value(text);
    assignments.push_back({std::move(name), std::move(value)});
  }
  TRY_ASSIGN(script.inputs, backtest::bind_inputs(program, assignments));
  return script;
}

}  // namespace tradeassist::app
