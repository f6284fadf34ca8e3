import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../api/client";
import type { Job, OptimizeAccepted, OptimizeRequest, OptimizeResults } from "../api/types";

/** All trials that one answer may carry. */
const kTrialsMax = 10_000;

export function isActive(job: Job | undefined): boolean {
  return job?.state === "queued" || job?.state === "running";
}

export function useJob(id: string | null) {
  return useQuery({
    queryKey: ["job", id],
    queryFn: ({ signal }) => get<Job>(`/optimize/status/${encodeURIComponent(id ?? "")}`, signal),
    enabled: id !== null,
    refetchInterval: (query) => {
      const job = query.state.data;
      if (job?.state === "paused") return 5_000; // somebody else may resume it
      return job === undefined || isActive(job) ? 500 : false;
    },
    refetchIntervalInBackground: true,
  });
}

export function useJobs() {
  return useQuery({
    queryKey: ["jobs"],
    queryFn: async ({ signal }) => (await get<{ jobs: Job[] }>("/optimize/jobs?limit=50", signal)).jobs,
    refetchInterval: (query) => (query.state.data?.some(isActive) === true ? 2_000 : 20_000),
  });
}

/** The results of a search that has ended; a cancelled one has those of the trials it finished. */
export function useResults(job: Job | undefined) {
  const ended = job?.state === "completed" || (job?.state === "cancelled" && job.trials_done > 0);
  return useQuery({
    queryKey: ["results", job?.job_id],
    queryFn: ({ signal }) =>
      get<OptimizeResults>(`/optimize/results/${encodeURIComponent(job?.job_id ?? "")}?trials=${kTrialsMax}`, signal),
    enabled: ended,
    staleTime: Infinity,
  });
}

export function useStartSearch(onStarted: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: OptimizeRequest) => post<OptimizeAccepted>("/optimize/single", request),
    onSuccess: (accepted) => {
      void queries.invalidateQueries({ queryKey: ["jobs"] });
      onStarted(accepted.job_id);
    },
  });
}

export type JobAction = "cancel" | "pause" | "resume";

/** Asks something of a job; one that runs does it a little later. */
export function useJobAction(action: JobAction) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<Pick<Job, "job_id" | "state">>(`/jobs/${encodeURIComponent(id)}/${action}`, {}),
    onSettled: (_result, _error, id) => {
      void queries.invalidateQueries({ queryKey: ["job", id] });
      void queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}
