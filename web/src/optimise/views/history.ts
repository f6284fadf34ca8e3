// The trials as they came, and the best so far.

import type { TrialColumns } from "../../api/types";

export interface Step {
  readonly trial: number;
  readonly objective: number;
  /** Of the trials' rows. */
  readonly row: number;
}

/** Trials that were better than all before them, in their order. Those on part of the bars never are. */
export function improvements(trials: TrialColumns, lowerIsBetter: boolean): Step[] {
  const steps = trials.index
    .map((trial, row) => ({ trial, row, objective: trials.objective[row] ?? null }))
    .filter((step): step is Step => step.objective !== null && (trials.bar_share?.[step.row] ?? 1) >= 1)
    .filter(({ row }) => (trials.violation?.[row] ?? 0) <= 0)
    .toSorted((one, other) => one.trial - other.trial);
  const better: Step[] = [];
  for (const step of steps) {
    const best = better.at(-1)?.objective;
    if (best === undefined || (lowerIsBetter ? step.objective < best : step.objective > best)) better.push(step);
  }
  return better;
}
