import { type ComponentType, useMemo } from "react";
import { useStrategy } from "../api/queries";
import type { Job } from "../api/types";
import type { JobView as View } from "../state/url";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { formatNumber, plural } from "../ui/format";
import { jobTitle, StateBadge } from "./JobList";
import { JobProgress } from "./JobProgress";
import { JobResults, ViewTabs } from "./JobResults";
import { isActive, isTournament, useJob, useJobAction, useResults } from "./useJobs";
import { type ChosenValues, formatValue, parameterTitles } from "./values";

interface JobViewProps {
  id: string;
  currency: (symbol: string | null) => string;
  view: View;
  onView: (view: View) => void;
  /** Where one goes from here. */
  leave: { label: string; run: () => void };
  /** Another job takes this one's place: it was tried again. */
  onOther: (id: string) => void;
  onUse: (values: ChosenValues) => void;
  /** The leaderboard of a tournament that has ended. */
  ended?: ComponentType<EndedProps>;
}

/** What shows a tournament that has ended. */
export interface EndedProps {
  job: Job;
  currency: (symbol: string | null) => string;
  onUse: (values: ChosenValues) => void;
}

/** One search or tournament: its progress while it runs, its results when it has ended. */
export function JobView({ id, currency, view, onView, leave, onOther, onUse, ended: Ended }: JobViewProps) {
  const job = useJob(id);
  const results = useResults(job.data);
  return (
    <div className="job" data-state={job.data?.state}>
      <header className="job-head">
        <button type="button" className="button small" onClick={leave.run}>
          <Icon name="back" size={14} />
          {leave.label}
        </button>
        {job.data !== undefined && (
          <>
            <h3>{jobTitle(job.data)}</h3>
            {!isTournament(job.data) && (
              <span className="muted">
                {job.data.symbol} {job.data.timeframe}
              </span>
            )}
            <StateBadge job={job.data} />
          </>
        )}
        {results.data !== undefined && <ViewTabs results={results.data} view={view} onView={onView} />}
      </header>
      {job.isPending && (
        <div className="job-body">
          <Skeleton lines={6} />
        </div>
      )}
      {job.error !== null && job.data === undefined && (
        <div className="job-body">
          <Failure error={job.error} what="The search could not be loaded" onRetry={() => void job.refetch()} />
        </div>
      )}
      {job.data !== undefined && (isActive(job.data) || job.data.state === "paused") && <Running job={job.data} />}
      {job.data?.state === "failed" && <Failed job={job.data} onOther={onOther} />}
      {job.data?.state === "completed" && isTournament(job.data) && Ended !== undefined && (
        <Ended job={job.data} currency={currency} onUse={onUse} />
      )}
      {results.data !== undefined && job.data !== undefined && (
        <JobResults results={results.data} job={job.data} currency={currency(job.data.symbol)} view={view} onView={onView} onUse={onUse} />
      )}
      {job.data?.state === "cancelled" && <Cancelled job={job.data} onOther={onOther} onUse={onUse} />}
      {job.data?.state === "completed" && !isTournament(job.data) && results.data === undefined && (
        <div className="job-body">
          {results.error === null ? (
            <Skeleton lines={8} />
          ) : (
            <Failure error={results.error} what="The results could not be loaded" onRetry={() => void results.refetch()} />
          )}
        </div>
      )}
    </div>
  );
}

function Running({ job }: { job: Job }) {
  const strategy = useStrategy(job.strategy);
  const titleOf = useMemo(() => parameterTitles(strategy.data), [strategy.data]);
  return <JobProgress job={job} titleOf={titleOf} />;
}

function Failed({ job, onOther }: { job: Job; onOther: (id: string) => void }) {
  const retry = useJobAction("retry", onOther);
  return (
    <div className="job-body">
      <Failure
        error={retry.error ?? new Error(job.error ?? "The server gave no reason.")}
        what={retry.error === null ? `${isTournament(job) ? "The tournament" : "The search"} failed` : "It could not be tried again"}
        onRetry={() => retry.mutate(job.job_id)}
      />
    </div>
  );
}

interface CancelledProps {
  job: Job;
  onOther: (id: string) => void;
  onUse: (values: ChosenValues) => void;
}

/** Its trials are gone; the best of them is not. */
function Cancelled({ job, onOther, onUse }: CancelledProps) {
  const retry = useJobAction("retry", onOther);
  const strategy = useStrategy(job.strategy);
  const titleOf = useMemo(() => parameterTitles(strategy.data), [strategy.data]);
  const { best, symbol, timeframe } = job;
  const parameters = Object.fromEntries(Object.entries(best?.parameters ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
  return (
    <div className="tab-empty" role="status">
      <p>
        {isTournament(job) ? "The tournament" : "The search"} was cancelled after {plural(job.trials_done, "trial")}.
      </p>
      {best !== null && (
        <p className="numbers">
          The best of them, in sample: <strong>{formatNumber(best.objective, 4)}</strong> with{" "}
          {Object.entries(parameters)
            .map(([name, value]) => `${titleOf(name)} ${formatValue(value)}`)
            .join(", ")}
        </p>
      )}
      <p className="job-choices">
        <button type="button" className="button" disabled={retry.isPending} onClick={() => retry.mutate(job.job_id)}>
          <Icon name="refresh" size={14} />
          Start it again
        </button>
        {best !== null && strategy.data !== undefined && symbol !== null && timeframe !== null && (
          <button type="button" className="button" onClick={() => onUse({ strategy: job.strategy, pine: null, symbol, timeframe, parameters })}>
            <Icon name="check" size={14} />
            Use these values
          </button>
        )}
      </p>
      {retry.error !== null && <Failure error={retry.error} what="It could not be started again" />}
    </div>
  );
}
