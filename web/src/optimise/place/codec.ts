// What the place shows, in the address: the list and its filters, a form that is being filled in, or one job.

import type { JobState } from "../../api/types";
import { formatState, kInitialState, kJobViews, type JobView, type PageState, parseState } from "../../state/url";

export const kJobStates: readonly JobState[] = ["queued", "running", "paused", "completed", "failed", "cancelled"];

const kKinds = ["search", "tournament"] as const;

export interface OptimiseState {
  readonly job: string | null;
  readonly view: JobView;
  /** Of a tournament: the place whose search is looked at. */
  readonly place: number | null;
  readonly making: "search" | "tournament" | null;
  /** Filters of the list. */
  readonly text: string;
  readonly state: JobState | "";
  readonly kind: "search" | "tournament" | "";
  /** What a new search is of: the part of the strategies' address that says so. */
  readonly setup: PageState;
}

export const kInitial: OptimiseState = { job: null, view: "summary", place: null, making: null, text: "", state: "", kind: "", setup: kInitialState };

function oneOf<T extends string>(all: readonly T[], text: string | null): T | undefined {
  return all.find((each) => each === text);
}

export function parseOptimise(search: string): OptimiseState {
  const query = new URLSearchParams(search);
  const place = Number(query.get("place"));
  const { symbol, timeframe, strategy, inputs, properties, from, to } = parseState(search);
  return {
    job: query.get("job"),
    view: oneOf(kJobViews, query.get("view")) ?? kInitial.view,
    place: Number.isInteger(place) && place > 0 ? place : null,
    making: oneOf(kKinds, query.get("new")) ?? null,
    text: query.get("q") ?? "",
    state: oneOf(kJobStates, query.get("state")) ?? "",
    kind: oneOf(kKinds, query.get("kind")) ?? "",
    setup: { ...kInitialState, symbol, timeframe, strategy, inputs, properties, from, to },
  };
}

export function formatOptimise(state: OptimiseState): string {
  const query = new URLSearchParams(state.making === "search" ? formatState(state.setup) : "");
  if (state.making !== null) query.set("new", state.making);
  if (state.text !== "") query.set("q", state.text);
  if (state.state !== "") query.set("state", state.state);
  if (state.kind !== "") query.set("kind", state.kind);
  if (state.job !== null) query.set("job", state.job);
  if (state.place !== null) query.set("place", String(state.place));
  if (state.view !== kInitial.view) query.set("view", state.view);
  return query.toString();
}

/** Whether Back should return from the change. */
export function isStep(before: OptimiseState, after: OptimiseState): boolean {
  return (["job", "place", "making", "view"] as const).some((name) => before[name] !== after[name]);
}
