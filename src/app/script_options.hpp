#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/command.hpp"
#include "backtest/backtest.hpp"
#include "market/instrument.hpp"
#include "pine/compile.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::app {

/// The strategy, the bars and the properties of a run as the command line gives them: shared by backtest and optimize.
struct ScriptOptions {
  std::string strategy;
  std::optional<std::string> csv, symbol, timeframe, from, to, price_adjustment;
  std::vector<std::string> set, properties;
  std::optional<double> tick_size, point_value, quantity_step;
  std::optional<std::string> currency, exchange_time_zone, session;
  std::string time_zone, columns, bar_time, time_format;  // of the CSV

  void add_to(CLI::App& command);
  /// Only those that say which bars, and what they are of.
  void add_bars_to(CLI::App& command);
  /// For the command's callback: wrong usage when no bars were named.
  void require_bars() const;
};

/// Everything a run needs, made of the options.
struct Script {
  std::string name;
  pine::Compilation compilation;
  backtest::InputVector inputs;
  pine::StrategySettings settings;
  market::SeriesPtr series;
  market::Instrument instrument;
  market::Timeframe timeframe;
  store::SeriesInfo origin;  // what the bars were read from; of a CSV only the key
  // What `source` reads; none with --csv.
  std::shared_ptr<store::MarketStore> store;
  std::shared_ptr<store::SeriesCache> cache;
  backtest::SeriesSource source;
};

base::Result<Script> prepare(const ScriptOptions& options, const base::Config& config);

/// Sets properties of strategy() as `--property NAME=VALUE` gives them. kInvalidArgument names the property.
base::Result<void> set_properties(pine::StrategySettings& settings, const std::vector<std::string>& properties);

/// Only the bars, with their instrument, timeframe and source.
base::Result<Script> load_bars(const ScriptOptions& options, const base::Config& config);

/// A catalogue name or a .pine file, compiled. Errors are the compiler's messages.
base::Result<pine::Compilation> compile_strategy(const std::string& strategy, const base::Config& config);

/// Where the imports of a script file are looked for: the folder `libraries` beside it, then the configured one.
pine::LibraryFinder libraries_of(const std::filesystem::path& script, const base::Config& config);

/// The folders that every script may import from.
pine::LibraryFinder configured_libraries(const base::Config& config);

/// The folder given, or the one beside the program: where the build, an installation or a checkout has it.
std::filesystem::path resource_directory(const std::string& given, const std::string& name);

}  // namespace tradeassist::app
