import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, remove } from "../../api/client";
import type { ActionRequest, CorporateActions, HistoryPage, Instrument, InstrumentRequest } from "../../api/schema";

const kPage = 50;

function path(symbol: string, more = ""): string {
  return `/instruments/${encodeURIComponent(symbol)}${more}`;
}

export function useHistory(symbol: string) {
  return useInfiniteQuery({
    queryKey: ["instrument-history", symbol],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(kPage) });
      if (pageParam !== null) query.set("cursor", String(pageParam));
      return get<HistoryPage>(path(symbol, `/history?${query}`), signal);
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useCorporateActions(symbol: string) {
  return useQuery({
    queryKey: ["corporate-actions", symbol],
    queryFn: async ({ signal }) => (await get<CorporateActions>(path(symbol, "/corporate-actions"), signal)).corporate_actions,
  });
}

interface Told<V> {
  onSuccess?: (variables: V) => void;
  onError?: (error: Error) => void;
}

/**
 * What is asked for again after a change: bars may be adjusted otherwise. `told` is called also when what asked for the
 * change is not shown any more, as with undo.
 */
function useChange<V, R>(mutationFn: (variables: V) => Promise<R>, told: Told<V> = {}) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onError: (error) => told.onError?.(error),
    onSuccess: (_result, variables) => {
      told.onSuccess?.(variables);
      for (const name of ["instruments", "instrument-history", "corporate-actions", "bars"]) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

export function useStoreInstrument() {
  return useChange((instrument: InstrumentRequest) => put<Instrument>(path(instrument.symbol), instrument));
}

export function useHideInstrument() {
  return useChange((symbol: string) => remove(path(symbol)));
}

export function useRestoreInstrument(told: Told<string> = {}) {
  return useChange((symbol: string) => post(path(symbol, "/restore"), {}), told);
}

export interface NewAction {
  action: ActionRequest;
  source: string;
}

export function useAddAction(symbol: string, told: Told<NewAction> = {}) {
  return useChange(({ action, source }: NewAction) => post(path(symbol, "/corporate-actions"), { actions: [action], source }), told);
}

export function useRemoveAction(symbol: string) {
  return useChange(({ ex_date, kind }: Pick<ActionRequest, "ex_date" | "kind">) =>
    remove(path(symbol, `/corporate-actions?${new URLSearchParams({ ex_date, kind })}`)),
  );
}
