import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put } from "../../api/client";
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

/** What is asked for again after a change: bars may be adjusted otherwise. */
function useChange<V, R>(mutationFn: (variables: V) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => {
      for (const name of ["instruments", "instrument-history", "corporate-actions", "bars"]) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

export function useStoreInstrument() {
  return useChange((instrument: InstrumentRequest) => put<Instrument>(path(instrument.symbol), instrument));
}

export function useHideInstrument() {
  return useChange((symbol: string) => del(path(symbol)));
}

export function useRestoreInstrument() {
  return useChange((symbol: string) => post(path(symbol, "/restore"), {}));
}

export function useAddAction(symbol: string) {
  return useChange(({ action, source }: { action: ActionRequest; source: string }) =>
    post(path(symbol, "/corporate-actions"), { actions: [action], source }),
  );
}

export function useRemoveAction(symbol: string) {
  return useChange(({ ex_date, kind }: Pick<ActionRequest, "ex_date" | "kind">) =>
    del(path(symbol, `/corporate-actions?${new URLSearchParams({ ex_date, kind })}`)),
  );
}
