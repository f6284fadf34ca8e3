import { useSyncExternalStore } from "react";

// In the tab alone, or in this browser where the user said so; a plain text, not JSON.
const kStorageKey = "tradeassist.api-key";
const listeners = new Set<() => void>();

/** Why the page cannot go on without another key; null while it can. */
let wanted: string | null = null;

function notify(): void {
  for (const listener of listeners) listener();
}

function stored(storage: () => Storage): string | null {
  try {
    return storage().getItem(kStorageKey);
  } catch {
    return null;
  }
}

let key = stored(() => sessionStorage) ?? stored(() => localStorage);

export function apiKey(): string | null {
  return key;
}

/** Uses the key from now on; `kept`: also after the tab is closed. */
export function signIn(token: string, kept: boolean): void {
  signOut();
  key = token;
  wanted = null;
  try {
    (kept ? localStorage : sessionStorage).setItem(kStorageKey, token);
  } catch {
    // Then it lasts until the page is loaded again.
  }
  notify();
}

export function signOut(): void {
  key = null;
  try {
    sessionStorage.removeItem(kStorageKey);
    localStorage.removeItem(kStorageKey);
  } catch {
    // Nothing was stored.
  }
  notify();
}

/** The server turned the page away; `why`: what it said. */
export function askForKey(why: string): void {
  if (wanted !== null) return;
  wanted = why;
  notify();
}

/** Calls back when another key is used, or none. */
export function onApiKey(listener: () => void): () => void {
  let before = key;
  return subscribe(() => {
    if (key === before) return;
    before = key;
    listener();
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKeyWanted(): string | null {
  return useSyncExternalStore(subscribe, () => wanted);
}

export function useApiKey(): string | null {
  return useSyncExternalStore(subscribe, apiKey);
}
