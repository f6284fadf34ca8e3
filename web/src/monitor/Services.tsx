import type { BackupHealth, CacheHealth, LiveHealthResponse } from "../api/schema";
import { formatInteger, formatPercent, formatTime, kNone, sentenceName } from "../ui/format";
import { TableScroll } from "../ui/table/TableScroll";
import { useBackupHealth, useCacheHealth, useLiveHealth } from "./monitorApi";
import { Answer, type Fact, Facts, StatusBadge } from "./parts";
import { formatBytes, formatSeconds, formatUtc } from "./values";

/** The live source, the cache, and the backups. */
export function Services() {
  return (
    <>
      <section className="section" aria-label="Live source">
        <Answer query={useLiveHealth()} what="The live source could not be loaded" lines={2}>
          {(live) => <Live live={live} />}
        </Answer>
      </section>
      <section className="section" aria-label="Cache">
        <Answer query={useCacheHealth()} what="The cache could not be loaded" lines={10}>
          {(cache) => <Cache cache={cache} />}
        </Answer>
      </section>
      <section className="section" aria-label="Backups">
        <Answer query={useBackupHealth()} what="The backups could not be loaded" lines={2}>
          {(backups) => <Backups backups={backups} />}
        </Answer>
      </section>
    </>
  );
}

function Live({ live }: { live: LiveHealthResponse }) {
  const { login } = live;
  const facts: Fact[] = [
    ["Source", live.source === "none" ? "None" : sentenceName(live.source)],
    ["Since", formatUtc(live.since)],
    ...(live.why === "" ? [] : [["Why", live.why] as const]),
    ...(login === null
      ? []
      : ([
          ["Login", sentenceName(login.state)],
          ["Login ends", formatUtc(login.ends_at)],
          ...(login.message === "" ? [] : [["About it", login.message] as const]),
        ] as const)),
  ];
  return (
    <>
      <div className="section-head">
        <h3>Live source</h3>
        <StatusBadge status={live.state} />
      </div>
      {live.state === "off" ? (
        <p className="muted monitor-about">
          None is configured. With the setting <code>live_source</code> the server keeps the newest bars coming.
        </p>
      ) : (
        <div className="card">
          <Facts facts={facts} />
        </div>
      )}
      {live.series.length > 0 && (
        <TableScroll label="Live series">
          <table className="plain-table monitor-table numbers" aria-label="Live series">
            <thead>
              <tr>
                <th scope="col">Symbol</th>
                <th scope="col">Timeframe</th>
                <th scope="col" className="number">Newest bar, UTC</th>
                <th scope="col" className="number">Bars</th>
                <th scope="col" className="number">Could not be stored</th>
              </tr>
            </thead>
            <tbody>
              {live.series.map((each) => (
                <tr key={`${each.symbol} ${each.timeframe}`}>
                  <td>{each.symbol}</td>
                  <td>{each.timeframe}</td>
                  <td className="number">{each.last_bar === null ? "none yet" : formatTime(each.last_bar)}</td>
                  <td className="number">{formatInteger(each.bars)}</td>
                  <td className={each.failures > 0 ? "number down" : "number"}>{formatInteger(each.failures)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {live.holes.length > 0 && (
        <>
          <h4>
            Holes: {formatInteger(live.holes_count)}
            {live.holes_count > live.holes.length && ` (the newest ${formatInteger(live.holes.length)} are listed)`}
          </h4>
          <TableScroll label="Holes">
            <table className="plain-table monitor-table numbers" aria-label="Holes">
              <thead>
                <tr>
                  <th scope="col">Series</th>
                  <th scope="col">From, UTC</th>
                  <th scope="col">To, UTC</th>
                  <th scope="col">Why</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {live.holes.map((hole) => (
                  <tr key={`${hole.symbol} ${hole.timeframe} ${hole.from}`}>
                    <td>
                      {hole.symbol} {hole.timeframe}
                    </td>
                    <td>{formatTime(hole.from)}</td>
                    <td>{formatTime(hole.to)}</td>
                    <td className="monitor-wrap">{hole.reason}</td>
                    <td>
                      <span className={hole.is_filled ? "badge good" : "badge warning"}>{hole.is_filled ? "Filled" : "Open"}</span>
                    </td>
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

function Cache({ cache }: { cache: CacheHealth }) {
  const { redis } = cache;
  return (
    <>
      <div className="section-head">
        <h3>Cache of answers</h3>
        <p className="muted numbers">
          {cache.hit_rate === null ? "Nothing was asked yet" : `${formatPercent(cache.hit_rate * 100, 1)} came from memory`}
        </p>
      </div>
      <div className="monitor-pair">
        <div className="card">
          <Facts
            facts={[
              ["Questions", formatInteger(cache.questions)],
              ["Answered from memory", formatInteger(cache.hits)],
              ["Answered by Redis", formatInteger(cache.shared_hits)],
              ["Waited for another’s load", formatInteger(cache.joined)],
              ["Loaded", formatInteger(cache.loads)],
              ["Failed", formatInteger(cache.failures)],
              cache.load_seconds_mean === null
                ? ["A load takes", "Not measured", "nothing was loaded yet"]
                : ["A load takes", `${formatSeconds(cache.load_seconds_mean)}, at most ${formatSeconds(cache.load_seconds_max)}`],
            ]}
          />
        </div>
        <div className="card">
          <Facts
            facts={[
              ["Answers kept", formatInteger(cache.entries)],
              ["Memory", `${formatBytes(cache.bytes)} of ${formatBytes(cache.bytes_max)}`],
              ["Gave way to others", formatInteger(cache.evictions)],
              ["Dropped, the bars changed", formatInteger(cache.invalidations)],
              ["Dropped, too old", formatInteger(cache.expirations)],
              ["Changed while loading", formatInteger(cache.unsettled)],
              redis === null
                ? ["Redis", "None", "the setting redis is not set"]
                : [
                    "Redis",
                    `${redis.is_away ? "away" : "answers"}; ${formatInteger(redis.commands)} commands, ${formatInteger(redis.failures)} failed, ${formatInteger(redis.skipped)} not tried`,
                  ],
            ]}
          />
        </div>
      </div>
    </>
  );
}

function Backups({ backups }: { backups: BackupHealth }) {
  return (
    <>
      <div className="section-head">
        <h3>Backups</h3>
        <StatusBadge status={backups.status} />
      </div>
      {backups.status === "unconfigured" && (
        <p className="muted monitor-about">
          The server makes none by itself: the setting <code>backup_schedule</code> is empty. <code>tradeassist backup</code> makes
          one by hand.
        </p>
      )}
      {(backups.status !== "unconfigured" || backups.newest !== null) && (
        <div className="card">
          <Facts
            facts={[
              ["Schedule, UTC", backups.schedule === "" ? "None" : <code key="cron">{backups.schedule}</code>],
              ["Newest", backups.newest ?? "None yet"],
              ["Made", formatUtc(backups.made_at)],
              ["Failed last", backups.failed_at === null ? kNone : `${formatUtc(backups.failed_at)}: ${backups.failure ?? ""}`],
              [
                "Trial restore",
                backups.drilled_at === null
                  ? "None yet"
                  : `${formatUtc(backups.drilled_at)}, ${backups.drill_succeeded === null ? "outcome not known" : backups.drill_succeeded ? "it worked" : "it failed"}`,
              ],
            ]}
          />
        </div>
      )}
    </>
  );
}
