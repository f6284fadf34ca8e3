import { useCallback, useState, useSyncExternalStore } from "react";

const kPrefix = "tradeassist.";
const listeners = new Set<() => void>();
/** What could not be stored lasts until the page is closed. */
const unstored = new Map<string, string>();
/** The last value that was read of each name, so that the same text is the same object. */
const parsed = new Map<string, { text: string; value: unknown }>();

/** A preference kept in this browser, the same in all its tabs. Storage that is full or forbidden only costs the memory of it. */
export function useStored<T>(name: string, initial: T): [T, (value: T) => void] {
  const [first] = useState(initial);
  const text = useSyncExternalStore(subscribe, () => storedText(name));
  const store = useCallback((next: T) => writeStored(name, next), [name]);
  return [parse(name, text, first), store];
}

export function readStored<T>(name: string, initial: T): T {
  return parse(name, storedText(name), initial);
}

export function writeStored(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(kPrefix + name, text);
    unstored.delete(name);
  } catch {
    unstored.set(name, text);
  }
  for (const listener of listeners) listener();
}

function storedText(name: string): string | null {
  const text = unstored.get(name);
  if (text !== undefined) return text;
  try {
    return localStorage.getItem(kPrefix + name);
  } catch {
    return null;
  }
}

function parse<T>(name: string, text: string | null, initial: T): T {
  if (text === null) return initial;
  const before = parsed.get(name);
  if (before?.text === text) return before.value as T;
  try {
    const value = JSON.parse(text) as T;
    parsed.set(name, { text, value });
    return value;
  } catch {
    return initial;
  }
}

/** Calls back when a preference may have changed, here or in another tab. */
export function onStored(listener: () => void): () => void {
  return subscribe(listener);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0 && typeof window !== "undefined") window.addEventListener("storage", tellAll);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && typeof window !== "undefined") window.removeEventListener("storage", tellAll);
  };
}

function tellAll(): void {
  for (const listener of listeners) listener();
}
