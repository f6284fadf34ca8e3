import { useSyncExternalStore } from "react";
import { rootChoice } from "./rootChoice";

export type Theme = "light" | "dark";

const kQuery = "(prefers-color-scheme: dark)";

/** What was chosen; null: the system's. */
export const themeChoice = rootChoice<Theme>("theme", ["light", "dark"], kQuery);

function systemTheme(): Theme {
  return window.matchMedia(kQuery).matches ? "dark" : "light";
}

export function currentTheme(): Theme {
  return themeChoice.read() ?? systemTheme();
}

/** Switches; a choice that equals the system's is forgotten, so that the page follows the system again. */
export function toggleTheme(): void {
  const next: Theme = currentTheme() === "dark" ? "light" : "dark";
  themeChoice.choose(next === systemTheme() ? null : next);
}

export function useTheme(): Theme {
  return useSyncExternalStore(themeChoice.subscribe, currentTheme);
}
