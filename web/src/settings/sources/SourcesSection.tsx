import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { DataProvider, LiveHealthResponse, LiveLogin, Sources } from "../../api/schema";
import { useChannel } from "../../live/link";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatCompact, formatDate, formatInteger, formatTime, kNone, sentenceName } from "../../ui/format";
import { Command } from "../parts/Copy";
import { Facts } from "../parts/Facts";
import { SectionFailure } from "../parts/SectionFailure";
import { loginLeft } from "./login";

const kSourcesKey = ["data-sources"];
const kLiveKey = ["live-source"];

/** Where bars come from, and how the way to there is. */
export function SourcesSection() {
  const queries = useQueryClient();
  const sources = useQuery({
    queryKey: kSourcesKey,
    queryFn: ({ signal }) => get<Sources>("/historical-data/sources", signal),
    refetchInterval: 30_000,
  });
  const live = useQuery({
    queryKey: kLiveKey,
    queryFn: ({ signal }) => get<LiveHealthResponse>("/health/live", signal),
    refetchInterval: 15_000,
  });
  const again = () => {
    void queries.invalidateQueries({ queryKey: kLiveKey });
    void queries.invalidateQueries({ queryKey: kSourcesKey });
  };
  useChannel("live", again, again);
  return (
    <section className="section">
      <div className="section-head">
        <h3>Data sources</h3>
      </div>
      <p className="muted settings-lead">
        Bars come from files, from a watched folder, from providers that are asked, and from the live source. Each stored series keeps
        the name of its source.
      </p>
      {sources.isPending && <Skeleton lines={8} />}
      {sources.error !== null && sources.data === undefined && (
        <SectionFailure error={sources.error} what="The sources could not be loaded" scope="read" onRetry={() => void sources.refetch()} />
      )}
      {sources.data !== undefined && (
        <>
          <h4>Stored</h4>
          <StoredTable sources={sources.data} />
          <h4>Providers</h4>
          <div className="settings-cards">
            {sources.data.providers.map((provider) => (
              <ProviderCard key={provider.name} provider={provider} login={live.data?.login ?? null} now={live.dataUpdatedAt} />
            ))}
            <div className="card settings-provider">
              <div className="section-head">
                <h5>Files and folders</h5>
              </div>
              <p className="muted">Files are imported on the Data page or by command; a folder can be watched, and its files are imported as they come:</p>
              <Command text="tradeassist watch FOLDER --symbol-from-name '{symbol}_{timeframe}.csv'" />
            </div>
          </div>
        </>
      )}
      <h4>Live source</h4>
      {live.isPending && <Skeleton lines={4} />}
      {live.error !== null && live.data === undefined && (
        <SectionFailure error={live.error} what="The live source could not be asked" scope="read" onRetry={() => void live.refetch()} />
      )}
      {live.data !== undefined && <LiveCard live={live.data} />}
    </section>
  );
}

function StoredTable({ sources: { sources } }: { sources: Sources }) {
  if (sources.length === 0) {
    return (
      <div className="card settings-empty">
        <h4>Nothing is stored yet</h4>
        <p className="muted">Import a file, or ask a provider.</p>
      </div>
    );
  }
  return (
    <div className="card settings-table-card">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Stored by source">
        <table className="plain-table settings-table">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col" className="number">Symbols</th>
              <th scope="col" className="number">Series</th>
              <th scope="col" className="number">Bars</th>
              <th scope="col" className="number">Ticks</th>
              <th scope="col" className="number" title="Bars that were replaced by later values">Corrected</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Last stored</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <tr key={source.name} data-source={source.name}>
                <th scope="row">{source.name}</th>
                <td className="number">{formatInteger(source.symbol_count)}</td>
                <td className="number">{formatInteger(source.series_count)}</td>
                <td className="number">{formatInteger(source.bar_count)}</td>
                <td className="number">{source.tick_count === 0 ? kNone : formatCompact(source.tick_count)}</td>
                <td className="number">{formatInteger(source.corrections)}</td>
                <td>{formatDate(source.first_time)}</td>
                <td>{formatDate(source.last_time)}</td>
                <td>
                  <Instant time={source.last_append_time} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const kBreakers: Record<string, { text: string; look: string; about: string }> = {
  closed: { text: "Ready", look: "good", about: "Requests go through" },
  half_open: { text: "Being tried", look: "warning", about: "One request goes through as a probe" },
  open: { text: "Not reachable", look: "danger", about: "After five failures in a row nothing is asked for 30 seconds" },
};

interface ProviderCardProps {
  provider: DataProvider;
  login: LiveLogin | null;
  now: number;
}

function ProviderCard({ provider, login, now }: ProviderCardProps) {
  const breaker = kBreakers[provider.breaker ?? ""];
  const schwab = provider.name === "schwab";
  const loggedOut = schwab && login !== null && loginLeft(login, now).look === "danger";
  return (
    <div className="card settings-provider" data-provider={provider.name}>
      <div className="section-head">
        <h5>{sentenceName(provider.name)}</h5>
        {!provider.is_configured && <span className="badge">Not configured</span>}
        {provider.is_configured && breaker !== undefined && !loggedOut && (
          <span className={`badge ${breaker.look}`} title={breaker.about}>
            {breaker.text}
          </span>
        )}
      </div>
      {provider.reason !== null && provider.reason !== "" && <p>{provider.reason.replaceAll("`", "")}</p>}
      {provider.is_configured && (
        <Facts
          facts={[
            ["Timeframes", (provider.timeframes ?? []).join(", ") || kNone],
            ["Of", (provider.asset_classes ?? []).join(", ") || kNone],
            ["Failures in a row", formatInteger(provider.failures_in_a_row)],
            ["Calls free now", <span key="calls" title="How many calls the rate limit lets through without waiting">{formatInteger(provider.calls_now)}</span>],
          ]}
        />
      )}
      {schwab && <SchwabLogin configured={provider.is_configured} login={login} now={now} />}
    </div>
  );
}

/** The login at Schwab lives seven days; only its owner can renew it, on the machine of the server. */
function SchwabLogin({ configured, login, now }: { configured: boolean; login: LiveLogin | null; now: number }) {
  const left = login === null ? null : loginLeft(login, now);
  return (
    <div className="settings-login">
      {left !== null && (
        <div className="settings-login-state">
          <span className={`badge ${left.look}`}>{left.text}</span>
          {login?.ends_at !== null && login?.ends_at !== undefined && (
            <span className="muted">
              until <Instant time={login.ends_at} />
            </span>
          )}
          {left.share !== null && (
            <span className="settings-meter" role="meter" aria-label="Time that is left of the login" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(left.share * 100)}>
              <span style={{ width: `${left.share * 100}%` }} />
            </span>
          )}
          {login !== null && login.state !== "none" && login.message !== "" && <p className="muted">{login.message}</p>}
        </div>
      )}
      {!configured && (
        <p className="muted">
          It needs an account at Schwab and an app of your own, registered at developer.schwab.com with the callback{" "}
          <code>https://127.0.0.1</code>. The login is made where the server runs, and lives seven days:
        </p>
      )}
      {configured && (
        <p className="muted">
          A login lives seven days. To renew it, run this where the server runs; the server need not be started again.
          {left === null && " Until when it lasts, the second command tells; here it is told while Schwab is the live source."}
        </p>
      )}
      <Command text="tradeassist schwab login" />
      <Command text="tradeassist schwab status" />
    </div>
  );
}

const kLiveLooks: Record<string, string> = { live: "good", connecting: "warning", degraded: "warning", stopped: "danger" };

function LiveCard({ live }: { live: LiveHealthResponse }) {
  if (live.source === "none") {
    return (
      <div className="card settings-provider">
        <div className="section-head">
          <h5>None</h5>
          <span className="badge">Off</span>
        </div>
        <p className="muted">
          Set <code>live_source</code> to <code>schwab</code>, or to <code>replay</code> for a rehearsal with stored bars, and{" "}
          <code>live_symbols</code> to what is wanted; then start the server again.
        </p>
      </div>
    );
  }
  return (
    <div className="card settings-provider" data-live={live.state}>
      <div className="section-head">
        <h5>{sentenceName(live.source)}</h5>
        <span className={`badge ${kLiveLooks[live.state] ?? ""}`}>{sentenceName(live.state)}</span>
        {live.since !== null && (
          <span className="muted">
            since <Instant time={live.since} />
          </span>
        )}
      </div>
      {live.why !== "" && <p>{live.why}</p>}
      {live.series.length > 0 && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Live series">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Symbol</th>
                <th scope="col">Timeframe</th>
                <th scope="col" className="number">Bars</th>
                <th scope="col" className="number">Failures</th>
                <th scope="col">Newest bar, UTC</th>
              </tr>
            </thead>
            <tbody>
              {live.series.map((each) => (
                <tr key={`${each.symbol} ${each.timeframe}`}>
                  <th scope="row">{each.symbol}</th>
                  <td>{each.timeframe}</td>
                  <td className="number">{formatInteger(each.bars)}</td>
                  <td className="number">{formatInteger(each.failures)}</td>
                  <td className="numbers">{formatTime(each.last_bar)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h5>Holes</h5>
      {live.holes_count === 0 && <p className="muted">None since it began.</p>}
      {live.holes.length > 0 && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Holes">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Series</th>
                <th scope="col">From, UTC</th>
                <th scope="col">To, UTC</th>
                <th scope="col">State</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {live.holes.map((hole) => (
                <tr key={`${hole.symbol} ${hole.timeframe} ${hole.from}`}>
                  <th scope="row">
                    {hole.symbol} {hole.timeframe}
                  </th>
                  <td className="numbers">{formatTime(hole.from)}</td>
                  <td className="numbers">{formatTime(hole.to)}</td>
                  <td>{hole.is_filled ? <span className="badge good">Filled</span> : <span className="badge warning">Missing</span>}</td>
                  <td>{hole.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
