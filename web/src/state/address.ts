import { createBrowserHistory } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";

/** The one history of the page: the router's and that of what a place writes into its query string. */
export const history = createBrowserHistory();

/** What a place shows, as the query string of the address holds it. */
export interface AddressCodec<S> {
  /** The place's path. While another place is shown the state stays as it was, and changes of it come to nothing. */
  path: string;
  /** Of a query string with or without `?`; what it does not say is at its default. */
  parse: (search: string) => S;
  /** The query string without `?`; must be read again as the same state. */
  format: (state: S) => string;
  /** Whether Back should return from this change; other changes replace the current entry. */
  isStep: (before: S, after: S) => boolean;
}

export interface AddressState<S> {
  read: () => S;
  use: () => S;
  update: (change: Partial<S>) => void;
}

/** State of a place that lives in the address: a copied link opens what was seen. */
export function addressState<S extends object>(codec: AddressCodec<S>): AddressState<S> {
  let text: string | null = null;
  let state = codec.parse("");
  const read = () => {
    const { pathname, search } = history.location;
    if (search !== text && pathname === codec.path) {
      text = search;
      state = codec.parse(search);
    }
    return state;
  };
  return {
    read,
    use: () => useSyncExternalStore(subscribe, read),
    update: (change) => {
      const before = read();
      const after = { ...before, ...change };
      if (history.location.pathname !== codec.path) return;
      const query = codec.format(after);
      const address = query === "" ? history.location.pathname : `${history.location.pathname}?${query}`;
      if (address === history.location.pathname + history.location.search) return;
      if (codec.isStep(before, after)) history.push(address);
      else history.replace(address);
    },
  };
}

function subscribe(listener: () => void): () => void {
  return history.subscribe(listener);
}
