import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../api/client";
import type { Job, JobState, OptimizeAccepted, OptimizeRequest, OptimizeResults, TournamentResults } from "../api/types";
import { useChannel, useLinkState } from "../live/link";
import type { Message } from "../live/realtime";

/** All trials that one answer may carry. */
const kTrialsMax = 10_000;
const kPage = 100;

export function isActive(job: Pick<Job, "state"> | undefined): boolean {
  return job?.state === "queued" || job?.state === "running";
}

/** A tournament searches many strategies, so it has none of its own. */
export function isTournament(job: Pick<Job, "strategy">): boolean {
  return job.strategy === null;
}

const statusKey = (id: string | null) => ["job", id] as const;

/** A search or tournament: what its channel tells is taken as it comes, and the server asked now and then. */
export function useJob(id: string | null) {
  const queries = useQueryClient();
  const link = useLinkState();
  const status = useQuery({
    queryKey: statusKey(id),
    queryFn: ({ signal }) => get<Job>(`/optimize/status/${encodeURIComponent(id ?? "")}`, signal),
    enabled: id !== null,
    refetchInterval: (query) => {
      const job = query.state.data;
      if (job?.state === "paused") return 5_000; // somebody else may resume it
      if (job !== undefined && !isActive(job)) return false;
      // The channel tells of jobs that this server runs; another one may have taken it.
      return link === "live" ? 2_000 : 500;
    },
    refetchIntervalInBackground: true,
  });
  const again = () => void queries.invalidateQueries({ queryKey: statusKey(id) });
  useChannel(
    id !== null && (status.data === undefined || isActive(status.data) || status.data.state === "paused") ? `jobs:${id}` : null,
    (messages) => {
      queries.setQueryData<Job>(statusKey(id), (job) => (job === undefined ? job : messages.reduce(withMessage, job)));
      if (messages.some(({ messageType }) => messageType !== "job_progress")) again();
    },
    again,
  );
  return status;
}

interface Progress {
  progress: number;
  phase: string;
  detail: Pick<Job, "trials_done" | "trials_total" | "trials_per_second" | "seconds_left" | "best"> | null;
}

/** Progress never goes back: an older message may come after a newer answer. */
function withMessage(job: Job, { messageType, data }: Message): Job {
  if (messageType !== "job_progress" || !isActive(job)) return job;
  const { progress, phase, detail } = data as Progress;
  if (progress < job.progress || (detail !== null && detail.trials_done < job.trials_done)) return job;
  return { ...job, state: "running", progress, phase, ...detail };
}

export function useJobs() {
  return useQuery({
    queryKey: ["jobs"],
    queryFn: async ({ signal }) => (await get<{ jobs: Job[] }>("/optimize/jobs?limit=50", signal)).jobs,
    refetchInterval: (query) => (query.state.data?.some(isActive) === true ? 2_000 : 20_000),
  });
}

/** All searches and tournaments in a state, page by page; newest first. */
export function useJobPages(state: JobState | "") {
  return useInfiniteQuery({
    queryKey: ["jobs", "pages", state],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(kPage) });
      if (state !== "") query.set("state", state);
      if (pageParam !== "") query.set("cursor", pageParam);
      return get<{ jobs: Job[]; next_cursor: string | null }>(`/optimize/jobs?${query}`, signal);
    },
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages.some(({ jobs }) => jobs.some(isActive)) === true ? 2_000 : 20_000),
  });
}

const resultsPath = (id: string) => `/optimize/results/${encodeURIComponent(id)}?trials=${kTrialsMax}`;

/** The results of a search that has ended; a cancelled one has those of the trials it finished. */
export function useResults(job: Job | undefined) {
  const ended = job?.state === "completed" || (job?.state === "cancelled" && job.trials_done > 0);
  return useQuery({
    queryKey: ["results", job?.job_id],
    queryFn: ({ signal }) => get<OptimizeResults>(resultsPath(job?.job_id ?? ""), signal),
    enabled: ended && !isTournament(job),
    staleTime: Infinity,
  });
}

/** The leaderboard of a tournament that has ended. */
export function useTournament(job: Job | undefined) {
  return useQuery({
    queryKey: ["results", job?.job_id],
    queryFn: ({ signal }) => get<TournamentResults>(resultsPath(job?.job_id ?? ""), signal),
    enabled: job?.state === "completed" && isTournament(job),
    staleTime: Infinity,
  });
}

/** Starts a search, or with `/optimize/batch` a tournament. */
export function useStartJob<Request = OptimizeRequest>(path: "/optimize/single" | "/optimize/batch", onStarted: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: Request) => post<OptimizeAccepted>(path, request),
    onSuccess: (accepted) => {
      void queries.invalidateQueries({ queryKey: ["jobs"] });
      onStarted(accepted.job_id);
    },
  });
}

export type JobAction = "cancel" | "pause" | "resume" | "retry";

/** Asks something of a job; one that runs does it a little later. */
export function useJobAction(action: JobAction, onDone?: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<Pick<Job, "job_id" | "state">>(`/jobs/${encodeURIComponent(id)}/${action}`, {}),
    onSuccess: (job) => onDone?.(job.job_id),
    onSettled: (_result, _error, id) => {
      void queries.invalidateQueries({ queryKey: ["job", id] });
      void queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}
