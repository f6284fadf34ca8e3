import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { WholeJob } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { formatDate, formatInteger, kNone } from "../../ui/format";
import { TableScroll } from "../../ui/table/TableScroll";
import { compactRequest, hasEnded, symbolOutcomes } from "./describe";
import { useJobResult } from "./jobsApi";

/** What came of a job: where it is looked at, or as it stands. */
export function JobOutcome({ job }: { job: WholeJob }) {
  if (job.kind === "optimize" && job.state !== "failed") return <SearchLink job={job} />;
  if (job.kind === "benchmark" && job.state === "completed") {
    return (
      <p>
        <Link to="/monitor" search={{ tab: "performance" }} className="button small">
          See it beside the baseline
        </Link>
      </p>
    );
  }
  if (job.kind === "optimize_batch" && job.state !== "failed") {
    return (
      <p>
        <Link to="/optimise" search={{ job: job.job_id }} className="button small">
          {hasEnded(job) ? "Open the leaderboard" : "Watch the tournament"}
        </Link>
      </p>
    );
  }
  const symbols = symbolOutcomes(job.detail);
  if (symbols.length > 0) return <Symbols id={job.job_id} symbols={symbols} done={job.state === "completed"} />;
  return job.state === "completed" ? <RawResult id={job.job_id} /> : null;
}

function SearchLink({ job }: { job: WholeJob }) {
  const { strategy, symbol, timeframe } = compactRequest(job.request);
  const search: Record<string, string> = { tab: "optimise", job: job.job_id };
  if (typeof symbol === "string") search.symbol = symbol;
  if (typeof timeframe === "string") search.timeframe = timeframe;
  if (typeof strategy === "string") search.strategy = strategy;
  return (
    <p>
      <Link to="/strategies" search={search} className="button small">
        {hasEnded(job) ? "Open the result" : "Watch the search"}
      </Link>
    </p>
  );
}

const kShown = 50;

function Symbols({ id, symbols, done }: { id: string; symbols: ReturnType<typeof symbolOutcomes>; done: boolean }) {
  return (
    <section className="jobs-part" aria-label="Symbols">
      <div className="jobs-part-head">
        <h4>Symbols</h4>
        {symbols.length > kShown && (
          <span className="muted">
            The first {kShown} of {formatInteger(symbols.length)}
          </span>
        )}
        {done && (
          <Link to="/data" search={{ query: id }} className="button quiet small">
            See the bars
          </Link>
        )}
      </div>
      <TableScroll label="Symbols">
        <table className="plain-table numbers" aria-label="Symbols">
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <th scope="col" className="number">Bars</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
            </tr>
          </thead>
          <tbody>
            {symbols.slice(0, kShown).map((each) => (
              <tr key={each.symbol}>
                <td>{each.symbol}</td>
                {each.problem === null ? (
                  <>
                    <td className="number">{formatInteger(each.bars)}</td>
                    <td>{each.first === null ? kNone : formatDate(each.first)}</td>
                    <td>{each.last === null ? kNone : formatDate(each.last)}</td>
                  </>
                ) : (
                  <td colSpan={3} className="jobs-reason">
                    {each.problem}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

/** Longer ones would only make the page slow. */
const kCharacters = 20_000;

function RawResult({ id }: { id: string }) {
  const [wanted, setWanted] = useState(false);
  const result = useJobResult(id, wanted);
  const text = result.data === undefined ? "" : JSON.stringify(result.data, null, 2);
  return (
    <section className="jobs-part" aria-label="Result">
      <div className="jobs-part-head">
        <h4>Result</h4>
        {!wanted && (
          <button type="button" className="button quiet small" onClick={() => setWanted(true)}>
            Show it
          </button>
        )}
      </div>
      {wanted && result.isPending && <Skeleton lines={4} />}
      {result.error !== null && <Failure error={result.error} what="The result could not be loaded" onRetry={() => void result.refetch()} />}
      {result.data !== undefined && (
        <pre className="jobs-code" tabIndex={0} aria-label="Result as JSON">
          {text.length > kCharacters ? `${text.slice(0, kCharacters)}\n… ${formatInteger(text.length - kCharacters)} more characters` : text}
        </pre>
      )}
    </section>
  );
}
