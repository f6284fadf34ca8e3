import { useInstruments } from "../api/queries";
import { formatInteger, plural } from "../ui/format";
import { updateData, useDataState } from "./address";
import type { QueryDraft } from "./draft";
import { SymbolView } from "./SymbolView";
import type { SymbolResult } from "./useQueries";

interface ResultsViewProps {
  /** Changes with every answer. */
  id: string;
  results: readonly SymbolResult[];
  /** The question as it was asked. */
  draft: QueryDraft;
  /** How long the answer took. */
  milliseconds: number | null;
  onStream: (symbol: string) => void;
}

/** What came of each symbol; one of them as a chart and a table. */
export function ResultsView({ id, results, draft, milliseconds, onStream }: ResultsViewProps) {
  const { shown } = useDataState();
  const instruments = useInstruments();
  const chosen = results.find(({ symbol }) => symbol === shown) ?? results.find(({ status }) => status === "ok") ?? results[0];
  if (chosen === undefined) return null;
  return (
    <div className="data-results" data-many={results.length > 1 || undefined}>
      {results.length > 1 && (
        <nav className="data-list" aria-label="Results by symbol">
          <p className="data-list-sum muted">{summary(results, milliseconds)}</p>
          <ul>
            {results.map((result) => (
              <li key={result.symbol}>
                <button
                  type="button"
                  className="data-list-item"
                  aria-current={result === chosen}
                  data-status={result.status}
                  title={result.reason ?? undefined}
                  onClick={() => updateData({ shown: result.symbol })}
                >
                  <span className="data-list-name">
                    <strong>{result.symbol}</strong>
                    <StatusBadge status={result.status} />
                  </span>
                  <span className="muted data-list-about">{about(result)}</span>
                </button>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <SymbolView
        key={`${id} ${chosen.symbol}`}
        id={id}
        result={chosen}
        draft={draft}
        instrument={instruments.data?.find(({ symbol }) => symbol === (chosen.bars?.symbol ?? chosen.symbol))}
        milliseconds={results.length > 1 ? null : milliseconds}
        onStream={() => onStream(chosen.symbol)}
      />
    </div>
  );
}

function about({ status, barCount, reason }: SymbolResult): string {
  if (status === "ok" || status === "running") return barCount === null ? "" : plural(barCount, "bar");
  return reason ?? "";
}

const kNames: Readonly<Record<SymbolResult["status"], string>> = {
  ok: "OK",
  empty: "Empty",
  error: "Failed",
  waiting: "Waiting",
  running: "Running",
};
const kLooks: Readonly<Record<SymbolResult["status"], string>> = { ok: "good", empty: "warning", error: "danger", waiting: "", running: "" };

export function StatusBadge({ status }: { status: SymbolResult["status"] }) {
  return <span className={`badge ${kLooks[status]}`}>{kNames[status]}</span>;
}

/** `3 ok, 1 empty, 1 failed; 12,345 bars in 35 ms` */
function summary(results: readonly SymbolResult[], milliseconds: number | null): string {
  const counts = (["ok", "empty", "error", "running", "waiting"] as const).flatMap((status) => {
    const count = results.filter((result) => result.status === status).length;
    return count === 0 ? [] : [`${formatInteger(count)} ${kNames[status].toLowerCase()}`];
  });
  const bars = results.reduce((sum, { barCount }) => sum + (barCount ?? 0), 0);
  return `${counts.join(", ")}; ${plural(bars, "bar")}${milliseconds === null ? "" : ` in ${formatInteger(Math.max(1, milliseconds))} ms`}`;
}
