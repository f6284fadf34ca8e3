import { addressState } from "../../state/address";
import { formatJobs, type JobsState, jobsStep, parseJobs } from "./jobsState";

export const jobsState = addressState<JobsState>({ path: "/jobs", parse: parseJobs, format: formatJobs, isStep: jobsStep });

/** The address of the place with a change, for links that may be opened in another tab of the browser. */
export function jobsAddress(change: Partial<JobsState>): string {
  const query = formatJobs({ ...jobsState.read(), ...change });
  return query === "" ? "/jobs" : `/jobs?${query}`;
}
