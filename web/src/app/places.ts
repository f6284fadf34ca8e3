import type { IconName } from "../ui/Icon";

/** A part of the application with an address of its own. */
export interface Place {
  readonly path: "/data" | "/strategies" | "/optimise" | "/jobs" | "/monitor" | "/settings";
  readonly title: string;
  readonly icon: IconName;
  /** Typed one after the other, from anywhere. */
  readonly keys: string;
  readonly about: string;
}

export const kPlaces: readonly Place[] = [
  { path: "/data", title: "Data", icon: "candles", keys: "g d", about: "Ask for bars, look at them, compare, import and export" },
  { path: "/strategies", title: "Strategies", icon: "line", keys: "g s", about: "Catalogue, scripts, backtests" },
  { path: "/optimise", title: "Optimise", icon: "target", keys: "g o", about: "Searches, tournaments, verdicts" },
  { path: "/jobs", title: "Jobs", icon: "list", keys: "g j", about: "What runs, waits, has failed or is planned" },
  { path: "/monitor", title: "Monitor", icon: "pulse", keys: "g m", about: "Health, speed, alerts" },
  { path: "/settings", title: "Settings", icon: "gear", keys: "g ,", about: "Keys, webhooks, sources, appearance" },
];
