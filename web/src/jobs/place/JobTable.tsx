import type { KeyboardEvent, MouseEvent } from "react";
import type { Job } from "../../api/schema";
import { formatDuration, formatPercent, formatTime, kNone } from "../../ui/format";
import { TableScroll } from "../../ui/table/TableScroll";
import { jobsAddress, jobsState } from "./address";
import { accountOf, isActive, kindTitle, phaseTitle, priorityTitle, secondsOf } from "./describe";
import { JobActions } from "./JobActions";
import { StateBadge } from "./StateBadge";
import { useNow } from "./useNow";

interface JobTableProps {
  label: string;
  jobs: readonly Job[];
  /** Why each failed, below its name. */
  reasons: boolean;
}

/** Jobs a row each. The name opens the details; arrows go from name to name. */
export function JobTable({ label, jobs, reasons }: JobTableProps) {
  const chosen = jobsState.use().job;
  const now = useNow(jobs.some((job) => job.state === "running"));
  const owners = new Set(jobs.map((job) => job.owner)).size > 1;
  return (
    <TableScroll label={label}>
      <table className="plain-table jobs-table numbers" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col" className="jobs-wide">Progress</th>
            <th scope="col" className="jobs-wide">Priority</th>
            {owners && <th scope="col" className="jobs-wide">Owner</th>}
            <th scope="col" className="number jobs-medium">Submitted, UTC</th>
            <th scope="col" className="number jobs-wide">Took</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenNames}>
          {jobs.map((job) => (
            <tr key={job.job_id} data-job={job.job_id} data-state={job.state} aria-current={job.job_id === chosen ? "true" : undefined}>
              <td className="jobs-name">
                <a href={jobsAddress({ job: job.job_id })} onClick={(event) => open(event, job.job_id)}>
                  {kindTitle(job.kind)}
                </a>
                <span className="jobs-sub muted">
                  {accountOf(job)} <code>{job.job_id.slice(0, 8)}</code>
                  <span className="jobs-narrow">{submitted(job)} UTC</span>
                </span>
                {reasons && job.error !== null && <span className="jobs-sub jobs-reason">{job.error}</span>}
              </td>
              <td>
                <StateBadge job={job} />
              </td>
              <td className="jobs-wide">
                <RowProgress job={job} />
              </td>
              <td className="jobs-wide">{priorityTitle(job.priority)}</td>
              {owners && <td className="jobs-wide">{job.owner}</td>}
              <td className="number jobs-medium">{submitted(job)}</td>
              <td className="number jobs-wide">{took(job, now)}</td>
              <td>
                <JobActions job={job} compact />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function submitted(job: Job): string {
  return formatTime(Math.floor(Date.parse(job.created_at) / 1000) * 1000);
}

function took(job: Job, now: number): string {
  const seconds = secondsOf(job, now);
  if (seconds === null) return kNone;
  return seconds < 10 && job.finished_at !== null ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : formatDuration(seconds);
}

function RowProgress({ job }: { job: Job }) {
  if (job.state === "completed") return <span className="muted">Done</span>;
  if (!isActive(job) && job.state !== "paused") return <span className="muted">{phaseTitle(job.phase)}</span>;
  const percent = Math.floor(job.progress * 100);
  return (
    <span className="jobs-progress">
      <span
        className="jobs-bar"
        role="progressbar"
        aria-label={`${kindTitle(job.kind)} ${job.job_id.slice(0, 8)}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span style={{ transform: `scaleX(${Math.min(1, job.progress)})` }} />
      </span>
      <span className="jobs-percent">{formatPercent(percent, 0)}</span>
      <span className="muted jobs-phase">{phaseTitle(job.phase)}</span>
    </span>
  );
}

function open(event: MouseEvent, id: string): void {
  // Another tab or window, if that was asked for.
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  jobsState.update({ job: id });
}

function moveBetweenNames(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>(".jobs-name a")];
  const at = names.findIndex((name) => name === event.target);
  const next = at < 0 ? undefined : names[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
