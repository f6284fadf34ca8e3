import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { tone } from "../../backtest/metrics";
import type { TournamentPlace, TournamentResults } from "../../api/types";
import { useObjectives } from "../../api/queries";
import { JobResults, ViewTabs } from "../../jobs/JobResults";
import type { EndedProps } from "../../jobs/JobView";
import { useTournament } from "../../jobs/useJobs";
import { formatValue } from "../../jobs/values";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { formatInteger, formatNumber, formatPercent, formatSignedPercent, kNone, sentenceName, spacedName } from "../../ui/format";
import { type SortKey, sortedOrder } from "../../ui/table/order";
import { updateOptimise, useOptimiseState } from "./address";
import { strategySearch } from "./useValues";

/** A tournament that has ended: who came where, and the search of a finalist in whole. */
export function Leaderboard({ job, currency, onUse }: EndedProps) {
  const results = useTournament(job);
  const { place, view } = useOptimiseState();
  if (results.error !== null) {
    return (
      <div className="job-body">
        <Failure error={results.error} what="The leaderboard could not be loaded" onRetry={() => void results.refetch()} />
      </div>
    );
  }
  if (results.data === undefined) {
    return (
      <div className="job-body">
        <Skeleton lines={8} />
      </div>
    );
  }
  const looked = results.data.places.find((each) => each.place === place);
  if (looked?.result) {
    const { result } = looked;
    return (
      <>
        <div className="job-head">
          <button type="button" className="button small" onClick={() => updateOptimise({ place: null, view: "summary" })}>
            <Icon name="back" size={14} />
            Leaderboard
          </button>
          <h4>
            {formatInteger(looked.place)}. {spacedName(looked.strategy)}
          </h4>
          <span className="muted">
            {looked.symbol} {looked.timeframe}
          </span>
          <ViewTabs results={result} view={view} onView={(next) => updateOptimise({ view: next })} />
        </div>
        <JobResults key={looked.place} results={result} job={null} currency={currency(looked.symbol)} view={view} onView={(next) => updateOptimise({ view: next })} onUse={onUse} />
      </>
    );
  }
  return <Places results={results.data} />;
}

interface Column {
  id: string;
  title: string;
  hint?: string;
  /** Of words: left, and A first. */
  words?: boolean;
  key: (place: TournamentPlace) => SortKey;
}

const kColumns: readonly Column[] = [
  { id: "place", title: "#", key: (place) => place.place, words: true },
  { id: "strategy", title: "Strategy", key: (place) => place.strategy, words: true },
  { id: "of", title: "Of", key: (place) => `${place.symbol} ${place.timeframe}`, words: true },
  { id: "objective", title: "Objective", hint: "In sample", key: (place) => place.objective },
  { id: "in", title: "In sample, holding", hint: "Return in sample; holding made what is behind it", key: (place) => place.in_sample?.net_profit_percent },
  { id: "out", title: "Out of sample, holding", hint: "Return on bars that no search had seen; holding made what is behind it", key: (place) => place.out_of_sample?.net_profit_percent },
  { id: "drawdown", title: "Drawdown", hint: "Largest, out of sample", key: (place) => place.out_of_sample?.max_drawdown_percent },
  { id: "trials", title: "Trials", key: (place) => place.trials },
];

function Places({ results }: { results: TournamentResults }) {
  const objectives = useObjectives();
  const [sorting, setSorting] = useState({ id: "place", descending: false });
  const objective = objectives.data?.find(({ name }) => name === results.objective)?.title ?? sentenceName(results.objective ?? "objective");
  const column = kColumns.find(({ id }) => id === sorting.id) ?? kColumns[0];
  const order = sortedOrder(results.places.length, (row) => {
    const place = results.places[row];
    return place === undefined ? null : column?.key(place);
  }, sorting.descending);
  return (
    <div className="leaderboard" tabIndex={0} role="region" aria-label="Leaderboard">
      <p className="notice">{results.statement}</p>
      <p className="muted">
        Ranked by {objective.toLowerCase()} in sample, {results.sampler}, seed {results.seed}. Stages:{" "}
        {results.stages.map(({ trials, keep }) => (keep === null || keep === 0 ? formatInteger(trials) : `${formatInteger(trials)}, best ${formatInteger(keep)} go on`)).join("; ")}
        .
      </p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Places">
        <table className="plain-table leaderboard-table">
          <thead>
            <tr>
              {kColumns.map(({ id, title, hint, words }) => (
                <th
                  key={id}
                  scope="col"
                  className={words === true ? "" : "number"}
                  aria-sort={sorting.id === id ? (sorting.descending ? "descending" : "ascending") : "none"}
                >
                  <button
                    type="button"
                    title={hint ?? `Sort by ${title}`}
                    onClick={() => setSorting({ id, descending: sorting.id === id ? !sorting.descending : words !== true })}
                  >
                    {title}
                    {sorting.id === id && <Icon name={sorting.descending ? "down" : "up"} size={10} />}
                  </button>
                </th>
              ))}
              <th scope="col">Values</th>
              <th scope="col">
                <span className="visually-hidden">Open</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {Array.from(order, (row) => {
              const place = results.places[row];
              return place === undefined ? null : <PlaceRow key={place.place} place={place} />;
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function PlaceRow({ place }: { place: TournamentPlace }) {
  const { in_sample: inside, out_of_sample: outside } = place;
  return (
    <tr data-place={place.place}>
      <td>{formatInteger(place.place)}</td>
      <th scope="row">{spacedName(place.strategy)}</th>
      <td>
        {place.symbol} {place.timeframe}
      </td>
      {place.failure !== null ? (
        <td colSpan={7} className="muted">
          {place.failure}
        </td>
      ) : (
        <>
          <td className="number">{formatNumber(place.objective, 4)}</td>
          <td className="number">
            <Return percent={inside?.net_profit_percent} holding={inside?.holding_return_percent} />
          </td>
          <td className="number">
            <Return percent={outside?.net_profit_percent} holding={outside?.holding_return_percent} />
          </td>
          <td className="number">{formatPercent(outside?.max_drawdown_percent, 1)}</td>
          <td className="number">{formatInteger(place.trials)}</td>
          <td className="leaderboard-values" title={valuesText(place)}>
            {valuesText(place)}
          </td>
          <td className="leaderboard-open">
            {place.result !== null && (
              <Link to="." search={((before: Record<string, unknown>) => ({ ...before, place: place.place, view: "verdict" })) as never} title={place.verdict ?? undefined}>
                Verdict
              </Link>
            )}
            {place.parameters !== null && (
              <Link
                to="/strategies"
                search={strategySearch(place.strategy, place.symbol, place.timeframe, place.parameters) as never}
                aria-label={`Open ${spacedName(place.strategy)} on ${place.symbol} ${place.timeframe} with these values`}
              >
                Open
              </Link>
            )}
          </td>
        </>
      )}
    </tr>
  );
}

function Return({ percent, holding }: { percent: number | null | undefined; holding: number | null | undefined }) {
  if (percent === null || percent === undefined) return <span className="muted">{kNone}</span>;
  return (
    <>
      <span className={tone(percent)}>{formatSignedPercent(percent, 1)}</span>{" "}
      <span className="muted" title="Holding the instrument">
        {formatSignedPercent(holding, 1)}
      </span>
    </>
  );
}

function valuesText({ parameters }: TournamentPlace): string {
  return Object.entries(parameters ?? {})
    .map(([name, value]) => `${sentenceName(name)} ${formatValue(value)}`)
    .join(", ");
}
