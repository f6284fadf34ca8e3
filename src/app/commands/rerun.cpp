#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/commands/optimize_again.hpp"
#include "app/result_file.hpp"
#include "app/script_options.hpp"
#include "app/search_progress.hpp"
#include "base/json.hpp"
#include "pine/catalogue.hpp"
#include "report/export/result_fields.hpp"
#include "server/search_again.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string file;
  int threads = 0;
};

/// The first place at which two values differ, "" where none does.
std::string first_difference(const boost::json::value& a, const boost::json::value& b, const std::string& at) {
  if (a.is_object() && b.is_object()) {
    for (const auto& [key, value] : a.get_object()) {
      const boost::json::value* const other = b.get_object().if_contains(key);
      const std::string here = at + "/" + std::string(key);
      if (other == nullptr) return here + " is missing now";
      if (std::string found = first_difference(value, *other, here); !found.empty()) return found;
    }
    return a.get_object().size() == b.get_object().size() ? "" : (at.empty() ? "the result" : at) + " has more now";
  }
  if (a.is_array() && b.is_array() && a.get_array().size() == b.get_array().size()) {
    for (std::size_t i = 0; i < a.get_array().size(); ++i) {
      std::string found = first_difference(a.get_array()[i], b.get_array()[i], at + "/" + std::to_string(i));
      if (!found.empty()) return found;
    }
    return "";
  }
  const std::string before = base::json_text(a), now = base::json_text(b);
  return before == now ? "" : fmt::format("{} was {:.60} and is {:.60}", at, before, now);
}

/// Searches as the server does, over the store that it has.
base::Result<boost::json::object> served_again(const boost::json::object& body, const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const base::Config& config = loaded.config;
  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(config.strategies_directory, "strategies"),
                                   configured_libraries(config)));
  TRY_ASSIGN(const auto market, open_market(config));
  TRY_ASSIGN(const auto cache, store::SeriesCache::create(*market, {.bytes_max = config.cache_megabytes << 20}));
  return run_search(false, [&](const optimize::ProgressCallback& progress, const std::stop_token& stop) {
    return server::search_again(body, *cache, catalogue, TRADEASSIST_VERSION, options.threads, progress, stop);
  });
}

base::Result<std::vector<std::string>> arguments_in(const boost::json::array& given) {
  std::vector<std::string> arguments;
  for (const boost::json::value& argument : given) {
    if (!argument.is_string())
      return base::failure(base::ErrorCode::kInvalidArgument, "is damaged: /request/arguments");
    arguments.emplace_back(argument.get_string());
  }
  return arguments;
}

base::Result<boost::json::object> made_again(const boost::json::object& result, const Options& options) {
  if (const boost::json::object* const body = report::object_at(result, {"request", "body"})) {
    return served_again(*body, options);
  }
  const boost::json::array* const given = report::array_at(result, {"request", "arguments"});
  if (given == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         options.file +
                             ": does not say how it was made; what `optimize --json` writes does, and "
                             "GET /api/v1/optimize/results");
  }
  const auto arguments = arguments_in(*given);
  if (!arguments) return base::in_context(options.file, arguments.error());
  return optimize_again(*arguments, options.common, options.threads);
}

base::Result<int> run_rerun(const Options& options) {
  TRY_ASSIGN(boost::json::object before, read_result(options.file));
  before.erase("job_id");  // which the server's answer adds
  TRY_ASSIGN(const boost::json::object made, made_again(before, options));
  // As it would be read again: numbers by their text.
  TRY_ASSIGN(const boost::json::value read, base::parse_json(base::json_text(made), report::kResultBytesMax));
  const boost::json::object& now = read.get_object();
  const std::string found = first_difference(before, now, "");
  if (found.empty()) {
    fmt::print("The same to the bit: {:.0f} trials on data {}\n", report::number_at(now, {"trials_tried"}).value_or(0),
               report::text_at(now, {"data_fingerprint"}));
    return kDone;
  }
  fmt::print("Not the same: {}\n", found);
  const auto tell = [&](const char* what, report::Path path) {
    const std::string old = report::text_at(before, path), fresh = report::text_at(now, path);
    if (old != fresh) fmt::print("The {} is another: {} and {}\n", what, old, fresh);
  };
  tell("data", {"data_fingerprint"});
  tell("script", {"request", "script_sha256"});
  tell("version", {"request", "version"});
  return kFailed;
}

}  // namespace

void add_rerun_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("rerun", "Run the search of a result again, and compare to the bit");
  command->add_option("RESULT", options->file, "What `optimize --json` wrote, or a server answered")
      ->type_name("FILE")
      ->required();
  command->add_option("--threads", options->threads, "0: one per core")->type_name("N")->check(CLI::Range(0, 256));
  options->common.add_to(*command);
  command->footer(
      "\nThe result says what was asked for; the script and the bars are taken from where they were: for the result of "
      "a\n"
      "server, from its catalogue and store. Exit code 1 when anything differs.\n\nExample:\n"
      "  tradeassist optimize my.pine --csv bars.csv --json result.json\n"
      "  tradeassist rerun result.json");
  command->callback([options, &run] { run = [options] { return run_rerun(*options); }; });
}

}  // namespace tradeassist::app
