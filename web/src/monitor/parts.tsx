import type { ReactNode } from "react";
import { Failure } from "../ui/Failure";
import { Skeleton } from "../ui/Skeleton";
import { kNone, sentenceName } from "../ui/format";

// Small parts that the tabs of the place share.

const kLooks: Partial<Record<string, string>> = {
  ok: "good",
  live: "good",
  healthy: "good",
  open: "",
  degraded: "warning",
  warning: "warning",
  raised: "warning",
  connecting: "warning",
  failed: "danger",
  stopped: "danger",
  unavailable: "danger",
  critical: "danger",
};

const kWords: Partial<Record<string, string>> = { ok: "OK", off: "Off", none_yet: "None yet" };

export function StatusBadge({ status }: { status: string }) {
  return <span className={`badge ${kLooks[status] ?? ""}`}>{kWords[status] ?? sentenceName(status)}</span>;
}

export type Fact = readonly [title: string, value: ReactNode, note?: string | undefined];

/** Names with their values; a note says why a value is not there. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="monitor-facts numbers">
      {facts.map(([title, value, note]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd className={note === undefined ? undefined : "muted"}>
            {value}
            {note !== undefined && <span className="monitor-why">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A value, or why it was not measured. */
export function measured(title: string, text: string, why: string | undefined): Fact {
  return text === kNone ? [title, "Not measured", why] : [title, text];
}

interface AnswerProps<T> {
  query: { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };
  what: string;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** Waiting, failed, or there; an old answer stays while a new one fails, and says so. */
export function Answer<T>({ query, what, lines = 5, children }: AnswerProps<T>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error !== null && (
          <p className="notice warning" role="status">
            This may be old: {query.error.message}
          </p>
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.isPending) return <Skeleton lines={lines} />;
  return query.error === null ? null : <Failure error={query.error} what={what} onRetry={() => void query.refetch()} />;
}

/** What a key without the scope admin sees instead. */
export function NeedsAdmin({ what }: { what: string }) {
  return (
    <div className="place-empty" role="status">
      <h3>This needs a key with the scope admin</h3>
      <p className="muted">
        {what} The key that you use does not have that scope. Who runs the server makes one with{" "}
        <code>tradeassist key create --name desk --scope admin</code>; sign out, and sign in with it.
      </p>
    </div>
  );
}

/** The next page of a list, where there is one. */
export function More({ list, what }: { list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }; what: string }) {
  if (!list.hasNextPage) return null;
  return (
    <p>
      <button type="button" className="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? "Loading…" : what}
      </button>
    </p>
  );
}
