#include <fmt/format.h>

#include "app/calendar_option.hpp"
#include "app/command.hpp"
#include "feed/futures/contract_files.hpp"
#include "market/futures/product.hpp"
#include "report/continuous_report.hpp"
#include "store/answers/continuous_bars.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  feed::ContractFileOptions files;
  std::string contracts, timeframe = "1d", roll = "calendar:0", adjust = "difference", overlap = "refuse", calendar;
  std::string format = "csv", output = "-", rolls;
  int rank = 0;
};

base::Result<market::RollRule> parse_roll(const std::string& text, const feed::ContractFileOptions& files) {
  using Kind = market::RollRule::Kind;
  const std::string kind = text.substr(0, text.find(':'));
  const std::string rest = kind.size() < text.size() ? text.substr(kind.size() + 1) : "";
  const auto wrong = [&](const std::string& what) {
    return base::failure(base::ErrorCode::kInvalidArgument, "--roll " + text + ": " + what);
  };
  if (kind == "dates") {
    if (rest.empty()) return wrong("name a file, as in dates:rolls.csv");
    market::RollRule rule;
    rule.kind = Kind::kGiven;
    TRY_ASSIGN(rule.given, feed::read_rolls(rest, files));
    return rule;
  }
  const auto rule = market::parse_roll_rule(text);
  if (!rule) return wrong(rule.error().message + ", or dates:FILE");
  return rule;
}

base::Result<market::Adjustment> parse_adjust(const std::string& text) {
  if (text == "forward_difference") return market::Adjustment::kDifferenceForward;
  if (text == "forward_ratio") return market::Adjustment::kRatioForward;
  return market::parse_adjustment(text);
}

base::Result<std::vector<market::FuturesContract>> stored_contracts(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const market::Timeframe timeframe, market::parse_timeframe(options.timeframe));
  auto read = store::read_contracts(*store, options.files.root, timeframe);
  if (!read && read.error().code == base::ErrorCode::kNotFound) {
    return base::failure(read.error().code, read.error().message + ", or give --contracts FILE.csv");
  }
  if (!read) return std::unexpected(std::move(read).error());
  return std::move(read->contracts);
}

base::Result<int> run_continuous(const Options& options) {
  market::ContinuousOptions how;
  TRY_ASSIGN(how.rule, parse_roll(options.roll, options.files));
  TRY_ASSIGN(how.adjustment, parse_adjust(options.adjust));
  how.rank = options.rank;
  if (options.overlap == "nearest") how.missing_overlap = market::MissingOverlap::kNearest;
  if (options.overlap == "none") how.missing_overlap = market::MissingOverlap::kNone;
  TRY_ASSIGN(
      std::vector<market::FuturesContract> contracts,
      options.contracts.empty() ? stored_contracts(options) : feed::read_contracts(options.contracts, options.files));
  const auto product = market::find_product(options.files.root);
  market::CalendarPtr calendar;
  if (!options.calendar.empty()) {
    TRY_ASSIGN(calendar, read_calendar(options.calendar));
  } else if (product) {
    TRY_ASSIGN(calendar, market::find_calendar(product->calendar));
  }
  const market::TradeDays days(calendar, market::bar_times_of(contracts));
  if (how.rule.kind != market::RollRule::Kind::kGiven) {
    market::set_last_trade_dates(contracts, product ? &*product : nullptr, calendar.get(), days);
  }
  TRY_ASSIGN(const market::ContinuousSeries series, market::continuous_series(contracts, how, days));
  TRY(write_file(options.output,
                 options.format == "csv" ? report::continuous_csv(series) : report::continuous_json(series) + "\n"));
  if (!options.rolls.empty()) TRY(write_file(options.rolls, report::rolls_csv(series)));
  if (options.output != "-") {
    fmt::print("{} bars, {} contracts, {} rolls; {}\n", series.bars.size(), contracts.size(), series.rolls.size(),
               market::to_string(series.method));
  }
  return kDone;
}

}  // namespace

void add_continuous_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("continuous", "Join the contracts of a future into one series");
  command->add_option("--root", options->files.root, "Product: ES, CL, ZC, …")->required()->type_name("ES");
  CLI::Option* contracts =
      command
          ->add_option("--contracts", options->contracts,
                       "CSV of contract,time,close (open, high, low, volume and open_interest where known), also "
                       "gzip; default: contracts that are stored")
          ->type_name("FILE");
  command->add_option("--timeframe", options->timeframe, "Of stored bars")
      ->excludes(contracts)
      ->type_name("T")
      ->check(is_timeframe())
      ->capture_default_str();
  command
      ->add_option("--roll", options->roll,
                   "calendar:N (trading days before the last trade date), first_of_month, volume, open_interest, each "
                   "also with :N for the latest day, or dates:FILE")
      ->type_name("RULE")
      ->capture_default_str();
  command->add_option("--adjust", options->adjust, "none, difference, forward_difference, ratio or forward_ratio")
      ->type_name("METHOD")
      ->capture_default_str();
  command->add_option("--rank", options->rank, "0 is the front contract, 1 the next one")
      ->type_name("N")
      ->check(CLI::Range(0, market::kContinuousRankMax))
      ->capture_default_str();
  command
      ->add_option("--missing-overlap", options->overlap,
                   "Where two contracts have no common time before a roll: refuse, nearest prices, or none")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"refuse", "nearest", "none"}))
      ->capture_default_str();
  command->add_option("--calendar", options->calendar, "Name of a trading calendar, or a .toml file with one")
      ->type_name("NAME|FILE");
  command->add_option("--timezone", options->files.time_zone, "Time zone of stamps that carry none (IANA)")
      ->type_name("TZ")
      ->capture_default_str();
  command->add_option("--format", options->format, "csv or json")
      ->type_name("NAME")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "File to write; - is standard output")->type_name("FILE");
  command->add_option("--rolls", options->rolls, "Write the roll table as CSV")->type_name("FILE");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist continuous --root ES --contracts es.csv --roll volume --adjust ratio -o es_continuous.csv\n"
      "  tradeassist continuous --root ZC --roll calendar:5 --rolls rolls.csv\n"
      "  tradeassist continuous --root corn --contracts corn.csv.gz --roll dates:corn_rolls.csv");
  command->callback([options, &run] { run = [options] { return run_continuous(*options); }; });
}

}  // namespace tradeassist::app
