import type { Job } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { plural } from "../../ui/format";
import { jobsState } from "./address";
import { isActive, kindTitle, kKindChoices, stateTitle } from "./describe";
import { JobChannel } from "./JobChannel";
import { useAllJobs } from "./jobsApi";
import { JobTable } from "./JobTable";
import { kJobStates } from "./jobsState";

/** A server tells of many, but a page need not hear more than can be looked at. */
const kHeardMax = 40;

/** The list of jobs, or of those that failed in all their attempts. */
export function JobsTab({ dead }: { dead: boolean }) {
  const { kind, state, job: chosen } = jobsState.use();
  const list = useAllJobs({ kind, state: dead ? null : state, dead });
  const jobs = list.data?.pages.flatMap((page) => page.jobs) ?? [];
  // The details hear their job themselves.
  const heard = jobs.filter((job) => isActive(job) && job.job_id !== chosen).slice(0, kHeardMax);
  return (
    <section className="section" aria-label={dead ? "Dead letters" : "Jobs"}>
      {heard.map((job) => (
        <JobChannel key={job.job_id} id={job.job_id} />
      ))}
      <Filters dead={dead} jobs={jobs} />
      {dead && (
        <p className="muted jobs-about">
          Jobs that failed in all their attempts, or did not survive them. They stay until they are removed with the old ones; a
          retry starts the same anew.
        </p>
      )}
      {list.isPending && <Skeleton lines={8} />}
      {list.error !== null && <Failure error={list.error} what="The jobs could not be loaded" onRetry={() => void list.refetch()} />}
      {list.data !== undefined && jobs.length === 0 && <Empty dead={dead} narrowed={kind !== null || (!dead && state !== null)} />}
      {jobs.length > 0 && <JobTable label={dead ? "Dead letters" : "Jobs"} jobs={jobs} reasons={dead} />}
      {list.hasNextPage && (
        <p>
          <button type="button" className="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {list.isFetchingNextPage ? "Loading…" : "Load older jobs"}
          </button>
        </p>
      )}
      {jobs.length > 0 && (
        <p className="muted" role="status">
          {plural(jobs.length, "job")} shown, newest first{list.hasNextPage ? "; there are older ones" : ""}
        </p>
      )}
    </section>
  );
}

function Filters({ dead, jobs }: { dead: boolean; jobs: readonly Job[] }) {
  const { kind, state } = jobsState.use();
  const kinds = [...new Set([...kKindChoices, ...jobs.map((job) => job.kind), ...(kind === null ? [] : [kind])])];
  return (
    <div className="jobs-filters">
      <label>
        <span className="muted">Kind</span>
        <select
          className="control"
          value={kind ?? ""}
          onChange={(event) => jobsState.update({ kind: event.target.value === "" ? null : event.target.value })}
        >
          <option value="">All kinds</option>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {kindTitle(each)}
            </option>
          ))}
        </select>
      </label>
      {!dead && (
        <label>
          <span className="muted">State</span>
          <select
            className="control"
            value={state ?? ""}
            onChange={(event) => jobsState.update({ state: kJobStates.find((each) => each === event.target.value) ?? null })}
          >
            <option value="">All states</option>
            {kJobStates.map((each) => (
              <option key={each} value={each}>
                {stateTitle(each)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function Empty({ dead, narrowed }: { dead: boolean; narrowed: boolean }) {
  return (
    <div className="place-empty">
      <h3>{dead ? "No dead letters" : narrowed ? "No such job" : "No jobs yet"}</h3>
      <p className="muted">
        {narrowed
          ? "None of the kind and state that were asked for is kept."
          : dead
            ? "Nothing failed in all its attempts."
            : "Searches, tournaments, queries in the background and benchmarks are shown here while they run and after."}
      </p>
      {narrowed && (
        <p>
          <button type="button" className="button" onClick={() => jobsState.update({ kind: null, state: null })}>
            Show all
          </button>
        </p>
      )}
    </div>
  );
}
