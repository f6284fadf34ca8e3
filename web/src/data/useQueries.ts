import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { change, get, post } from "../api/client";
import type {
  BarRow,
  BarsInColumns,
  BarsInRows,
  CorporateActions,
  FetchAccepted,
  FetchAnswer,
  FetchStatus,
  HistoricalFetchRequest,
  Sources,
} from "../api/schema";
import type { Message } from "../live/realtime";
import { useChannel } from "../live/link";
import { BarCollector } from "./bars";

/** What came of one symbol of a query. */
export interface SymbolResult {
  readonly symbol: string;
  readonly status: "ok" | "empty" | "error" | "waiting" | "running";
  readonly bars: BarsInColumns | null;
  readonly barCount: number | null;
  readonly reason: string | null;
  readonly code: string | null;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** Pieces of a stream that are here. */
  readonly streamed: boolean;
}

/** A question as it was asked; another `run` asks it again. */
export interface Asked {
  readonly request: HistoricalFetchRequest;
  readonly saved: number | null;
  readonly run: number;
}

/** Asks in place. The same question is not asked again by itself. */
export function useFetchAnswer(asked: Asked | null) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["historical-fetch", asked],
    queryFn: async ({ signal }) => {
      if (asked?.saved === null || asked === null) return post<FetchAnswer>("/historical-data/fetch", asked?.request, signal);
      const answer = await post<FetchAnswer>(`/historical-data/queries/${asked.saved}/execute`, {}, signal);
      void queries.invalidateQueries({ queryKey: ["saved-queries"] });
      return answer;
    },
    enabled: asked !== null,
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

export function useStartBackground(onStarted: (query: string) => void) {
  return useMutation({
    mutationFn: ({ request, saved }: { request: HistoricalFetchRequest; saved: number | null }) =>
      saved === null
        ? post<FetchAccepted>("/historical-data/fetch", request)
        : post<FetchAccepted>(`/historical-data/queries/${saved}/execute`, {}),
    onSuccess: (accepted) => onStarted(accepted.query_id),
  });
}

export function resultsOf(answer: FetchAnswer): SymbolResult[] {
  return answer.results.map((result) => {
    const bars = result.data === null ? null : "columns" in result.data ? result.data : inColumns(result.data);
    return {
      symbol: result.symbol,
      status: result.status === "ok" || result.status === "empty" ? result.status : "error",
      bars,
      barCount: result.bar_count,
      reason: result.error?.message ?? result.reason,
      code: result.error?.code ?? null,
      firstTime: bars?.columns.time[0] ?? null,
      lastTime: bars?.columns.time.at(-1) ?? null,
      streamed: false,
    };
  });
}

/** A saved query may ask for rows. */
function inColumns({ bars: rows, ...story }: BarsInRows): BarsInColumns {
  const collector = new BarCollector();
  collector.add(rows);
  return { ...story, columns: collector.bars(story.symbol, story.timeframe).columns };
}

export interface QueryProgress {
  readonly percent: number;
  readonly step: string;
  readonly symbol: string | null;
  /** When it will be done, milliseconds. */
  readonly until: number | null;
}

/** What the server calls the states of a symbol, as the page does. */
const kStates: Partial<Record<string, SymbolResult["status"]>> = {
  ok: "ok",
  empty: "empty",
  error: "error",
  fetching: "running",
  reading: "running",
  streaming: "running",
};

interface ProgressData {
  symbol?: string | null;
  progress_percent?: number;
  current_step?: string;
  estimated_completion?: string | null;
  bars?: BarRow[];
}

export function hasEnded(status: string | undefined): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** A query in the background: its state, what its channel says, and the bars that it streams. */
export function useBackgroundQuery(id: string, timeframe: string) {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<QueryProgress | null>(null);
  const [pieces, setPieces] = useState(0); // bars of the stream that are shown
  const collectors = useRef(new Map<string, BarCollector>());
  const [streamed, setStreamed] = useState(0);
  const drawn = useRef(0);
  const status = useQuery({
    queryKey: ["historical-query", id],
    queryFn: ({ signal }) => get<FetchStatus>(`/historical-data/fetch/${encodeURIComponent(id)}`, signal),
    refetchInterval: (query) => (query.state.data !== undefined && hasEnded(query.state.data.status) ? false : 2_000),
  });
  const reread = () => void queries.invalidateQueries({ queryKey: ["historical-query", id] });
  const ended = hasEnded(status.data?.status);

  const [heardEnd, setHeardEnd] = useState(false);
  // The state may be read before the last pieces of the stream are here.
  const listens = !heardEnd && (!ended || streamed > 0);

  useChannel(
    listens ? `historical_data:${id}` : null,
    (messages: readonly Message[]) => {
      let came = false;
      let whole = false;
      for (const { messageType, data } of messages) {
        const body = data as ProgressData;
        if (messageType === "historical_data_progress") {
          const until = typeof body.estimated_completion === "string" ? Date.parse(body.estimated_completion) : null;
          setProgress({ percent: body.progress_percent ?? 0, step: body.current_step ?? "", symbol: body.symbol ?? null, until });
        } else if (messageType === "historical_data_chunk") {
          const symbol = body.symbol ?? "";
          const collector = collectors.current.get(symbol) ?? new BarCollector();
          collectors.current.set(symbol, collector);
          collector.add(body.bars ?? []);
          came = true;
        } else {
          whole ||= messageType === "historical_data_complete" && body.symbol === null;
          reread();
        }
      }
      if (whole) setHeardEnd(true);
      if (!came && !whole) return;
      const bars = [...collectors.current.values()].reduce((sum, { count }) => sum + count, 0);
      setStreamed(bars);
      // What is shown is made anew of all that came, so only when there is twice as much: the last piece is not held up
      // by drawing the others.
      if (whole || bars >= 2 * drawn.current) {
        drawn.current = bars;
        setPieces(bars);
      }
    },
    reread,
  );

  const cancel = useMutation({
    mutationFn: () => change<unknown>("DELETE", `/historical-data/fetch/${encodeURIComponent(id)}`),
    onSettled: reread,
  });

  const results = useMemo(
    () =>
      (status.data?.symbols ?? []).map((report): SymbolResult => {
        const collector = collectors.current.get(report.symbol);
        return {
          symbol: report.symbol,
          status: kStates[report.status] ?? "waiting",
          bars: collector === undefined ? null : collector.bars(report.symbol, timeframe),
          barCount: report.bars ?? collector?.count ?? null,
          reason: report.error?.message ?? report.reason,
          code: report.error?.code ?? null,
          firstTime: report.first_time,
          lastTime: report.last_time,
          streamed: collector !== undefined,
        };
      }),
    // The collectors change with the pieces.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [status.data, pieces, timeframe],
  );

  return { status, progress, results, streamed, ended, cancel };
}

/** What a query in the background was asked. */
export function useJobRequest(id: string) {
  return useQuery({
    queryKey: ["job-request", id],
    queryFn: async ({ signal }) => (await get<{ request: unknown }>(`/jobs/${encodeURIComponent(id)}`, signal)).request,
    staleTime: Infinity,
  });
}

export function useSources() {
  return useQuery({
    queryKey: ["sources"],
    queryFn: ({ signal }) => get<Sources>("/historical-data/sources", signal),
    staleTime: 60_000,
  });
}

/** Splits and dividends of an instrument; a continuous future has none. */
export function useActions(symbol: string, known: boolean) {
  return useQuery({
    queryKey: ["corporate-actions", symbol],
    queryFn: async ({ signal }) =>
      (await get<CorporateActions>(`/instruments/${encodeURIComponent(symbol)}/corporate-actions`, signal)).corporate_actions,
    enabled: known,
    staleTime: 60_000,
  });
}

/** Seconds until a moment, counted every second. */
export function useSecondsLeft(until: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? null : Math.max(0, (until - now) / 1000);
}
