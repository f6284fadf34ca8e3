import type { Job } from "../../api/types";
import { jobTitle, kStates } from "../../jobs/JobList";
import { isTournament, useJobPages } from "../../jobs/useJobs";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { plural } from "../../ui/format";
import { updateOptimise, useOptimiseState } from "./address";
import { kJobStates, type OptimiseState } from "./codec";
import { JobTable } from "./JobTable";

function matches(job: Job, { text, kind }: OptimiseState): boolean {
  if (kind !== "" && isTournament(job) !== (kind === "tournament")) return false;
  const words = text.toLowerCase().split(/\s+/);
  const about = `${jobTitle(job)} ${job.strategy ?? ""} ${job.symbol ?? ""} ${job.timeframe ?? ""} ${job.job_id}`.toLowerCase();
  return words.every((word) => about.includes(word));
}

/** What was searched and is being searched, and the two ways to begin. */
export function JobsOverview() {
  const shown = useOptimiseState();
  const pages = useJobPages(shown.state);
  const all = pages.jobs ?? [];
  const jobs = all.filter((job) => matches(job, shown));
  const filtered = shown.text !== "" || shown.state !== "" || shown.kind !== "";
  return (
    <div className="sections">
      <section className="section" aria-label="Searches">
        <header className="section-head">
          <h3>Searches and tournaments</h3>
          <button type="button" className="button" data-shortcut="b" title="New tournament (B)" onClick={() => updateOptimise({ making: "tournament" })}>
            <Icon name="list" size={14} />
            New tournament
          </button>
          <button type="button" className="button primary" data-shortcut="n" title="New search (N)" onClick={() => updateOptimise({ making: "search" })}>
            <Icon name="plus" size={14} />
            New search
          </button>
        </header>
        <Filters shown={shown} />
        {pages.jobs === undefined && pages.error === null && <Skeleton lines={6} />}
        {pages.jobs === undefined && pages.error !== null && (
          <Failure error={pages.error} what="The searches could not be loaded" onRetry={pages.refetch} />
        )}
        {jobs.length > 0 && <JobTable jobs={jobs} now={pages.updatedAt} />}
        {pages.jobs !== undefined && jobs.length === 0 && (filtered ? <NothingFits /> : <NothingYet />)}
        {pages.hasMore && (
          <button type="button" className="button optimise-more" disabled={pages.loadingMore} onClick={pages.more}>
            Show older ones
          </button>
        )}
        {jobs.length > 0 && (
          <p className="muted" role="status">
            {plural(jobs.length, "entry", "entries")}
            {filtered && all.length !== jobs.length ? ` of ${all.length}` : ""}. They run on the server and go on when this page is closed.
          </p>
        )}
      </section>
    </div>
  );
}

function Filters({ shown }: { shown: OptimiseState }) {
  return (
    <div className="optimise-filters" role="search" aria-label="Filter searches">
      <input
        type="search"
        className="control"
        aria-label="Filter by strategy or instrument"
        placeholder="Strategy, instrument"
        data-shortcut="/"
        value={shown.text}
        onChange={(event) => updateOptimise({ text: event.target.value })}
      />
      <select className="control" aria-label="Kind" value={shown.kind} onChange={(event) => updateOptimise({ kind: event.target.value as OptimiseState["kind"] })}>
        <option value="">All kinds</option>
        <option value="search">Searches</option>
        <option value="tournament">Tournaments</option>
      </select>
      <select className="control" aria-label="State" value={shown.state} onChange={(event) => updateOptimise({ state: event.target.value as OptimiseState["state"] })}>
        <option value="">All states</option>
        {kJobStates.map((state) => (
          <option key={state} value={state}>
            {kStates[state]}
          </option>
        ))}
      </select>
    </div>
  );
}

function NothingFits() {
  return (
    <div className="card tab-empty">
      <p>No search fits the filter.</p>
      <p>
        <button type="button" className="button" onClick={() => updateOptimise({ text: "", state: "", kind: "" })}>
          Show all
        </button>
      </p>
    </div>
  );
}

function NothingYet() {
  return (
    <div className="card tab-empty">
      <p>Nothing has been searched yet.</p>
      <p className="muted">
        A search tries values of one strategy’s inputs; a tournament holds many strategies against each other. Both say what of
        the result is likely luck.
      </p>
    </div>
  );
}
