import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { DetailedHealthResponse, PartitionStatusResponse, Version } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatBytes, formatDate, formatDuration, formatInteger, sentenceName } from "../../ui/format";
import { Command } from "../parts/Copy";
import { Facts } from "../parts/Facts";
import { ExportedFiles } from "./ExportedFiles";
import { summarised } from "./partitions";

const kLinks = [
  ["/api/docs", "API, to try", "Every route, parameter and answer; Authorize takes an API key"],
  ["/api/redoc", "API, to read", "The same as a book"],
  ["/api/errors", "Error codes", "What each means and what helps"],
  ["/api/openapi.json", "OpenAPI document", "For generators of clients"],
] as const;

/** What this server is, and where the rest of its settings are. */
export function ServerSection() {
  const version = useQuery({ queryKey: ["version"], queryFn: ({ signal }) => get<Version>("/version", signal) });
  const health = useQuery({
    queryKey: ["health-detailed"],
    queryFn: ({ signal }) => get<DetailedHealthResponse>("/health/detailed", signal),
    refetchInterval: 30_000,
  });
  return (
    <section className="section">
      <div className="section-head">
        <h3>Server</h3>
      </div>
      {version.isPending && <Skeleton lines={3} />}
      {version.error !== null && version.data === undefined && (
        <Failure error={version.error} what="The server could not be asked" onRetry={() => void version.refetch()} />
      )}
      {version.data !== undefined && (
        <div className="card">
          <Facts
            facts={[
              ["Version", <strong key="version">{version.data.version}</strong>],
              ["Release", version.data.release === "" ? <span className="muted">Not installed as a release</span> : <code key="release">{version.data.release}</code>],
              ["Address", location.host],
              ["Started", <Instant key="started" time={health.data?.started_at} />],
              ["Has run for", formatDuration(health.data?.uptime_seconds)],
            ]}
          />
        </div>
      )}
      <h4>Its settings</h4>
      <div className="card settings-provider">
        <p>
          Settings are lines of the file that <code>--config</code> names (TOML), or environment variables:{" "}
          <code>log_level = &quot;info&quot;</code> is <code>TRADEASSIST_LOG_LEVEL=info</code>. Flags are stronger than variables, and
          variables than the file. The API neither shows nor changes them. What holds, where it came from, and what can be changed
          without a restart (on SIGHUP), this shows where the server runs:
        </p>
        <Command text="tradeassist config" />
      </div>
      <h4>API</h4>
      <ul className="settings-cards">
        {kLinks.map(([url, title, about]) => (
          <li key={url} className="card settings-doc">
            <a href={url} target="_blank" rel="noreferrer">
              {title}
            </a>
            <span className="muted">{about}</span>
          </li>
        ))}
      </ul>
      <Retention />
      <ExportedFiles />
    </section>
  );
}

/** How far back the database reaches, and what went to the archive. */
function Retention() {
  const partitions = useQuery({
    queryKey: ["partitions"],
    queryFn: ({ signal }) => get<PartitionStatusResponse>("/health/partitions", signal),
    refetchInterval: 60_000,
  });
  const kinds = summarised(partitions.data?.partitions ?? []);
  const unmeasured = Object.values(partitions.data?.unmeasured ?? {});
  return (
    <>
      <h4>Retention</h4>
      {partitions.isPending && <Skeleton lines={3} />}
      {partitions.error !== null && partitions.data === undefined && (
        <Failure error={partitions.error} what="The partitions could not be loaded" onRetry={() => void partitions.refetch()} />
      )}
      {partitions.data !== undefined && (
        <div className="card settings-provider">
          <p className="muted">
            Bars older than <code>retention_bar_years</code> and ticks older than <code>retention_tick_months</code> are archived and
            dropped from the database; 0 keeps all.
          </p>
          {kinds.length === 0 && <p>{unmeasured.length > 0 ? unmeasured.join(" ") : "Nothing is stored yet."}</p>}
          {kinds.length > 0 && (
            <div className="table-scroll" tabIndex={0} role="region" aria-label="Partitions">
              <table className="plain-table">
                <thead>
                  <tr>
                    <th scope="col">What</th>
                    <th scope="col">Where</th>
                    <th scope="col" className="number">Partitions</th>
                    <th scope="col" className="number">Rows</th>
                    <th scope="col" className="number">Size</th>
                    <th scope="col">From</th>
                    <th scope="col">To</th>
                  </tr>
                </thead>
                <tbody>
                  {kinds.map((each) => (
                    <tr key={`${each.kind} ${each.archived}`}>
                      <th scope="row">{sentenceName(each.kind)}s</th>
                      <td>{each.archived ? "In an archive only" : "In the database"}</td>
                      <td className="number">{formatInteger(each.count)}</td>
                      <td className="number">{formatInteger(each.rows)}</td>
                      <td className="number">{formatBytes(each.bytes)}</td>
                      <td className="numbers">{formatDate(each.first)}</td>
                      <td className="numbers">{formatDate(each.last)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </div>
      )}
    </>
  );
}
