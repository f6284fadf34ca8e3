import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { get } from "../api/client";
import { Problem } from "../api/problem";
import { kBarsMax } from "../api/queries";
import type { BarsInColumns } from "../api/schema";
import type { Edge } from "../chart/priceChart";
import { timeframeSeconds } from "../chart/timeframe";
import { joined } from "./bars";

/** Which bars a chart looks at. */
export interface WindowSource {
  /** Changes with every question that is asked. */
  readonly id: string;
  readonly symbol: string;
  readonly timeframe: string;
  /** What `GET /bars` takes beside them. */
  readonly options: Readonly<Record<string, string>>;
  /** What is there already; null: the first bars are loaded as `first` says. */
  readonly seed: BarsInColumns | null;
  readonly first: Readonly<Record<string, string>>;
  /** What is stored, as far as it is known: nothing is looked for beyond. */
  readonly storedFirst: string | null;
  readonly storedLast: string | null;
  /** False while the bars come in another way. */
  readonly enabled: boolean;
}

/** A page that is loaded at an edge: about so many bars. */
const kPageBars = 20_000;
/** So many are kept, at most; what is farthest from where somebody looks is dropped, and loaded again when needed. */
const kPagesMax = 6;
const kSearchesMax = 12;

type Place = { before: string } | { after: string } | null;

/** Bars around what is looked at: more come at either edge. */
export function useBarWindow(source: WindowSource) {
  const { id, symbol, timeframe, options, seed, storedFirst, storedLast, enabled } = source;
  const query = useInfiniteQuery({
    queryKey: ["bar-window", id, symbol, timeframe, options],
    queryFn: ({ pageParam, signal }) => loadPage(source, pageParam, signal),
    initialPageParam: null as Place,
    getPreviousPageParam: (page: BarsInColumns): Place | undefined => {
      const start = page.columns.time[0];
      return start === undefined || (storedFirst !== null && start <= storedFirst) ? undefined : { before: start };
    },
    getNextPageParam: (page: BarsInColumns): Place | undefined => {
      const end = page.columns.time.at(-1);
      if (end === undefined) return undefined;
      const step = (timeframeSeconds(timeframe) ?? 0) * 1000;
      return storedLast !== null && Date.parse(end) + step > Date.parse(storedLast) ? undefined : { after: end };
    },
    ...(seed === null ? {} : { initialData: { pages: [seed], pageParams: [null as Place] } }),
    enabled,
    maxPages: kPagesMax,
    staleTime: Infinity,
    gcTime: 120_000,
    refetchOnMount: false,
  });
  const { data, isFetching, hasPreviousPage, hasNextPage, fetchPreviousPage, fetchNextPage } = query;
  const bars = useMemo(() => (data === undefined ? null : joined(data.pages)), [data]);
  const onEdge = useCallback(
    (edge: Edge) => {
      if (isFetching) return;
      if (edge === "older" && hasPreviousPage) void fetchPreviousPage({ cancelRefetch: false });
      if (edge === "newer" && hasNextPage) void fetchNextPage({ cancelRefetch: false });
    },
    [isFetching, hasPreviousPage, hasNextPage, fetchPreviousPage, fetchNextPage],
  );
  return { bars, isFetching, error: query.error, retry: query.refetch, onEdge };
}

async function loadPage(source: WindowSource, place: Place, signal: AbortSignal): Promise<BarsInColumns> {
  if (place === null) {
    if ("before" in source.first) return searched(source, { before: source.first["before"] ?? "" }, signal);
    return barsOf(source, source.first, signal);
  }
  return searched(source, place, signal);
}

/** The server takes either a range or a count, so the range that holds about a page is looked for. */
async function searched(source: WindowSource, place: Exclude<Place, null>, signal: AbortSignal): Promise<BarsInColumns> {
  let span = (timeframeSeconds(source.timeframe) ?? 60) * 1000 * kPageBars;
  const older = "before" in place;
  const edge = Date.parse(older ? place.before : place.after);
  for (let tries = 1; ; ++tries) {
    const from = older ? edge - span : edge + 1000;
    const to = older ? edge : edge + span;
    const bound = older ? source.storedFirst : source.storedLast;
    const atEnd = tries >= kSearchesMax || (bound !== null && (older ? from <= Date.parse(bound) : to > Date.parse(bound)));
    try {
      const page = await barsOf(source, { from: moment(from), to: moment(to) }, signal);
      if (page.row_count > 0 || atEnd) return page;
      span *= 4;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "TOO_MANY_BARS" || tries >= kSearchesMax) throw error;
      span /= 3;
    }
  }
}

function barsOf({ symbol, timeframe, options }: WindowSource, range: Readonly<Record<string, string>>, signal: AbortSignal): Promise<BarsInColumns> {
  const query = new URLSearchParams({ symbol, timeframe, ...options, ...range, format: "columns" });
  return get<BarsInColumns>(`/bars?${query}`, signal);
}

function moment(milliseconds: number): string {
  return new Date(Math.max(-2e12, milliseconds)).toISOString();
}

/** The newest bars that one answer can hold. */
export const kNewest: Readonly<Record<string, string>> = { last: String(kBarsMax) };
