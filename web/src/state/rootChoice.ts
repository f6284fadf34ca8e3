import { useSyncExternalStore } from "react";

export interface RootChoice<T extends string> {
  /** What the user chose; null: as the system has it. */
  read: () => T | null;
  choose: (choice: T | null) => void;
  subscribe: (listener: () => void) => () => void;
  use: () => T | null;
}

/**
 * A choice of appearance: an attribute of the page's root for the style sheets, a plain word in this browser that
 * public/theme.js reads before the first paint, and the same in all tabs.
 */
export function rootChoice<T extends string>(name: string, choices: readonly T[], systemQuery: string): RootChoice<T> {
  const storageKey = `tradeassist.${name}`;
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  const known = (word: string | null | undefined) => choices.find((choice) => choice === word) ?? null;
  const show = (choice: T | null) => {
    if (choice === null) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = choice;
  };
  const read = () => known(document.documentElement.dataset[name]);
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  window.matchMedia(systemQuery).addEventListener("change", notify);
  window.addEventListener("storage", (event) => {
    if (event.key !== null && event.key !== storageKey) return;
    show(event.key === null ? null : known(event.newValue));
    notify();
  });
  return {
    read,
    subscribe,
    use: () => useSyncExternalStore(subscribe, read),
    choose: (choice) => {
      show(choice);
      try {
        if (choice === null) localStorage.removeItem(storageKey);
        else localStorage.setItem(storageKey, choice);
      } catch {
        // The choice then lasts until the page is closed.
      }
      notify();
    },
  };
}
