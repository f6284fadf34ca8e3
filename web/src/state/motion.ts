import { useSyncExternalStore } from "react";
import { rootChoice } from "./rootChoice";

export type Motion = "reduced" | "full";

const kQuery = "(prefers-reduced-motion: reduce)";

/** What was chosen; null: the system's. */
export const motionChoice = rootChoice<Motion>("motion", ["reduced", "full"], kQuery);

function isReduced(): boolean {
  const choice = motionChoice.read();
  return choice === null ? window.matchMedia(kQuery).matches : choice === "reduced";
}

/** Whether what moves by script has to stand still. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(motionChoice.subscribe, isReduced);
}
