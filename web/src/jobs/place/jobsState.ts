import type { JobState } from "../../api/schema";

export const kJobsTabs = ["jobs", "dead", "schedules", "statistics"] as const;
export type JobsTab = (typeof kJobsTabs)[number];

export const kJobStates: readonly JobState[] = ["queued", "running", "paused", "completed", "failed", "cancelled"];

export interface JobsState {
  readonly tab: JobsTab;
  /** Only jobs of this kind and in this state. */
  readonly kind: string | null;
  readonly state: JobState | null;
  /** The job whose details are shown. */
  readonly job: string | null;
  /** The schedule that is edited. */
  readonly schedule: string | null;
  /** A schedule is being made; `like` is the job whose request it repeats. */
  readonly making: boolean;
  readonly like: string | null;
}

export function parseJobs(search: string): JobsState {
  const query = new URLSearchParams(search);
  return {
    tab: kJobsTabs.find((tab) => tab === query.get("tab")) ?? "jobs",
    kind: query.get("kind"),
    state: kJobStates.find((state) => state === query.get("state")) ?? null,
    job: query.get("job"),
    schedule: query.get("schedule"),
    making: query.get("new") === "1",
    like: query.get("like"),
  };
}

export function formatJobs(state: JobsState): string {
  const query = new URLSearchParams();
  if (state.tab !== "jobs") query.set("tab", state.tab);
  for (const name of ["kind", "state", "job", "schedule", "like"] as const) {
    const value = state[name];
    if (value !== null) query.set(name, value);
  }
  if (state.making) query.set("new", "1");
  return query.toString();
}

export function jobsStep(before: JobsState, after: JobsState): boolean {
  return (["tab", "job", "schedule", "making"] as const).some((part) => before[part] !== after[part]);
}
