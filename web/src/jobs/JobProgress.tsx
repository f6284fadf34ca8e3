import type { Job } from "../api/types";
import { lazy, Suspense } from "react";
import { Failure } from "../ui/Failure";
import { formatDuration, formatInteger, formatNumber, formatPercent, sentenceName } from "../ui/format";
import { formatValue, type TitleOf } from "./values";
import { sightings } from "./bestSoFar";
import { CancelJob } from "./CancelJob";
import { isTournament, useJobAction } from "./useJobs";

const BestSoFar = lazy(() => import("./BestSoFar").then((module) => ({ default: module.BestSoFar })));

const kPhases: Partial<Record<string, string>> = {
  initializing: "Starting",
  data_preparation: "Reading the bars",
  hyperparameter_optimization: "Trying values",
  backtesting: "Testing the best values",
  performance_analysis: "Measuring",
  finalizing: "Finishing",
};

/** A search or tournament that runs, waits or is paused. Every figure has its fixed place, so that only digits change. */
export function JobProgress({ job, titleOf }: { job: Job; titleOf: TitleOf }) {
  const cancel = useJobAction("cancel");
  const pause = useJobAction("pause");
  const resume = useJobAction("resume");
  const paused = job.state === "paused";
  const percent = job.progress * 100;
  const tournament = isTournament(job);
  const found = sightings(job);
  return (
    <div className="job-body progress" aria-label="Progress">
      <div className="progress-head">
        <p>
          <strong>{formatPercent(percent, 0)}</strong> <span className="muted">{paused ? "Paused" : (kPhases[job.phase] ?? sentenceName(job.phase))}</span>
        </p>
        <div className="progress-actions">
          {paused ? (
            <button type="button" className="button" disabled={resume.isPending} onClick={() => resume.mutate(job.job_id)}>
              Resume
            </button>
          ) : (
            <button type="button" className="button" disabled={pause.isPending} onClick={() => pause.mutate(job.job_id)}>
              {pause.isPending ? "Pausing…" : "Pause"}
            </button>
          )}
          <CancelJob
            job={job}
            busy={cancel.isPending}
            onCancel={() => cancel.mutate(job.job_id)}
            onPause={paused ? null : () => pause.mutate(job.job_id)}
          />
        </div>
      </div>
      <div
        className="progress-track"
        role="progressbar"
        aria-label="Search"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
      >
        <div className="progress-bar" style={{ transform: `scaleX(${Math.min(1, job.progress)})` }} />
      </div>
      <dl className="tiles">
        <Figure title="Trials" value={`${formatInteger(job.trials_done)} of ${formatInteger(job.trials_total)}`} />
        <Figure title="Speed" value={job.trials_per_second === null ? "–" : `${formatInteger(job.trials_per_second)} trials/s`} />
        <Figure title="Time left" value={formatDuration(job.seconds_left)} />
        {!tournament && <Figure title="Best so far, in sample" value={formatNumber(job.best?.objective, 4)} />}
      </dl>
      <p className="progress-best">
        {tournament
          ? "The leaderboard is known when all stages are over."
          : job.best === null
            ? "No trial has a value yet."
            : Object.entries(job.best.parameters)
              .map(([name, value]) => `${titleOf(name)} ${formatValue(value)}`)
              .join(", ")}
      </p>
      {job.note !== null && job.note !== "" && <p className="notice">{job.note}</p>}
      {cancel.error !== null && <Failure error={cancel.error} what="It was not cancelled" />}
      {pause.error !== null && <Failure error={pause.error} what="It was not paused" />}
      {resume.error !== null && <Failure error={resume.error} what="It was not resumed" />}
      {!tournament && (
        <Suspense fallback={<div className="progress-found" />}>
          <BestSoFar job={job} found={found} titleOf={titleOf} />
        </Suspense>
      )}
      <p className="muted">
        {paused
          ? "The trials that were made are kept: it goes on from there when it is resumed."
          : "It runs on the server: it goes on when this page is closed and is found again under Searches."}
      </p>
    </div>
  );
}

function Figure({ title, value }: { title: string; value: string }) {
  return (
    <div className="tile">
      <dt>{title}</dt>
      <dd className="tile-small">{value}</dd>
    </div>
  );
}
