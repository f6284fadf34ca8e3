import type { MutationMeta, Query, QueryClient } from "@tanstack/react-query";

const kChannel = "tradeassist.changes";
/** Changes in a row are told once. */
const kSettleMs = 100;

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** false: nothing on the server changes by it, so that no other tab has to ask again. */
      changes?: boolean;
    };
  }
}

/** As much of BroadcastChannel as is needed; tests bring their own. */
export interface TabChannel {
  postMessage: (message: unknown) => void;
  addEventListener: (type: "message", listener: (event: { data: unknown }) => void) => void;
}

export interface Tabs {
  /** Something was changed on the server from this tab. */
  tellChange: (meta?: MutationMeta) => void;
  /** Asks again for what this tab shows whenever another tab says so. */
  follow: (queries: QueryClient) => void;
}

export function connectTabs(channel: TabChannel | null): Tabs {
  let telling: ReturnType<typeof setTimeout> | null = null;
  return {
    tellChange: (meta) => {
      if (channel === null || meta?.["changes"] === false || telling !== null) return;
      telling = setTimeout(() => {
        telling = null;
        channel.postMessage("changed");
      }, kSettleMs);
    },
    follow: (queries) => {
      channel?.addEventListener("message", ({ data }) => {
        if (data === "changed") void queries.invalidateQueries({ predicate: mayChange });
      });
    },
  };
}

/** The tabs of this browser. */
export function browserTabs(): Tabs {
  return connectTabs(typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(kChannel));
}

/** Results that never go stale are the same whoever changed what: a backtest is not run again in every tab. */
function mayChange(query: Query): boolean {
  const { staleTime } = query.options as { staleTime?: unknown };
  return staleTime !== Infinity && !query.observers.some((observer) => observer.options.staleTime === Infinity);
}
