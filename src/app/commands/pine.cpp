#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/command.hpp"
#include "app/script_options.hpp"
#include "base/json.hpp"
#include "pine/catalogue.hpp"
#include "pine/syntax/formatter.hpp"
#include "report/pine_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::vector<std::string> files;
  bool json = false, listing = false;  // of check
  bool check = false, write = false;   // of format
};

base::Result<int> run_check(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  bool failed = false;
  boost::json::array findings;
  for (const std::string& file : options.files) {
    auto text = pine::read_script(file);
    if (!text) {
      failed = true;
      if (options.json) {
        findings.push_back(
            boost::json::object{{"file", file}, {"severity", "error"}, {"message", text.error().message}});
      } else {
        fmt::print("{}\n", text.error().message);
      }
      continue;
    }
    const pine::Compilation made = pine::compile(file, std::move(*text), libraries_of(file, loaded.config));
    failed = failed || !made.program;
    if (!options.json) {
      fmt::print("{}", pine::render(made));
      if (made.program && options.listing) fmt::print("{}", pine::disassemble(*made.program));
      continue;
    }
    for (boost::json::value& finding : report::findings_json(made)) findings.push_back(std::move(finding));
  }
  if (options.json) fmt::print("{}\n", base::json_text(findings));
  return failed ? kFailed : kDone;
}

/// Puts `text` in the place of the file's at once: whoever reads the file sees the one or the other.
base::Result<void> replace_file(const std::string& file, const std::string& text) {
  const std::string beside = file + ".formatted";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return base::failure(base::ErrorCode::kIo, beside + ": cannot be written");
  }
  std::error_code error;
  std::filesystem::permissions(beside, std::filesystem::status(file).permissions(), error);
  std::filesystem::rename(beside, file, error);
  if (!error) return {};
  std::filesystem::remove(beside);
  return base::failure(base::ErrorCode::kIo, file + ": cannot be replaced: " + error.message());
}

base::Result<int> run_format(const Options& options) {
  bool failed = false;
  for (const std::string& file : options.files) {
    auto text = pine::read_script(file);
    if (!text) {
      failed = true;
      fmt::print(stderr, "{}\n", text.error().message);
      continue;
    }
    const pine::Source source(file, std::move(*text));
    pine::Diagnostics diagnostics;
    const auto formatted = pine::format(source, diagnostics);
    if (!formatted) {
      failed = true;
      for (const pine::Diagnostic& diagnostic : diagnostics.all()) {
        fmt::print(stderr, "{}", pine::render(source, diagnostic));
      }
      continue;
    }
    const bool changed = *formatted != source.text();
    if (options.check) {
      failed = failed || changed;
      if (changed) fmt::print("{}: is not in canonical layout\n", file);
    } else if (!options.write) {
      fmt::print("{}", *formatted);
    } else if (changed) {
      TRY(replace_file(file, *formatted));
      fmt::print("{}: formatted\n", file);
    }
  }
  return failed ? kFailed : kDone;
}

}  // namespace

void add_pine_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* pine = program.add_subcommand("pine", "Pine Script tools");
  pine->require_subcommand(1);
  CLI::App* check = pine->add_subcommand("check", "Compile scripts; reports every error as file:line:column");
  check->add_option("FILE", options->files, "Pine v5 or v6 scripts")->required();
  options->common.add_to(*check, false);
  check->add_flag("--json", options->json, "Print the findings as JSON");
  check->add_flag("--listing", options->listing, "Print the program as well");
  check->footer("\nExample:\n  tradeassist pine check strategies/trend/*.pine");
  check->callback([options, &run] { run = [options] { return run_check(*options); }; });
  CLI::App* format = pine->add_subcommand("format", "Print scripts in canonical layout, comments kept");
  format->add_option("FILE", options->files, "Pine scripts")->required();
  CLI::Option* only_check = format->add_flag("--check", options->check, "Only name the files that would change");
  format->add_flag("--write", options->write, "Rewrite the files in place")->excludes(only_check);
  format->footer("\nExample:\n  tradeassist pine format --write my/*.pine");
  format->callback([options, &run] { run = [options] { return run_format(*options); }; });
}

}  // namespace tradeassist::app
