import { useState } from "react";
import type { DatabaseHealthResponse, Partition, PoolHealth, SlowQueries } from "../api/schema";
import { formatDate, formatInteger, kNone, plural, sentenceName } from "../ui/format";
import { TableScroll } from "../ui/table/TableScroll";
import { useDatabaseHealth, usePartitions, usePerformance } from "./monitorApi";
import { Answer, Facts, measured, StatusBadge } from "./parts";
import { formatBytes, formatMilliseconds, formatUtc } from "./values";

/** The market database: what it is, its connections, what was slow in it, its partitions. */
export function Database() {
  return (
    <>
      <section className="section" aria-label="Database">
        <div className="section-head">
          <h3>Database</h3>
        </div>
        <Answer query={useDatabaseHealth()} what="The state of the database could not be loaded" lines={11}>
          {(database) => <About database={database} />}
        </Answer>
      </section>
      <section className="section" aria-label="Slow queries">
        <Answer query={usePerformance()} what="The slow queries could not be loaded" lines={2}>
          {({ slow_queries: slow, unmeasured }) => <Slow slow={slow} why={unmeasured["slow_queries.count_last_minute"]} />}
        </Answer>
      </section>
      <section className="section" aria-label="Partitions">
        <Answer query={usePartitions()} what="The partitions could not be loaded" lines={8}>
          {({ partitions, unmeasured }) =>
            partitions === null ? <p className="muted">Not measured: {unmeasured.partitions}</p> : <Partitions partitions={partitions} />
          }
        </Answer>
      </section>
    </>
  );
}

function About({ database }: { database: DatabaseHealthResponse }) {
  const { unmeasured } = database;
  return (
    <div className="monitor-pair">
      <div className="card">
        <Facts
          facts={[
            ["State", <StatusBadge key="state" status={database.status} />],
            measured("Kind", database.kind === null ? kNone : `${database.kind} ${database.version ?? ""}`, unmeasured.kind),
            measured("Answers", database.reachable === null ? kNone : database.reachable ? "Yes" : "No", unmeasured.reachable),
            measured("Version of the schema", formatInteger(database.schema_version), unmeasured.schema_version),
            measured("Size", formatBytes(database.size_bytes), unmeasured.size_bytes),
            measured("Write-ahead log", formatBytes(database.wal_bytes), unmeasured.wal_bytes),
            measured("Free disk", formatBytes(database.free_disk_bytes), unmeasured.free_disk_bytes),
            measured("Last maintenance", formatUtc(database.last_maintenance_at), unmeasured.last_maintenance_at),
          ]}
        />
      </div>
      <TableScroll label="Connections" className="card">
        <table className="plain-table numbers" aria-label="Connections">
          <thead>
            <tr>
              <th scope="col">Connections</th>
              <th scope="col" className="number">For reading</th>
              <th scope="col" className="number">For writing</th>
            </tr>
          </thead>
          <tbody>
            {kPool.map(([title, text]) => (
              <tr key={title}>
                <td>{title}</td>
                <td className="number">{text(database.pool.readers)}</td>
                <td className="number">{text(database.pool.writers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  );
}

const kPool: readonly (readonly [title: string, text: (pool: PoolHealth) => string])[] = [
  ["In use, of at most", (pool) => `${formatInteger(pool.in_use)} of ${formatInteger(pool.size_max)}`],
  ["Open", (pool) => formatInteger(pool.open)],
  ["Uses", (pool) => formatInteger(pool.uses)],
  ["Uses that waited", (pool) => formatInteger(pool.waits)],
  ["Wait, on average", (pool) => (pool.waits === 0 ? "none waited" : formatMilliseconds(pool.wait_milliseconds_average))],
  ["Longest wait", (pool) => (pool.waits === 0 ? "none waited" : formatMilliseconds(pool.wait_milliseconds_max))],
  ["Waited in vain", (pool) => formatInteger(pool.timeouts)],
  ["Ran again", (pool) => formatInteger(pool.retries)],
];

function Slow({ slow, why }: { slow: SlowQueries; why: string | undefined }) {
  return (
    <>
      <div className="section-head">
        <h3>Slow queries</h3>
        <p className="muted">
          {formatMilliseconds(slow.threshold_milliseconds)} and longer: {formatInteger(slow.count)} since the start;{" "}
          {slow.count_last_minute === null ? `of the last minute not measured, ${why ?? ""}` : `${formatInteger(slow.count_last_minute)} in the last minute`}
        </p>
      </div>
      {slow.newest.length === 0 ? (
        <p className="muted">None was slow since the server started.</p>
      ) : (
        <TableScroll label="Slow queries" className="monitor-high">
          <table className="plain-table monitor-table numbers" aria-label="Slow queries">
            <thead>
              <tr>
                <th scope="col">Ended, UTC</th>
                <th scope="col" className="number">Took</th>
                <th scope="col">Statement</th>
              </tr>
            </thead>
            <tbody>
              {slow.newest.map((each) => (
                <tr key={`${each.finished_at} ${each.sql}`}>
                  <td>{formatUtc(each.finished_at).replace(" UTC", "")}</td>
                  <td className="number">{formatMilliseconds(each.milliseconds)}</td>
                  <td className="monitor-wrap">
                    <code>{each.sql}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </>
  );
}

const kFirst = 12;

function Partitions({ partitions }: { partitions: readonly Partition[] }) {
  const [all, setAll] = useState(false);
  const newest = [...partitions].reverse();
  const shown = all ? newest : newest.slice(0, kFirst);
  const sum = (of: (partition: Partition) => number) => partitions.reduce((total, each) => total + of(each), 0);
  return (
    <>
      <div className="section-head">
        <h3>Partitions</h3>
        <p className="muted numbers">
          {plural(partitions.length, "partition")}, {plural(sum((each) => each.row_count), "row")}, {formatBytes(sum((each) => each.payload_bytes))}
        </p>
      </div>
      {partitions.length === 0 ? (
        <p className="muted">Nothing is stored yet.</p>
      ) : (
        <TableScroll label="Partitions">
          <table className="plain-table monitor-table numbers" aria-label="Partitions">
            <thead>
              <tr>
                <th scope="col">Partition</th>
                <th scope="col">Of</th>
                <th scope="col">State</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col" className="number">Rows</th>
                <th scope="col" className="number">Chunks</th>
                <th scope="col" className="number">Size</th>
                <th scope="col">Archive</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((each) => (
                <tr key={`${each.kind} ${each.name}`}>
                  <td>{each.name}</td>
                  <td>{each.kind === "bar" ? "Bars" : each.kind === "tick" ? "Ticks" : sentenceName(each.kind)}</td>
                  <td>
                    <span className="badge">{sentenceName(each.state)}</span>
                  </td>
                  <td>{formatDate(each.first_time)}</td>
                  <td>{formatDate(each.last_time)}</td>
                  <td className="number">{formatInteger(each.row_count)}</td>
                  <td className="number">{formatInteger(each.chunk_count)}</td>
                  <td className="number">{formatBytes(each.payload_bytes)}</td>
                  <td>{each.archive_file ?? <span className="muted">None</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {partitions.length > kFirst && (
        <p>
          <button type="button" className="button" onClick={() => setAll(!all)}>
            {all ? `Show the newest ${String(kFirst)}` : `Show all ${formatInteger(partitions.length)}`}
          </button>
        </p>
      )}
    </>
  );
}
