import { Link } from "@tanstack/react-router";
import type { Job } from "../../api/types";
import { jobTitle, StateBadge } from "../../jobs/JobList";
import { isActive, isTournament } from "../../jobs/useJobs";
import { formatDuration, formatInteger, formatNumber, formatTime, kNone } from "../../ui/format";

/** Searches and tournaments, newest first. */
export function JobTable({ jobs, now }: { jobs: readonly Job[]; now: number }) {
  return (
    <div className="card optimise-list table-scroll" tabIndex={0} role="region" aria-label="Searches and tournaments">
      <table className="plain-table optimise-jobs">
        <thead>
          <tr>
            <th scope="col">Search</th>
            <th scope="col">Of</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Trials
            </th>
            <th scope="col" className="number" title="The best objective, in sample">
              Best
            </th>
            <th scope="col">Started, UTC</th>
            <th scope="col" className="number">
              Took
            </th>
            <th scope="col">
              <span className="visually-hidden">Open</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.job_id} job={job} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JobRow({ job, now }: { job: Job; now: number }) {
  const tournament = isTournament(job);
  return (
    <tr data-job={job.job_id}>
      <th scope="row">
        <JobLink id={job.job_id} label={jobTitle(job)} />
      </th>
      <td>{tournament ? <span className="muted">many strategies</span> : `${job.symbol} ${job.timeframe}`}</td>
      <td>
        <StateBadge job={job} />
      </td>
      <td className="number">{formatInteger(job.trials_done)}</td>
      <td className="number">{formatNumber(job.best?.objective, 4)}</td>
      <td>{formatTime(job.created_at).slice(0, 16)}</td>
      <td className="number">{took(job, now)}</td>
      <td className="optimise-jobs-more">
        {job.state === "completed" && !tournament && <JobLink id={job.job_id} view="verdict" label="Verdict" />}
        {job.state === "completed" && tournament && <JobLink id={job.job_id} label="Leaderboard" />}
      </td>
    </tr>
  );
}

function JobLink({ id, label, view }: { id: string; label: string; view?: string }) {
  // The place reads its query string itself; the router only carries it.
  const search = { job: id, ...(view === undefined ? {} : { view }) } as never;
  return (
    <Link to="/optimise" search={search}>
      {label}
    </Link>
  );
}

function took({ started_at: from, finished_at: to, state }: Job, now: number): string {
  if (from === null) return kNone;
  const end = to !== null ? Date.parse(to) : isActive({ state }) ? now : null;
  if (end === null) return kNone;
  const seconds = (end - Date.parse(from)) / 1000;
  return seconds >= 0 && seconds < 1 ? "< 1 s" : formatDuration(seconds);
}
