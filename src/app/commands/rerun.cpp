#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/commands/optimize_again.hpp"
#include "app/result_file.hpp"
#include "base/json.hpp"
#include "report/export/result_fields.hpp"

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

base::Result<std::vector<std::string>> arguments_in(const boost::json::object& result) {
  const boost::json::array* const given = report::array_at(result, {"request", "arguments"});
  if (given == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "does not say how it was made; results that `optimize --json` wrote do");
  }
  std::vector<std::string> arguments;
  for (const boost::json::value& argument : *given) {
    if (!argument.is_string())
      return base::failure(base::ErrorCode::kInvalidArgument, "is damaged: /request/arguments");
    arguments.emplace_back(argument.get_string());
  }
  return arguments;
}

base::Result<int> run_rerun(const Options& options) {
  TRY_ASSIGN(const boost::json::object before, read_result(options.file));
  const auto arguments = arguments_in(before);
  if (!arguments) return base::in_context(options.file, arguments.error());
  TRY_ASSIGN(const boost::json::object made, optimize_again(*arguments, options.common, options.threads));
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
  command->add_option("RESULT", options->file, "What `optimize --json` wrote")
      ->type_name("FILE")
      ->required();
  command->add_option("--threads", options->threads, "0: one per core")->type_name("N")->check(CLI::Range(0, 256));
  options->common.add_to(*command);
  command->footer(
      "\nThe result says what was asked for; the script and the bars are taken from where they were. Exit code 1 when\n"
      "anything differs.\n\nExample:\n"
      "  tradeassist optimize my.pine --csv bars.csv --json result.json\n"
      "  tradeassist rerun result.json");
  command->callback([options, &run] { run = [options] { return run_rerun(*options); }; });
}

}  // namespace tradeassist::app
