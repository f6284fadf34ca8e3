import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

// Read by public/theme.js before the first paint; a plain word, not JSON.
const kStorageKey = "tradeassist.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) listener();
}

system.addEventListener("change", notify);

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

/** Switches; a choice that equals the system's is forgotten, so that the page follows the system again. */
export function toggleTheme(): void {
  const next: Theme = currentTheme() === "dark" ? "light" : "dark";
  const follows = next === (system.matches ? "dark" : "light");
  if (follows) delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
  try {
    if (follows) localStorage.removeItem(kStorageKey);
    else localStorage.setItem(kStorageKey, next);
  } catch {
    // The choice then lasts until the page is closed.
  }
  notify();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}
