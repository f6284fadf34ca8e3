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

type Detail = Pick<Job, "trials_done" | "trials_total" | "trials_per_second" | "seconds_left" | "best">;

interface Progress {
  progress: number;
  phase: string;
  detail: Detail | null;
}

/** Progress never goes back: an older message may come after a newer answer. */
function withMessage(job: Job, { messageType, data }: Message): Job {
  if (messageType !== "job_progress" || !isActive(job)) return job;
  const { progress, phase, detail } = data as Progress;
  if (progress < job.progress || (detail !== null && detail.trials_done < job.trials_done)) return job;
  return { ...job, state: "running", progress, phase, ...detail };
}

/** What `/jobs` tells of a tournament, as a search tells it of itself. */
type ListedJob = Omit<Job, keyof Detail | "strategy" | "symbol" | "timeframe"> & { detail: Detail | null };

function fromListed({ detail, ...job }: ListedJob): Job {
  const nothing = { trials_done: 0, trials_total: 0, trials_per_second: null, seconds_left: null, best: null };
  return { ...job, ...(detail ?? nothing), strategy: null, symbol: null, timeframe: null };
}

interface JobPage {
  jobs: Job[];
  next_cursor: string | null;
}

/** The searches' own list does not have the tournaments. */
async function jobPage(kind: "search" | "tournament", query: URLSearchParams, signal: AbortSignal): Promise<JobPage> {
  if (kind === "search") return get<JobPage>(`/optimize/jobs?${query}`, signal);
  const page = await get<{ jobs: ListedJob[]; next_cursor: string | null }>(`/jobs?kind=optimize_batch&${query}`, signal);
  return { jobs: page.jobs.map(fromListed), next_cursor: page.next_cursor };
}

function newestFirst(jobs: readonly Job[]): Job[] {
  return jobs.toSorted((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at));
}

const pollMs = (jobs: readonly Job[] | undefined) => (jobs?.some(isActive) === true ? 2_000 : 20_000);

/** The newest searches and tournaments. */
export function useJobs() {
  return useQuery({
    queryKey: ["jobs"],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ limit: "50" });
      const pages = await Promise.all([jobPage("search", query, signal), jobPage("tournament", query, signal)]);
      return newestFirst(pages.flatMap(({ jobs }) => jobs));
    },
    refetchInterval: (query) => pollMs(query.state.data),
  });
}

function usePages(kind: "search" | "tournament", state: JobState | "") {
  return useInfiniteQuery({
    queryKey: ["jobs", "pages", kind, state],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(kPage) });
      if (state !== "") query.set("state", state);
      if (pageParam !== "") query.set("cursor", pageParam);
      return jobPage(kind, query, signal);
    },
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => pollMs(query.state.data?.pages.flatMap(({ jobs }) => jobs)),
  });
}

/** All searches and tournaments in a state, newest first, as far as they were asked for. */
export function useJobPages(state: JobState | "") {
  const searches = usePages("search", state);
  const tournaments = usePages("tournament", state);
  const both = [searches, tournaments];
  const loaded = searches.data !== undefined && tournaments.data !== undefined;
  return {
    jobs: loaded ? newestFirst(both.flatMap(({ data }) => data?.pages.flatMap(({ jobs }) => jobs) ?? [])) : undefined,
    error: searches.error ?? tournaments.error,
    updatedAt: Math.max(searches.dataUpdatedAt, tournaments.dataUpdatedAt),
    hasMore: both.some(({ hasNextPage }) => hasNextPage),
    loadingMore: both.some(({ isFetchingNextPage }) => isFetchingNextPage),
    more: () => {
      for (const each of both) if (each.hasNextPage) void each.fetchNextPage();
    },
    refetch: () => {
      for (const each of both) void each.refetch();
    },
  };
}

const resultsPath = (id: string) => `/optimize/results/${encodeURIComponent(id)}?trials=${kTrialsMax}`;

/** The results of a search that has ended; of a cancelled one only its best is known. */
export function useResults(job: Job | undefined) {
  return useQuery({
    queryKey: ["results", job?.job_id],
    queryFn: ({ signal }) => get<OptimizeResults>(resultsPath(job?.job_id ?? ""), signal),
    enabled: job?.state === "completed" && !isTournament(job),
    staleTime: Infinity,
  });
}

/** The leaderboard of a tournament that has ended. */
export function useTournament(job: Job | undefined) {
  return useQuery({
    queryKey: ["tournament", job?.job_id],
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
