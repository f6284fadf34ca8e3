// What a running search was seen to find: its trials are not told before it has ended, but the best of them is.

import type { InputValue, Job } from "../api/types";

export interface Sighting {
  /** Trials that were done when it was seen. */
  readonly done: number;
  readonly trial: number;
  readonly objective: number;
  readonly parameters: Readonly<Record<string, InputValue | null>>;
}

const kJobsMax = 20;
const seen = new Map<string, readonly Sighting[]>();

/** The sightings with what the job says now; the same list when it says nothing new. */
export function withSighting(before: readonly Sighting[], job: Pick<Job, "best" | "trials_done">): readonly Sighting[] {
  const { best } = job;
  if (best === null || best.objective === null) return before;
  const last = before.at(-1);
  if (last !== undefined && (last.trial === best.trial || job.trials_done < last.done)) return before;
  return [...before, { done: job.trials_done, trial: best.trial, objective: best.objective, parameters: best.parameters }];
}

/** Kept while the page is open, so that who looks away and back sees the same. */
export function sightings(job: Job): readonly Sighting[] {
  const next = withSighting(seen.get(job.job_id) ?? [], job);
  seen.set(job.job_id, next);
  const oldest = seen.keys().next();
  if (seen.size > kJobsMax && oldest.done !== true) seen.delete(oldest.value);
  return next;
}
