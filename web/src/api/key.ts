import { useSyncExternalStore } from "react";

// In the tab alone, or in this browser where the user said so; a plain text, not JSON.
const kStorageKey = "tradeassist.api-key";
const kChannel = "tradeassist.key";
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

/** The public part of a token: `ta_<id>_<secret>`. */
export function keyId(token: string | null): string | null {
  return /^ta_([^_]+)_/.exec(token ?? "")?.[1] ?? null;
}

/** Whether the key lasts after the tab is closed. */
export function isKept(): boolean {
  return key !== null && stored(() => localStorage) === key;
}

/** Uses the key from now on; `kept`: also after the tab is closed, and in the other tabs. */
export function signIn(token: string, kept: boolean): void {
  key = token;
  wanted = null;
  try {
    (kept ? localStorage : sessionStorage).setItem(kStorageKey, token);
    (kept ? sessionStorage : localStorage).removeItem(kStorageKey);
  } catch {
    // Then it lasts until the page is loaded again.
  }
  notify();
}

/** Forgets the key here and in the other tabs that have the same. */
export function signOut(): void {
  const id = keyId(key);
  if (id !== null) channel?.postMessage(id);
  forget();
  notify();
}

function forget(): void {
  key = null;
  try {
    sessionStorage.removeItem(kStorageKey);
    localStorage.removeItem(kStorageKey);
  } catch {
    // Nothing was stored.
  }
}

/** The server turned the page away; `why`: what it said. */
export function askForKey(why: string): void {
  if (wanted !== null) return;
  wanted = why;
  notify();
}

export function keyWanted(): string | null {
  return wanted;
}

/** Calls back when another key is used, or none. */
export function onApiKey(listener: (before: string | null) => void): () => void {
  let before = key;
  return subscribe(() => {
    if (key === before) return;
    const last = before;
    before = key;
    listener(last);
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKeyWanted(): string | null {
  return useSyncExternalStore(subscribe, keyWanted);
}

export function useApiKey(): string | null {
  return useSyncExternalStore(subscribe, apiKey);
}

// Keys themselves go to other tabs through the browser's storage alone, and only where the user had them kept.
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(kChannel);
channel?.addEventListener("message", ({ data }) => {
  if (key === null || data !== keyId(key)) return;
  forget();
  notify();
});

if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => {
    if (event.storageArea !== null && event.storageArea !== localStorage) return;
    if (event.key !== null && event.key !== kStorageKey) return;
    const kept = stored(() => localStorage);
    if (kept === key) return;
    // A tab that has a key of its own keeps it while the server takes it.
    const own = stored(() => sessionStorage);
    if (own !== null && (kept === null || wanted === null)) return;
    key = kept;
    if (kept !== null) {
      wanted = null;
      try {
        sessionStorage.removeItem(kStorageKey);
      } catch {
        // Nothing was stored.
      }
    }
    notify();
  });
}
