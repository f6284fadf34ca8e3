import { Fragment } from "react";
import type { JobStatistics, Worker } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { formatDuration, formatInteger, formatNumber, formatTime, kNone } from "../../ui/format";
import { TableScroll } from "../../ui/table/TableScroll";
import { jobsState } from "./address";
import { kindTitle, stateTitle } from "./describe";
import { useJobStatistics, useWorkers } from "./jobsApi";
import { kJobStates } from "./jobsState";

/** How many jobs there are, how long they waited and worked, and who helps with them. */
export function Statistics() {
  const statistics = useJobStatistics();
  return (
    <>
      <section className="section" aria-label="Statistics">
        {statistics.isPending && <Skeleton lines={17} />}
        {statistics.error !== null && statistics.data === undefined && (
          <Failure error={statistics.error} what="The statistics could not be loaded" onRetry={() => void statistics.refetch()} />
        )}
        {statistics.data !== undefined && <Numbers statistics={statistics.data} />}
      </section>
      <Workers />
    </>
  );
}

function Numbers({ statistics }: { statistics: JobStatistics }) {
  const count = (state: string, kind?: string) =>
    statistics.counts
      .filter((each) => each.state === state && (kind === undefined || each.kind === kind))
      .reduce((sum, each) => sum + each.count, 0);
  const kinds = [...new Set(statistics.counts.map((each) => each.kind))];
  return (
    <>
      <dl className="cards jobs-tiles">
        <Tile title="Running" value={formatInteger(count("running"))} />
        <Tile title="Waiting" value={formatInteger(count("queued"))} />
        <Tile
          title="Longest wait now"
          value={statistics.oldest_wait_seconds === null ? kNone : formatDuration(statistics.oldest_wait_seconds)}
          note={statistics.oldest_wait_seconds === null ? "No job waits" : undefined}
        />
        <Tile title="Dead letters" value={formatInteger(statistics.dead_letters)} danger={statistics.dead_letters > 0} />
      </dl>
      {kinds.length === 0 ? (
        <p className="muted">No job is kept yet, so there is nothing to count.</p>
      ) : (
        <>
          <h3>How many</h3>
          <TableScroll label="Jobs by kind and state">
            <table className="plain-table numbers" aria-label="Jobs by kind and state">
              <thead>
                <tr>
                  <th scope="col">Kind</th>
                  {kJobStates.map((state) => (
                    <th key={state} scope="col" className="number">
                      {stateTitle(state)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {kinds.map((kind) => (
                  <tr key={kind}>
                    <td>{kindTitle(kind)}</td>
                    {kJobStates.map((state) => (
                      <td key={state} className="number">
                        <CountLink count={count(state, kind)} onOpen={() => jobsState.update({ tab: "jobs", kind, state })} what={`${kindTitle(kind)}, ${stateTitle(state).toLowerCase()}`} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
          <h3>How long</h3>
          <p className="muted">Of the newest 1,000 that ended. Of 100 jobs, 95 took no longer than “95 %”.</p>
          <TableScroll label="Times by kind">
            <table className="plain-table numbers" aria-label="Times by kind">
              <thead>
                <tr>
                  <th scope="col">Kind</th>
                  <th scope="col" className="number">Jobs</th>
                  {["Waited", "Worked"].map((what) => (
                    <Fragment key={what}>
                      <th scope="col" className="number">{what}, median</th>
                      <th scope="col" className="number">95 %</th>
                      <th scope="col" className="number">Longest</th>
                    </Fragment>
                  ))}
                </tr>
              </thead>
              <tbody>
                {statistics.times.map((each) => (
                  <tr key={each.kind}>
                    <td>{kindTitle(each.kind)}</td>
                    <td className="number">{formatInteger(each.jobs)}</td>
                    {[each.wait_seconds, each.run_seconds].flatMap((times, group) =>
                      [times.median, times.p95, times.max].map((seconds, column) => (
                        <td key={`${String(group)} ${String(column)}`} className="number">
                          {formatSeconds(seconds)}
                        </td>
                      )),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </>
      )}
    </>
  );
}

/** Short times with decimals, long ones in words. */
function formatSeconds(seconds: number | null): string {
  if (seconds === null) return kNone;
  return seconds < 60 ? `${formatNumber(seconds, seconds < 10 ? 2 : 1)} s` : formatDuration(seconds);
}

function Tile({ title, value, note, danger = false }: { title: string; value: string; note?: string | undefined; danger?: boolean }) {
  return (
    <div className="card jobs-tile">
      <dt>{title}</dt>
      <dd className={danger ? "down" : undefined}>{value}</dd>
      {note !== undefined && <dd className="jobs-tile-note muted">{note}</dd>}
    </div>
  );
}

function CountLink({ count, what, onOpen }: { count: number; what: string; onOpen: () => void }) {
  if (count === 0) return <span className="muted">0</span>;
  return (
    <button type="button" className="jobs-count" aria-label={`${formatInteger(count)} ${what}`} onClick={onOpen}>
      {formatInteger(count)}
    </button>
  );
}

function Workers() {
  const workers = useWorkers();
  return (
    <section className="section" aria-label="Workers">
      <div className="section-head">
        <h3>Workers</h3>
      </div>
      {workers.isPending && <Skeleton lines={3} />}
      {workers.error !== null && workers.data === undefined && (
        <Failure error={workers.error} what="The workers could not be loaded" onRetry={() => void workers.refetch()} />
      )}
      {workers.data?.length === 0 && (
        <p className="muted jobs-about">
          None was seen in the last 24 hours: this server works alone, with all of its cores. Where the jobs lie in PostgreSQL,{" "}
          <code>tradeassist worker --database …</code> on another machine shares long searches.
        </p>
      )}
      {workers.data !== undefined && workers.data.length > 0 && <WorkerTable workers={workers.data} />}
    </section>
  );
}

function WorkerTable({ workers }: { workers: readonly Worker[] }) {
  return (
    <TableScroll label="Workers">
      <table className="plain-table numbers" aria-label="Workers">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Host</th>
            <th scope="col">State</th>
            <th scope="col">Version</th>
            <th scope="col" className="number">Threads</th>
            <th scope="col" className="number">Batches</th>
            <th scope="col" className="number">Trials</th>
            <th scope="col" className="number">Seen, UTC</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.name}>
              <td>{worker.name}</td>
              <td>{worker.host}</td>
              <td>
                <span className={worker.alive ? "badge good" : "badge"}>{worker.alive ? "Here" : "Gone"}</span>
              </td>
              <td>{worker.version}</td>
              <td className="number">{formatInteger(worker.threads)}</td>
              <td className="number">{formatInteger(worker.batches)}</td>
              <td className="number">{formatInteger(worker.trials)}</td>
              <td className="number">{formatTime(Math.floor(Date.parse(worker.seen_at) / 1000) * 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
