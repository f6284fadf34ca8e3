import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, post } from "./client";
import { Problem } from "./problem";
import type {
  BacktestRequest,
  BacktestResult,
  Bars,
  Instrument,
  Objective,
  SamplerKind,
  Strategy,
  StrategySummary,
} from "./types";

/** The server's limit for one answer; a longer history shows its newest bars. */
export const kBarsMax = 50_000;

export function useInstruments() {
  return useQuery({
    queryKey: ["instruments"],
    queryFn: async ({ signal }) => (await get<{ instruments: Instrument[] }>("/instruments?limit=1000", signal)).instruments,
    staleTime: 60_000,
  });
}

export function useBars(symbol: string | null, timeframe: string | null) {
  return useQuery({
    queryKey: ["bars", symbol, timeframe],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        symbol: symbol ?? "",
        timeframe: timeframe ?? "",
        last: String(kBarsMax),
        format: "columns",
      });
      return get<Bars>(`/bars?${query}`, signal);
    },
    enabled: symbol !== null && timeframe !== null,
    // The old chart stays until the new one is there, so that nothing blinks.
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

/** Every strategy of the catalogue; an answer holds at most 100. */
async function allStrategies(signal: AbortSignal): Promise<StrategySummary[]> {
  const all: StrategySummary[] = [];
  for (;;) {
    const page = await get<{ strategies: StrategySummary[]; total: number }>(
      `/strategies?limit=100&offset=${String(all.length)}`,
      signal,
    );
    all.push(...page.strategies);
    if (page.strategies.length === 0 || all.length >= page.total) return all;
  }
}

export function useStrategies() {
  return useQuery({
    queryKey: ["strategies"],
    queryFn: ({ signal }) => allStrategies(signal),
    staleTime: Infinity,
  });
}

/** A strategy of the catalogue. */
export function useStrategy(name: string | null) {
  return useQuery({
    queryKey: ["strategy", name],
    queryFn: ({ signal }) => get<Strategy>(`/strategies/${encodeURIComponent(name ?? "")}`, signal),
    enabled: name !== null,
    staleTime: Infinity,
  });
}

/** The same request gives the same result to the bit, so an answer never goes stale. `run` counts repeats by hand. */
export function useBacktest(request: BacktestRequest | null, run: number) {
  return useQuery({
    queryKey: ["backtest", request, run] as const,
    queryFn: ({ signal }) => post<BacktestResult>("/backtests", request, signal),
    enabled: request !== null,
    staleTime: Infinity,
    // The strategy's last result stays in place until the next one has come.
    placeholderData: (previous, query) => {
      const before = query?.queryKey[1];
      return before?.strategy === request?.strategy ? previous : undefined;
    },
    gcTime: 120_000,
  });
}

export function useObjectives() {
  return useQuery({
    queryKey: ["objectives"],
    queryFn: async ({ signal }) => (await get<{ objectives: Objective[] }>("/optimize/objectives", signal)).objectives,
    staleTime: Infinity,
  });
}

export function useSamplers() {
  return useQuery({
    queryKey: ["samplers"],
    queryFn: async ({ signal }) => (await get<{ samplers: SamplerKind[] }>("/optimize/samplers", signal)).samplers,
    staleTime: Infinity,
  });
}

/** Refusals are final; a server that is restarting is asked again. */
export function retry(failures: number, error: unknown): boolean {
  return error instanceof Problem && error.temporary && failures < 3;
}
