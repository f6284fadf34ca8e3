import type { ReactNode } from "react";
import type { WholeJob } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { formatDuration, formatPercent, formatTime, kNone } from "../../ui/format";
import { toast } from "../../ui/toast";
import { jobsAddress, jobsState } from "./address";
import { accountOf, compactRequest, hasEnded, kindTitle, phaseTitle, priorityTitle, secondsOf, subjectOf } from "./describe";
import { JobActions } from "./JobActions";
import { JobChannel } from "./JobChannel";
import { JobLogView } from "./JobLogView";
import { JobOutcome } from "./JobOutcome";
import { useWholeJob } from "./jobsApi";
import { StateBadge } from "./StateBadge";
import { useNow } from "./useNow";

/** All that is known of one job: how far it is, what was asked, what happened, what came of it. */
export function JobDetail({ id }: { id: string }) {
  const job = useWholeJob(id);
  return (
    <aside className="jobs-detail" aria-label="Job" data-state={job.data?.state}>
      <header className="jobs-detail-head">
        <h3>{job.data === undefined ? "Job" : kindTitle(job.data.kind)}</h3>
        {job.data !== undefined && <StateBadge job={job.data} />}
        <button
          type="button"
          className="button quiet icon small"
          aria-label="Close the job"
          title="Close the job"
          onClick={() => jobsState.update({ job: null })}
        >
          <Icon name="close" size={14} />
        </button>
      </header>
      {job.isPending && <Skeleton lines={8} />}
      {job.error !== null && job.data === undefined && (
        <Failure error={job.error} what="The job could not be loaded" onRetry={() => void job.refetch()} />
      )}
      {job.data !== undefined && <Details job={job.data} />}
    </aside>
  );
}

function Details({ job }: { job: WholeJob }) {
  const ended = hasEnded(job);
  const subject = subjectOf(job.request);
  return (
    <>
      {!ended && <JobChannel id={job.job_id} />}
      {subject !== "" && <p className="jobs-subject">{subject}</p>}
      <JobActions job={job} />
      {!ended && <Progress job={job} />}
      {job.error !== null && (
        <p className="notice danger jobs-text" role="status">
          {job.error}
        </p>
      )}
      {job.note !== null && job.note !== "" && <p className="notice jobs-text">{job.note}</p>}
      <Facts job={job} />
      <JobOutcome job={job} />
      <RequestView job={job} />
      <JobLogView id={job.job_id} ended={ended} />
    </>
  );
}

function Progress({ job }: { job: WholeJob }) {
  const percent = Math.floor(job.progress * 100);
  return (
    <div className="jobs-detail-progress numbers">
      <p>
        <strong>{formatPercent(percent, 0)}</strong> <span className="muted">{phaseTitle(job.phase)}</span>
        <span className="muted jobs-account">{accountOf(job)}</span>
      </p>
      <div className="jobs-bar" role="progressbar" aria-label="Progress" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <span style={{ transform: `scaleX(${Math.min(1, job.progress)})` }} />
      </div>
    </div>
  );
}

function Facts({ job }: { job: WholeJob }) {
  const now = useNow(job.state === "running");
  const facts: readonly (readonly [title: string, value: ReactNode])[] = [
    ["Id", <IdCopy key="id" id={job.job_id} />],
    ["Priority", priorityTitle(job.priority)],
    ["Owner", job.owner],
    ["Submitted", utc(job.created_at)],
    ["Started", utc(job.started_at)],
    ["Ended", utc(job.finished_at)],
    ["Worked for", formatDuration(secondsOf(job, now))],
    ["Attempts", `${job.attempts} of ${job.attempts_max}`],
    ...(job.not_before === null ? [] : [["Next attempt", utc(job.not_before)] as const]),
    ...(job.run_by === null ? [] : [["Run by", job.run_by] as const]),
    ...(hasEnded(job) ? [] : [["Checkpoint", job.has_checkpoint ? "Kept: it goes on from there" : "None yet"] as const]),
    ...(job.retry_of === null ? [] : [["Retry of", <JobLink key="of" id={job.retry_of} />] as const]),
  ];
  return (
    <dl className="jobs-facts">
      {facts.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function utc(time: string | null): string {
  return time === null ? kNone : `${formatTime(Math.floor(Date.parse(time) / 1000) * 1000)} UTC`;
}

function IdCopy({ id }: { id: string }) {
  return (
    <span className="jobs-id">
      <code>{id}</code>
      <CopyButton text={id} what="id" />
    </span>
  );
}

function JobLink({ id }: { id: string }) {
  return (
    <a
      href={jobsAddress({ job: id })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        jobsState.update({ job: id });
      }}
    >
      <code>{id.slice(0, 8)}</code>
    </a>
  );
}

function CopyButton({ text, what }: { text: string; what: string }) {
  return (
    <button
      type="button"
      className="button quiet icon small"
      aria-label={`Copy the ${what}`}
      title={`Copy the ${what}`}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => toast({ title: `The ${what} was copied` }),
          () => toast({ title: `The ${what} was not copied`, detail: "The browser does not let the page write to the clipboard.", look: "danger" }),
        );
      }}
    >
      <Icon name="copy" size={14} />
    </button>
  );
}

function RequestView({ job }: { job: WholeJob }) {
  const text = JSON.stringify(compactRequest(job.request), null, 2);
  const schedulable = job.kind === "optimize" || job.kind === "historical_data";
  return (
    <section className="jobs-part" aria-label="Request">
      <div className="jobs-part-head">
        <h4>Request</h4>
        {schedulable && (
          <button
            type="button"
            className="button quiet small"
            onClick={() => jobsState.update({ tab: "schedules", job: null, schedule: null, making: true, like: job.job_id })}
          >
            <Icon name="plus" size={14} />
            Schedule the same
          </button>
        )}
        <CopyButton text={text} what="request" />
      </div>
      <pre className="jobs-code" tabIndex={0} aria-label="Request as JSON">
        {text}
      </pre>
    </section>
  );
}
