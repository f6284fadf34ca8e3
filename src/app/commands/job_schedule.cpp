#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "app/schwab_parts.hpp"
#include "app/script_options.hpp"
#include "base/json.hpp"
#include "jobs/job_queue.hpp"
#include "server/schedule_request.hpp"

namespace tradeassist::app {
namespace {

constexpr std::size_t kRequestBytesMax = 4 << 20;

struct Options {
  CommonOptions common;
  std::string name, request = "-";
  server::ScheduleBody body;
  bool disabled = false;
};

base::Result<std::unique_ptr<jobs::JobQueue>> open_queue(const base::Config& config) {
  return jobs::JobQueue::open(app_address(config), {.queued_max = config.jobs_queued_max});
}

std::string line_of(const jobs::JobSchedule& schedule) {
  const std::string next = schedule.next_at ? "next " + base::format_time(*schedule.next_at) : "disabled";
  return fmt::format("{:<24}{:<20}{:<20}{:<16} priority {}  {}{}\n", schedule.name, schedule.cron, schedule.time_zone,
                     schedule.kind, schedule.priority, next,
                     schedule.last_job_id.empty() ? "" : "  last job " + schedule.last_job_id);
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto queue, open_queue(loaded.config));
  TRY_ASSIGN(const std::vector<jobs::JobSchedule> schedules, queue->list_schedules());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::schedules_json(schedules)));
    return kDone;
  }
  for (const jobs::JobSchedule& schedule : schedules) fmt::print("{}", line_of(schedule));
  return kDone;
}

base::Result<boost::json::value> read_request(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return base::failure(base::ErrorCode::kNotFound, path + ": there is no such file, or it cannot be read");
  std::string text;
  std::array<char, 64 * 1024> part{};
  while (in.read(part.data(), part.size()), in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kRequestBytesMax) break;
  }
  auto value = base::parse_json(text, kRequestBytesMax);
  if (!value) return base::in_context(path == "-" ? "the request" : path, value.error());
  return value;
}

/// What is wrong, as the command line names it.
base::Error error_of(const server::Problem& problem) {
  std::string text = problem.detail;
  for (const server::ProblemField& field : problem.errors)
    text += "\n" + (field.pointer.empty() ? "" : field.pointer.substr(1) + ": ") + field.message;
  return {base::ErrorCode::kInvalidArgument, std::move(text)};
}

base::Result<int> run_set(Options options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const base::Config& config = loaded.config;
  TRY_ASSIGN(options.body.request, read_request(options.request));
  options.body.enabled = !options.disabled;
  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(config.strategies_directory, "strategies"),
                                   configured_libraries(config)));
  TRY_ASSIGN(const auto market, open_market(config));
  TRY_ASSIGN(const auto cache, store::SeriesCache::create(*market));
  std::unique_ptr<SchwabParts> schwab;
  if (!config.schwab_key.empty()) { TRY_ASSIGN(schwab, SchwabParts::make(config)); }
  const auto schedule =
      server::read_schedule(options.name, options.body, {*cache, catalogue, provider_source(schwab.get())});
  if (const auto* problem = std::get_if<server::Problem>(&schedule)) return std::unexpected(error_of(*problem));
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(config));
  TRY_ASSIGN(const auto queue, open_queue(config));
  TRY_ASSIGN(const jobs::JobSchedule stored, queue->put_schedule(std::get<jobs::JobSchedule>(schedule)));
  TRY(audit.done("job schedule set", options.name));
  fmt::print("{}", options.common.json ? base::json_text(server::schedule_json(stored)) + "\n" : line_of(stored));
  return kDone;
}

base::Result<int> run_remove(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto queue, open_queue(loaded.config));
  TRY(queue->remove_schedule(options.name));
  TRY(audit.done("job schedule remove", options.name));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(boost::json::object{{"name", options.name}, {"removed", true}}));
  } else {
    fmt::print("{}: removed; its jobs stay\n", options.name);
  }
  return kDone;
}

}  // namespace

void add_job_schedule_command(CLI::App& job, Run& run) {
  CLI::App* command = job.add_subcommand("schedule", "What submits jobs by itself");
  command->require_subcommand(1);
  command->footer(
      "\nExamples:\n  tradeassist job schedule list\n"
      "  tradeassist job schedule set weekly-search --cron '30 17 * * fri' --time-zone America/New_York \\\n"
      "      --kind optimize --request search.json\n  tradeassist job schedule remove weekly-search");
  add_action(*command, run, std::make_shared<Options>(), "list", "Schedules, by name", run_list);

  const auto set = std::make_shared<Options>();
  CLI::App* setting = add_action(*command, run, set, "set", "Make or replace a schedule",
                                 [](const Options& options) { return run_set(options); });
  setting->add_option("name", set->name, "Letters, digits, and any of _ - .")->required();
  setting->add_option("--cron", set->body.cron, "Minute, hour, day of the month, month, day of the week, as of crontab")
      ->type_name("TEXT")
      ->required();
  setting->add_option("--time-zone", set->body.time_zone, "Whose clocks it means (default UTC)")->type_name("NAME");
  setting->add_option("--kind", set->body.kind, "Of its jobs")
      ->check(CLI::IsMember({"optimize", "historical_data"}))
      ->required();
  setting
      ->add_option("--request", set->request,
                   "What is sent to start one such job over HTTP, in JSON; - (default) reads it from standard input")
      ->type_name("FILE");
  setting->add_option("--priority", set->body.priority, "Of its jobs, 0 (lowest) to 3 (default 1)")
      ->check(CLI::Range(jobs::kPriorityMin, jobs::kPriorityMax));
  setting->add_flag("--disabled", set->disabled, "Keep it, but submit nothing");

  const auto removed = std::make_shared<Options>();
  add_action(*command, run, removed, "remove", "Remove a schedule; its jobs stay", run_remove)
      ->add_option("name", removed->name, "The schedule")
      ->required();
}

}  // namespace tradeassist::app
