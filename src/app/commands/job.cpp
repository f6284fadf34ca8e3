#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <utility>

#include "app/command.hpp"
#include "app/notify_parts.hpp"
#include "base/json.hpp"
#include "jobs/batch_queue.hpp"
#include "jobs/job_queue.hpp"
#include "server/routes/job_json.hpp"

namespace tradeassist::app {
namespace {

using jobs::Job;
using jobs::JobQueue;

struct Options {
  CommonOptions common;
  std::string id, kind, state, cursor;
  int limit = 100;
  bool dead_letters = false, with_result = false;
};

using Action = base::Result<int> (*)(JobQueue& queue, const Options& options);

/// The jobs of a data directory or server, whether it runs or not; none is taken here.
base::Result<int> run_action(const Options& options, Action action) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const store::DatabaseAddress address = app_address(loaded.config);
  std::error_code error;
  if (!address.is_server() && !std::filesystem::exists(address.file, error)) {
    return base::failure(base::ErrorCode::kNotFound,
                         address.file.string() + ": there are no jobs; is --data the right directory?");
  }
  TRY_ASSIGN(jobs::JobEnd on_end, job_events(loaded.config));
  TRY_ASSIGN(const auto queue,
             JobQueue::open(address, {.queued_max = loaded.config.jobs_queued_max, .on_end = std::move(on_end)}));
  return action(*queue, options);
}

std::string time_text(const std::optional<base::Time>& time) { return time ? base::format_time(*time) : "-"; }

std::string line_of(const Job& job) {
  return fmt::format("{}  {:<16}{:<10}{:>4.0f} %  priority {}  {}  {}{}\n", job.id, job.kind,
                     jobs::to_string(job.state), job.progress * 100, job.priority, base::format_time(job.created_at),
                     job.owner, job.is_dead_letter ? "  dead letter" : "");
}

base::Result<int> run_list(JobQueue& queue, const Options& options) {
  jobs::JobFilter filter;
  filter.kind = options.kind;
  filter.limit = options.limit;
  filter.cursor = options.cursor;
  if (options.dead_letters) filter.is_dead_letter = true;
  if (!options.state.empty()) { TRY_ASSIGN(filter.state, jobs::parse_job_state(options.state)); }
  TRY_ASSIGN(const jobs::JobPage page, queue.list(filter));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::job_page_json(page)));
    return kDone;
  }
  for (const Job& job : page.jobs) fmt::print("{}", line_of(job));
  if (!page.next_cursor.empty()) fmt::print("there are more: --cursor {}\n", page.next_cursor);
  return kDone;
}

void print_whole(const Job& job, const Options& options) {
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::whole_job_json(job, options.with_result)));
    return;
  }
  const auto row = [](std::string_view name, std::string_view text) {
    if (!text.empty()) fmt::print("{:<12}{}\n", name, text);
  };
  row("job", job.id);
  row("kind", job.kind);
  row("state", fmt::format("{}{}", jobs::to_string(job.state), job.is_dead_letter ? ", a dead letter" : ""));
  row("priority", std::to_string(job.priority));
  row("progress", fmt::format("{:.0f} %, {}", job.progress * 100, job.phase));
  row("attempts", fmt::format("{} of {}", job.attempts, jobs::kAttemptsMax));
  row("submitted", base::format_time(job.created_at));
  row("started", time_text(job.started_at));
  row("finished", time_text(job.finished_at));
  if (job.not_before) row("not before", base::format_time(*job.not_before));
  if (job.state == jobs::JobState::kRunning) row("run by", job.lease_owner);
  row("retry of", job.retry_of);
  row("note", job.note);
  row("error", job.error);
  row("request", job.request);
  if (options.with_result) row("result", job.result);
}

base::Result<int> run_show(JobQueue& queue, const Options& options) {
  TRY_ASSIGN(const Job job, queue.get(options.id));
  print_whole(job, options);
  return kDone;
}

base::Result<int> run_log(JobQueue& queue, const Options& options) {
  TRY_ASSIGN(const auto lines, queue.log(options.id));
  if (options.common.json) {
    boost::json::array rows;
    for (const jobs::JobLogLine& line : lines) rows.push_back(server::job_log_line_json(line));
    fmt::print("{}\n", base::json_text(rows));
    return kDone;
  }
  for (const jobs::JobLogLine& line : lines)
    fmt::print("{}  {:<8}{}\n", base::format_time(line.at), jobs::to_string(line.level), line.text);
  return kDone;
}

base::Result<int> run_statistics(JobQueue& queue, const Options& options) {
  TRY_ASSIGN(const jobs::JobStatistics known, queue.statistics());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::job_statistics_json(known)));
    return kDone;
  }
  for (const jobs::JobCount& each : known.counts)
    fmt::print("{:<16}{:<10}{:>8}\n", each.kind, jobs::to_string(each.state), each.count);
  for (const jobs::JobTimes& each : known.times) {
    fmt::print("{:<16}waited {:.1f} s (median), {:.1f} s (95 %); ran {:.1f} s (median), {:.1f} s (95 %); of {} jobs\n",
               each.kind, each.wait_median, each.wait_p95, each.run_median, each.run_p95, each.jobs);
  }
  fmt::print("{} dead letters\n", known.dead_letters);
  return kDone;
}

/// Of the workers that share its searches; those of a file are none.
base::Result<int> run_workers(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto batches, jobs::BatchQueue::open(app_address(loaded.config), {.version = TRADEASSIST_VERSION}));
  TRY_ASSIGN(const std::vector<jobs::Worker> workers, batches->workers());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::workers_json(workers)));
    return kDone;
  }
  for (const jobs::Worker& each : workers) {
    fmt::print("{:<36}{:<20}{:<10}{:>3} threads  since {}  {}  {} trials in {} batches\n", each.name, each.host,
               each.version, each.threads, base::format_time(each.started_at),
               each.is_alive ? "alive" : "last seen " + base::format_time(each.seen_at), each.trials, each.batches);
  }
  return kDone;
}

template <base::Result<Job> (JobQueue::*ask)(std::string_view, std::string_view)>
base::Result<int> run_request(JobQueue& queue, const Options& options) {
  TRY_ASSIGN(const Job job, (queue.*ask)(options.id, ""));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::job_json(job)));
    return kDone;
  }
  const bool is_asked = job.state == jobs::JobState::kRunning && (job.cancel_requested || job.pause_requested);
  fmt::print("{}: {}{}\n", job.id, jobs::to_string(job.state), is_asked ? ", it was asked to stop" : "");
  return kDone;
}

std::shared_ptr<Options> add_action(CLI::App& parent, Run& run, const char* name, const char* help, Action action,
                                    bool of_one) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(name, help);
  if (of_one) command->add_option("id", options->id, "The job, as `tradeassist job list` shows it")->required();
  command->add_flag("--json", options->common.json, "Print as JSON");
  options->common.add_to(*command);
  command->footer(
      fmt::format("\nExample:\n  tradeassist job {}{}", name, of_one ? " 0123456789abcdef0123456789abcdef" : ""));
  command->callback([options, action, &run] { run = [options, action] { return run_action(*options, action); }; });
  return options;
}

}  // namespace

void add_job_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("job", "List jobs, see what happened to them, cancel, pause, retry them");
  command->require_subcommand(1);
  command->footer(
      "\nThe jobs are those of the data directory or of --database, whether their server runs or not.\n"
      "\nExamples:\n  tradeassist job list --state failed\n  tradeassist job log 0123456789abcdef0123456789abcdef\n"
      "  tradeassist job list --dead-letters --database postgresql://trader@db/tradeassist");
  const auto listed = add_action(*command, run, "list", "Jobs, newest first", run_list, false);
  CLI::App* list = command->get_subcommand("list");
  list->add_option("--kind", listed->kind, "Only of this kind: optimize, historical_data, benchmark")
      ->type_name("NAME");
  list->add_option("--state", listed->state, "queued, running, paused, completed, failed or cancelled")
      ->check(CLI::IsMember({"queued", "running", "paused", "completed", "failed", "cancelled"}));
  list->add_flag("--dead-letters", listed->dead_letters, "Only those that failed in all their attempts");
  list->add_option("--limit", listed->limit, "At most so many (default 100)")->check(CLI::Range(1, 1'000));
  list->add_option("--cursor", listed->cursor, "Those after a page, as it says")->type_name("TEXT");
  const auto shown = add_action(*command, run, "show", "One job with its request", run_show, true);
  command->get_subcommand("show")->add_flag("--result", shown->with_result, "Also what came of it");
  add_action(*command, run, "log", "What happened to a job", run_log, true);
  add_action(*command, run, "statistics", "How many there are, and how long they wait and run", run_statistics, false);
  add_job_schedule_command(*command, run);
  auto workers = std::make_shared<Options>();
  CLI::App* listing = command->add_subcommand("workers", "Who helps with searches, on PostgreSQL");
  listing->add_flag("--json", workers->common.json, "Print as JSON");
  workers->common.add_to(*listing);
  listing->footer("\nExample:\n  tradeassist job workers --database postgresql://trader@db/tradeassist");
  listing->callback([workers, &run] { run = [workers] { return run_workers(*workers); }; });
  add_action(*command, run, "cancel", "Cancel a queued, paused or running job", run_request<&JobQueue::request_cancel>,
             true);
  add_action(*command, run, "pause", "Pause a queued or running job", run_request<&JobQueue::request_pause>, true);
  add_action(*command, run, "resume", "Let a paused job go on", run_request<&JobQueue::resume>, true);
  add_action(*command, run, "retry", "Submit a failed or cancelled job anew", run_request<&JobQueue::retry>, true);
}

}  // namespace tradeassist::app
