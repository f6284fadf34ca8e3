import { useSyncExternalStore } from "react";
import { formatState, isNavigation, parseState, type PageState } from "./url";

let current = parseState(location.search);
const listeners = new Set<() => void>();

function publish(next: PageState): void {
  current = next;
  for (const listener of listeners) listener();
}

window.addEventListener("popstate", () => publish(parseState(location.search)));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Changes what the page shows and writes it to the address. */
export function updatePage(change: Partial<PageState>): void {
  const next = { ...current, ...change };
  const query = formatState(next);
  const address = query === "" ? location.pathname : `${location.pathname}?${query}`;
  if (address !== location.pathname + location.search) {
    if (isNavigation(current, next)) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }
  publish(next);
}

export function pageState(): PageState {
  return current;
}

export function usePageState(): PageState {
  return useSyncExternalStore(subscribe, pageState);
}
