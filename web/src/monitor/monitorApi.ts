import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../api/client";
import { Problem } from "../api/problem";
import type {
  Alert,
  AlertHistoryPage,
  AlertPage,
  AuditPage,
  AuditVerification,
  BackupHealth,
  BenchmarkStatus,
  CacheHealth,
  DatabaseHealthResponse,
  DetailedHealthResponse,
  ErrorGroupAnswer,
  ErrorGroupsAnswer,
  JobAccepted,
  LiveHealthResponse,
  PartitionStatusResponse,
  PerformanceMetricsResponse,
  ThresholdsAnswer,
  TrendsAnswer,
} from "../api/schema";
import { useChannel } from "../live/link";
import { toast, toastFailure } from "../ui/toast";
import { kAlerts } from "./openAlerts";
import type { ErrorState, Range } from "./monitorState";
import { kRangeFacts } from "./trendSeries";

const kHealth = "health";
/** The server looks every ten seconds unless it was told otherwise. */
const kSampleMs = 10_000;

function useHealth<T>(part: string) {
  return useQuery({
    queryKey: [kHealth, part],
    queryFn: ({ signal }) => get<T>(`/health/${part}`, signal),
    refetchInterval: kSampleMs,
  });
}

export const useDetailedHealth = () => useHealth<DetailedHealthResponse>("detailed");
export const useDatabaseHealth = () => useHealth<DatabaseHealthResponse>("database");
export const usePerformance = () => useHealth<PerformanceMetricsResponse>("performance");
export const usePartitions = () => useHealth<PartitionStatusResponse>("partitions");
export const useCacheHealth = () => useHealth<CacheHealth>("cache");
export const useLiveHealth = () => useHealth<LiveHealthResponse>("live");
export const useBackupHealth = () => useHealth<BackupHealth>("backups");

const kTold: Partial<Record<string, string>> = {
  database_performance: "performance",
  partition_status: "partitions",
  cache_performance: "cache",
};

/** Takes what the server tells by itself, which is what its routes would answer. */
export function useHealthChannel(): void {
  const queries = useQueryClient();
  useChannel(
    "system",
    (messages) => {
      for (const message of messages) {
        const part = kTold[message.messageType];
        if (part !== undefined) queries.setQueryData([kHealth, part], message.data);
      }
    },
    () => void queries.invalidateQueries({ queryKey: [kHealth] }),
  );
}

/** One number over the range. Points a minute are told by name only. */
export function useTrend(name: string, range: Range) {
  const { milliseconds, resolution } = kRangeFacts[range];
  return useQuery({
    queryKey: [kHealth, "trend", name, range],
    queryFn: async ({ signal }) => {
      const to = Date.now();
      const query = new URLSearchParams({ name, resolution, from: new Date(to - milliseconds).toISOString() });
      const answer = await get<TrendsAnswer>(`/health/trends?${query}`, signal);
      return { from: Date.parse(answer.from), to, trend: answer.trends[0] ?? null };
    },
    refetchInterval: 60_000,
  });
}

/** What is kept over time, and how the last day was beside the week before. */
export function useTrendNames() {
  return useQuery({
    queryKey: [kHealth, "trend names"],
    queryFn: async ({ signal }) => (await get<TrendsAnswer>(`/health/trends?from=${new Date(Date.now() - 3_600_000).toISOString()}`, signal)).trends,
    refetchInterval: 300_000,
  });
}

export function useAllAlerts() {
  return useInfiniteQuery({
    queryKey: [kAlerts, "all"],
    queryFn: ({ pageParam, signal }) =>
      get<AlertPage>(`/alerts?limit=50${pageParam === null ? "" : `&cursor=${encodeURIComponent(pageParam)}`}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 30_000,
  });
}

export function useAlert(id: number) {
  return useQuery({
    queryKey: [kAlerts, "one", id],
    queryFn: ({ signal }) => get<Alert>(`/alerts/${String(id)}`, signal),
    refetchInterval: kSampleMs,
  });
}

/** What happened to an alert, or to all, the newest first. */
export function useAlertHistory(id: number | null) {
  return useInfiniteQuery({
    queryKey: [kAlerts, "history", id],
    queryFn: ({ pageParam, signal }) =>
      get<AlertHistoryPage>(
        `/alerts/${id === null ? "" : `${String(id)}/`}history?limit=50${pageParam === null ? "" : `&cursor=${encodeURIComponent(pageParam)}`}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 30_000,
  });
}

export function useThresholds() {
  return useQuery({
    queryKey: ["alert-thresholds"],
    queryFn: ({ signal }) => get<ThresholdsAnswer>("/alerts/thresholds", signal),
    staleTime: 300_000,
  });
}

export type AlertAction = { readonly action: "acknowledge" | "unmute" } | { readonly action: "mute"; readonly minutes: number };

const kRefused: Record<AlertAction["action"], string> = {
  acknowledge: "The alert was not acknowledged",
  mute: "The alert was not muted",
  unmute: "The mute was not ended",
};

export function useAlertAction(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: AlertAction) =>
      post<Alert>(`/alerts/${String(id)}/${asked.action}`, asked.action === "mute" ? { minutes: asked.minutes } : {}),
    onSuccess: (alert) => queries.setQueryData([kAlerts, "one", id], alert),
    onError: (error, { action }) => toastFailure(kRefused[action], error),
    onSettled: () => queries.invalidateQueries({ queryKey: [kAlerts] }),
  });
}

export interface BenchmarkOrder {
  readonly rows: number;
  readonly seconds: number;
  readonly set_baseline: boolean;
}

export function useStartBenchmark(onStarted: (id: string) => void) {
  return useMutation({
    mutationFn: (order: BenchmarkOrder) => post<JobAccepted>("/health/performance/benchmark", order),
    onSuccess: (accepted) => onStarted(accepted.job_id),
  });
}

const kWorking: readonly string[] = ["queued", "running", "paused"];

export function isWorking(status: BenchmarkStatus | undefined): boolean {
  return status !== undefined && kWorking.includes(status.state);
}

export function useBenchmark(id: string | null) {
  return useQuery({
    queryKey: ["benchmark", id],
    queryFn: ({ signal }) => get<BenchmarkStatus>(`/health/performance/benchmark/${encodeURIComponent(id ?? "")}`, signal),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data === undefined || isWorking(query.state.data) ? 1_000 : false),
  });
}

const kErrors = "server-errors";

export function useServerErrors(state: ErrorState) {
  return useInfiniteQuery({
    queryKey: [kErrors, state],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: "50" });
      if (state !== "all") query.set("state", state);
      if (pageParam !== null) query.set("cursor", pageParam);
      return get<ErrorGroupsAnswer>(`/admin/errors?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 15_000,
  });
}

export type ErrorAction = "resolve" | "ignore" | "reopen";

const kDone: Record<ErrorAction, string> = { resolve: "Resolved", ignore: "Ignored", reopen: "Open again" };

/** Changes the state of a group of errors; the notice takes it back to the state before. */
export function useErrorAction() {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ group, action }: { group: ErrorGroupAnswer; action: ErrorAction; quiet?: boolean }) =>
      post<ErrorGroupAnswer>(`/admin/errors/${encodeURIComponent(group.id)}/${action}`, {}),
    onSuccess: (_answer, { group, action, quiet }) => {
      if (quiet === true) return;
      const back = actionTo(group.state);
      toast({
        title: `${kDone[action]}: ${group.message}`,
        action: { label: "Undo", run: () => change.mutate({ group, action: back, quiet: true }) },
      });
    },
    onError: (error) => toastFailure("The error was not changed", error),
    onSettled: () => queries.invalidateQueries({ queryKey: [kErrors] }),
  });
  return change;
}

function actionTo(state: string): ErrorAction {
  if (state === "resolved") return "resolve";
  return state === "ignored" ? "ignore" : "reopen";
}

export function useAudit() {
  return useInfiniteQuery({
    queryKey: ["audit", "log"],
    queryFn: ({ pageParam, signal }) =>
      get<AuditPage>(`/admin/audit?limit=100${pageParam === null ? "" : `&cursor=${encodeURIComponent(pageParam)}`}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 30_000,
  });
}

/** Reads the whole log, so it is asked for on demand. */
export function useVerification() {
  return useMutation({ mutationFn: () => get<AuditVerification>("/admin/audit/verification") });
}

/** Whether the key is good but may not do this. */
export function lacksScope(error: Error | null): boolean {
  return error instanceof Problem && error.status === 403;
}
