import { useNavigate } from "@tanstack/react-router";
import { useStrategies } from "../api/queries";
import type { Job } from "../api/types";
import { history } from "../state/address";
import { pageState, updatePage } from "../state/usePageState";
import { Failure } from "../ui/Failure";
import { Skeleton } from "../ui/Skeleton";
import { formatInteger, formatPercent, formatTime, spacedName } from "../ui/format";
import { isActive, isTournament, useJobs } from "./useJobs";
import "./jobs.css";

/** Searches, newest first; choosing one shows it. */
export function JobList({ onChosen }: { onChosen?: () => void }) {
  const jobs = useJobs();
  const strategies = useStrategies();
  const navigate = useNavigate();
  if (jobs.isPending) return <Skeleton lines={3} />;
  if (jobs.error !== null && jobs.data === undefined) {
    return <Failure error={jobs.error} what="The searches could not be loaded" onRetry={() => void jobs.refetch()} />;
  }
  if (jobs.data === undefined || jobs.data.length === 0) {
    return <p className="muted">None yet. A search keeps running on the server when this page is closed.</p>;
  }
  const show = (job: Job) => {
    // Beside the chart where there is one; elsewhere, and where there is no one chart, in the place for it.
    if (history.location.pathname === "/strategies" && !isTournament(job)) {
      showJob(job, strategies.data?.some((strategy) => strategy.name === job.strategy) === true);
    } else {
      void navigate({ to: "/optimise", search: { job: job.job_id } as never });
    }
  };
  return (
    <ul className="job-list">
      {jobs.data.map((job) => (
        <li key={job.job_id}>
          <button
            type="button"
            className="job-item"
            data-job={job.job_id}
            onClick={() => {
              show(job);
              onChosen?.();
            }}
          >
            <span className="job-item-name">{jobTitle(job)}</span>
            <StateBadge job={job} />
            <span className="muted">
              {isTournament(job) ? "" : `${job.symbol} ${job.timeframe}, `}
              {formatInteger(job.trials_done)} trials
            </span>
            <span className="muted">{formatTime(job.created_at).slice(0, 16)} UTC</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function jobTitle(job: Pick<Job, "strategy">): string {
  return job.strategy === null ? "Tournament" : spacedName(job.strategy);
}

export function StateBadge({ job }: { job: Job }) {
  const text = job.state === "running" ? `Running ${formatPercent(job.progress * 100, 0)}` : kStates[job.state];
  return (
    <span className="badge job-state" data-state={job.state} data-active={isActive(job) || undefined}>
      {text}
    </span>
  );
}

export const kStates: Record<Job["state"], string> = {
  queued: "Waiting",
  running: "Running",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** Opens a search together with the data and, when the catalogue has it, the strategy that it is about. */
function showJob(job: Job, catalogued: boolean): void {
  const other = catalogued && job.strategy !== pageState().strategy;
  updatePage({
    job: job.job_id,
    tab: "optimise",
    view: "summary",
    symbol: job.symbol,
    timeframe: job.timeframe,
    ...(other ? { strategy: job.strategy, inputs: {}, properties: {}, ran: false } : {}),
  });
}
