import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { change, get, post } from "../api/client";
import type { FetchAccepted, HistoricalFetchRequest, SavedQuery, SavedQueryPage } from "../api/schema";
import { toast, toastFailure, toastUndo } from "../ui/toast";

const kPage = 100;

export interface SavedFilter {
  readonly search: string;
  readonly favourites: boolean;
  readonly tag: string;
}

export function useSavedQueries({ search, favourites, tag }: SavedFilter) {
  return useInfiniteQuery({
    queryKey: ["saved-queries", search, favourites, tag],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: String(kPage),
        ...(search.trim() === "" ? {} : { search: search.trim() }),
        ...(favourites ? { favourite: "true" } : {}),
        ...(tag === "" ? {} : { tag }),
        ...(pageParam === null ? {} : { cursor: String(pageParam) }),
      });
      return get<SavedQueryPage>(`/historical-data/queries?${query}`, signal);
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
    // Schedules run by themselves.
    refetchInterval: 30_000,
  });
}

function useReread() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ["saved-queries"] });
}

export function useToggleFavourite() {
  return useMutation({
    mutationFn: ({ id, favourite }: SavedQuery) => change<SavedQuery>("PATCH", `/historical-data/queries/${id}`, { favourite: favourite !== true }),
    onError: (error) => toastFailure("The favourite was not changed", error),
    onSettled: useReread(),
  });
}

/** Hidden at once, and back when it is undone. */
export function useDeleteSaved() {
  const reread = useReread();
  return useMutation({
    mutationFn: ({ id }: SavedQuery) => change<unknown>("DELETE", `/historical-data/queries/${id}`),
    onSuccess: (_answer, { id, name }) =>
      toastUndo(`“${name}” deleted`, () => {
        post<SavedQuery>(`/historical-data/queries/${id}/restore`, {}).then(reread, (error: unknown) =>
          toastFailure("It was not restored", error instanceof Error ? error : new Error(String(error))),
        );
      }),
    onError: (error) => toastFailure("It was not deleted", error),
    onSettled: reread,
  });
}

/** Runs a saved query that goes to the background. */
export function useExecuteSaved(onStarted: (saved: SavedQuery, query: string) => void) {
  return useMutation({
    mutationFn: ({ id }: SavedQuery) => post<FetchAccepted>(`/historical-data/queries/${id}/execute`, {}),
    onSuccess: (accepted, saved) => onStarted(saved, accepted.query_id),
    onError: (error) => toastFailure("The query was not started", error),
    onSettled: useReread(),
  });
}

/** Another question under the same name. A merge patch would keep the old range beside the new one, so all is written. */
export function useReplaceRequest() {
  return useMutation({
    mutationFn: async ({ id, request }: { id: number; request: HistoricalFetchRequest }) => {
      const { name, description, favourite, tags, schedule } = await get<SavedQuery>(`/historical-data/queries/${id}`);
      const kept = schedule === null ? null : Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== null));
      return change<SavedQuery>("PUT", `/historical-data/queries/${id}`, { name, description, favourite, tags, schedule: kept, request });
    },
    onSuccess: ({ name }) => toast({ title: `“${name}” updated` }),
    onError: (error) => toastFailure("The query was not updated", error),
    onSettled: useReread(),
  });
}
