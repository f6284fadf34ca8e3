#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <limits>

#include "app/command.hpp"
#include "app/signals.hpp"
#include "interchange/sql/sql_session.hpp"

namespace tradeassist::app {
namespace {

/// Rows that are shown when nobody says how many, and rows that a file or a program gets at most.
constexpr std::int64_t kRowsShown = 100;
constexpr std::int64_t kRowsWritten = 10'000'000;

struct Options {
  CommonOptions common;
  std::string sql, format, output = "-";
  std::int64_t rows_max = 0;  // 0: by format
  bool files = false;
};

/// Ends the running query from the thread of signals, whenever the session may have begun.
struct Interruption {
  std::atomic<interchange::SqlSession*> session = nullptr;
  std::atomic<bool> asked = false;

  void ask() {
    asked = true;
    if (auto* const running = session.load()) running->interrupt();
  }
};

base::Result<void> write_parquet(interchange::SqlSession& session, const Options& options, const std::string& part,
                                 std::int64_t rows_max) {
  std::error_code error;
  auto rows = session.write_parquet(options.sql, rows_max);
  if (rows) {
    std::filesystem::rename(part, options.output, error);
    if (!error) return {};
    rows = base::failure(base::ErrorCode::kIo, options.output + ": cannot be written: " + error.message());
  }
  std::filesystem::remove(part, error);
  return std::unexpected(std::move(rows).error());
}

base::Result<void> write_text(interchange::SqlSession& session, const Options& options, std::int64_t rows_max) {
  const auto format = options.format == "csv"     ? interchange::SqlFormat::kCsv
                      : options.format == "json"  ? interchange::SqlFormat::kJson
                      : options.format == "arrow" ? interchange::SqlFormat::kArrow
                                                  : interchange::SqlFormat::kTable;
  TRY_ASSIGN(const interchange::EncodedResult result, session.run(options.sql, format, rows_max));
  TRY(write_file(options.output, result.bytes));
  if (result.is_cut)
    fmt::print(stderr, "the first {} rows; --rows-max N shows more, --format csv gives all\n", rows_max);
  return {};
}

/// The format of a file is told by its name.
std::string format_of(const std::string& output) {
  const std::string extension = std::filesystem::path(output).extension().string();
  for (const char* const known : {"csv", "json", "parquet", "arrow"}) {
    if (extension == std::string(".") + known) return known;
  }
  return "table";
}

base::Result<int> run_sql(Options options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  if (options.format.empty()) options.format = format_of(options.output);
  const bool is_parquet = options.format == "parquet";
  if (is_parquet && options.output == "-")
    return base::failure(base::ErrorCode::kInvalidArgument, "Parquet is written to a file: -o FILE");
  const std::int64_t usual = options.format == "table" ? kRowsShown : kRowsWritten;
  const std::int64_t rows_max = options.rows_max == 0 ? usual : options.rows_max;
  const std::string part = options.output + ".part";

  Interruption interruption;
  const SignalGuard guard([&interruption] { interruption.ask(); });  // before the engine's threads begin
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  interchange::SqlOptions session_options;
  session_options.database.threads = loaded.config.threads;
  session_options.reads_files = options.files;
  if (is_parquet) session_options.output_file = part;
  TRY_ASSIGN(interchange::SqlSession session, interchange::SqlSession::open(*store, session_options));
  interruption.session = &session;
  auto done = interruption.asked ? base::failure(base::ErrorCode::kCancelled, "interrupted")
              : is_parquet       ? write_parquet(session, options, part, rows_max)
                                 : write_text(session, options, rows_max);
  interruption.session = nullptr;
  if (!done) return base::in_context("sql", std::move(done).error());
  return kDone;
}

}  // namespace

void add_sql_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("sql", "Ask the stored data in SQL; changes nothing");
  command->add_option("QUERY", options->sql, "One query: SELECT, FROM, VALUES, DESCRIBE or SUMMARIZE (DuckDB's SQL)")
      ->required();
  command->add_option("--format", options->format, "table, csv, json, parquet or arrow; else told by the file's name")
      ->type_name("NAME")
      ->check(CLI::IsMember({"table", "csv", "json", "parquet", "arrow"}));
  command->add_option("-o,--output", options->output, "File to write; - is standard output")->type_name("FILE");
  command->add_option("--rows-max", options->rows_max, "Rows at most: 100 are shown, 10 million written")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  command->add_flag("--files", options->files,
                    "Let the query read files: FROM 'trades.csv', read_parquet('*.parquet')");
  options->common.add_to(*command);
  command->footer(
      "\nTables:\n"
      "  bars(symbol, timeframe, \"from\" := '…', \"to\" := '…', last := N, source := '…',\n"
      "       price_adjustment := '…')\n"
      "      time (UTC), open, high, low, close, volume, open_interest, trade_count, vwap; any timeframe that the "
      "stored bars make\n"
      "  instruments()   symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, …\n"
      "  series()        symbol, timeframe, source, bars, first_time, last_time, corrections, appended_at\n"
      "\nExamples:\n"
      "  tradeassist sql \"FROM series()\"\n"
      "  tradeassist sql \"SELECT year(time) AS year, max(high), min(low) FROM bars('SPY', '1d') GROUP BY year ORDER "
      "BY "
      "year\"\n"
      "  tradeassist sql \"FROM bars('SPY', '1w', \\\"from\\\" := '2020-01-01')\" -o weeks.parquet\n"
      "  tradeassist sql --files \"SELECT b.time, b.close, t.qty FROM bars('SPY', '1d') b JOIN 'trades.csv' t USING "
      "(time)\"");
  command->callback([options, &run] { run = [options] { return run_sql(*options); }; });
}

}  // namespace tradeassist::app
