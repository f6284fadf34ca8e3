import { useMemo } from "react";
import { Failure } from "../ui/Failure";
import { formatDuration, formatNumber, plural } from "../ui/format";
import { Skeleton } from "../ui/Skeleton";
import { draftOf, type QueryDraft } from "./draft";
import { ResultsView } from "./ResultsView";
import { useBackgroundQuery, useJobRequest, useSecondsLeft } from "./useQueries";

interface BackgroundViewProps {
  query: string;
  onStream: (symbol: string, draft: QueryDraft) => void;
  onLeave: () => void;
}

/** A query in the background: how far it is, its bars as they come, and the way to stop it. */
export function BackgroundView(props: BackgroundViewProps) {
  // The form may say something else by now.
  const request = useJobRequest(props.query);
  const draft = useMemo(() => draftOf(request.data), [request.data]);
  if (request.error !== null) return <Unknown error={request.error} onRetry={() => void request.refetch()} onLeave={props.onLeave} />;
  if (request.isPending) {
    return (
      <div className="data-message">
        <Skeleton lines={6} />
      </div>
    );
  }
  return <Progress {...props} draft={draft} />;
}

function Unknown({ error, onRetry, onLeave }: { error: Error; onRetry: () => void; onLeave: () => void }) {
  return (
    <div className="data-message">
      <Failure error={error} what="The query's state could not be read" onRetry={onRetry} />
      <button type="button" className="button" onClick={onLeave}>
        Forget this query
      </button>
    </div>
  );
}

function Progress({ query, draft, onStream, onLeave }: BackgroundViewProps & { draft: QueryDraft }) {
  const { status, progress, results, streamed, ended, cancel } = useBackgroundQuery(query, draft.frequency);
  const left = useSecondsLeft(ended ? null : (progress?.until ?? null));
  if (status.error !== null) return <Unknown error={status.error} onRetry={() => void status.refetch()} onLeave={onLeave} />;
  if (status.data === undefined) return null;
  const { status: state, phase, error, note } = status.data;
  const share = ended ? 1 : Math.max(status.data.progress, (progress?.percent ?? 0) / 100);
  return (
    <div className="data-background">
      <header className="data-progress" data-state={state} aria-label="Query in the background">
        <span className={`badge ${state === "completed" ? "good" : state === "failed" ? "danger" : state === "cancelled" ? "warning" : ""}`}>{kStates[state] ?? state}</span>
        {!ended && (
          <>
            <progress className="data-progress-bar" value={share} aria-label="Progress" />
            <span>{formatNumber(share * 100, 0)}%</span>
            <span className="muted data-progress-step">{[progress?.symbol, progress?.step ?? phase].filter((part) => part !== null && part !== undefined && part !== "").join(": ")}</span>
            {streamed > 0 && <span>{plural(streamed, "bar")}</span>}
            {left !== null && <span className="muted">{formatDuration(left)} left</span>}
            <button type="button" className="button small" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel
            </button>
          </>
        )}
        {ended && <span className="muted data-progress-step">{error ?? note ?? inBackground(results.length)}</span>}
      </header>
      {cancel.error !== null && !ended && <Failure error={cancel.error} what="The query was not cancelled" />}
      <ResultsView id={query} results={results} draft={draft} milliseconds={null} onStream={(symbol) => onStream(symbol, draft)} />
    </div>
  );
}

const kStates: Partial<Record<string, string>> = {
  queued: "Waiting",
  running: "Running",
  completed: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

function inBackground(symbols: number): string {
  return `${plural(symbols, "symbol")} in the background`;
}
