import { type InfiniteData, useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { get, post, put, remove } from "../../api/client";
import type { Job, JobLog, JobPage, JobSchedule, JobSchedules, JobStatistics, ScheduleRemoval, WholeJob, Workers } from "../../api/schema";
import { useLinkState } from "../../live/link";
import { toast, toastFailure } from "../../ui/toast";
import { jobsState } from "./address";
import { hasEnded, isActive, type JobAction, kindTitle, type Progress, withProgress } from "./describe";
import { usePolling } from "./usePolling";

const kPageSize = 50;
const kList = "all-jobs";

export interface JobFilter {
  readonly kind: string | null;
  readonly state: Job["state"] | null;
  readonly dead: boolean;
}

/** Jobs of all kinds, newest first. New ones and those of other servers are found by asking again. */
export function useAllJobs({ kind, state, dead }: JobFilter) {
  const live = useLinkState() === "live";
  const list = useInfiniteQuery({
    queryKey: [kList, "list", kind, state, dead],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(kPageSize) });
      if (kind !== null) query.set("kind", kind);
      if (state !== null) query.set("state", state);
      if (dead) query.set("dead_letter", "true");
      if (pageParam !== null) query.set("cursor", pageParam);
      return get<JobPage>(`/jobs?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const active = list.data?.pages.some((page) => page.jobs.some(isActive)) === true;
  // Each page is asked for again: many pages, seldom.
  usePolling(list.refetch, (active && !live ? 2_000 : 4_000) * (list.data?.pages.length ?? 1));
  return list;
}

export function useWholeJob(id: string) {
  const live = useLinkState() === "live";
  const job = useQuery({
    queryKey: [kList, "job", id],
    queryFn: ({ signal }) => get<WholeJob>(`/jobs/${encodeURIComponent(id)}`, signal),
  });
  const over = job.data === undefined || hasEnded(job.data);
  usePolling(job.refetch, over ? false : live ? 4_000 : 1_500);
  return job;
}

/** The newest lines; the server keeps no more than one answer holds. */
export function useJobLog(id: string, ended: boolean) {
  return useQuery({
    queryKey: [kList, "log", id, ended],
    queryFn: ({ signal }) => get<JobLog>(`/jobs/${encodeURIComponent(id)}/log?limit=1000`, signal),
    placeholderData: (before) => (before?.job_id === id ? before : undefined),
    refetchInterval: ended ? false : 2_000,
    staleTime: ended ? Infinity : 0,
  });
}

/** What came of a job, as it stands; asked for on demand, since it may be large. */
export function useJobResult(id: string, wanted: boolean) {
  return useQuery({
    queryKey: [kList, "result", id],
    queryFn: async ({ signal }) => (await get<WholeJob>(`/jobs/${encodeURIComponent(id)}?result=true`, signal)).result ?? null,
    enabled: wanted,
    staleTime: Infinity,
  });
}

export function useJobStatistics() {
  return useQuery({
    queryKey: [kList, "statistics"],
    queryFn: ({ signal }) => get<JobStatistics>("/jobs/statistics", signal),
    refetchInterval: 10_000,
  });
}

export function useWorkers() {
  return useQuery({
    queryKey: ["job-workers"],
    queryFn: async ({ signal }) => (await get<Workers>("/jobs/workers", signal)).workers,
    refetchInterval: 10_000,
  });
}

/** Everything that is known of jobs is asked for again. */
export function refreshJobs(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: [kList] });
  // The searches of the header and of the place Optimise.
  void queries.invalidateQueries({ queryKey: ["jobs"] });
}

function changeJobs(queries: QueryClient, id: string, change: <J extends Job>(job: J) => J): void {
  queries.setQueryData<WholeJob>([kList, "job", id], (job) => (job === undefined ? undefined : change(job)));
  queries.setQueriesData<InfiniteData<JobPage, string | null>>({ queryKey: [kList, "list"] }, (list) =>
    list === undefined
      ? undefined
      : {
          ...list,
          pages: list.pages.map((page) => ({
            ...page,
            jobs: page.jobs.map((job) => (job.job_id === id ? change(job) : job)),
          })),
        },
  );
}

export function showProgress(queries: QueryClient, id: string, news: Progress): void {
  changeJobs(queries, id, (job) => withProgress(job, news));
}

const kRefused: Record<JobAction, string> = {
  cancel: "The job was not cancelled",
  pause: "The job was not paused",
  resume: "The job was not resumed",
  retry: "The job was not started anew",
};

/** Asks something of a job; one that runs does it a moment later. */
export function useJobAction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ job, action }: { job: Job; action: JobAction }) =>
      post<Job>(`/jobs/${encodeURIComponent(job.job_id)}/${action}`, {}),
    onSuccess: (answer, { job, action }) => {
      if (action !== "retry") {
        changeJobs(queries, answer.job_id, (before) => ({ ...before, ...answer }));
        return;
      }
      toast({
        title: "Started anew",
        detail: `${kindTitle(job.kind)}, as a job of its own`,
        action: { label: "Show", run: () => jobsState.update({ tab: "jobs", job: answer.job_id }) },
      });
    },
    onError: (error, { action }) => toastFailure(kRefused[action], error),
    onSettled: () => refreshJobs(queries),
  });
}

/** What a schedule is made of; the server keeps the rest. */
export interface ScheduleBody {
  readonly cron: string;
  readonly time_zone: string;
  readonly kind: string;
  readonly request: unknown;
  readonly priority: number;
  readonly enabled: boolean;
}

const kSchedules = ["job-schedules"];

export function useSchedules() {
  return useQuery({
    queryKey: kSchedules,
    queryFn: async ({ signal }) => (await get<JobSchedules>("/jobs/schedules", signal)).schedules,
    refetchInterval: 15_000,
  });
}

export function bodyOf({ cron, time_zone, kind, request, priority, enabled }: JobSchedule): ScheduleBody {
  return { cron, time_zone, kind, request, priority, enabled };
}

const schedulePath = (name: string) => `/jobs/schedules/${encodeURIComponent(name)}`;

export function usePutSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, body }: { name: string; body: ScheduleBody }) => put<JobSchedule>(schedulePath(name), body),
    onSettled: () => queries.invalidateQueries({ queryKey: kSchedules }),
  });
}

export function useRemoveSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => remove<ScheduleRemoval>(schedulePath(name)),
    onSettled: () => queries.invalidateQueries({ queryKey: kSchedules }),
  });
}
