// Bars as the server gives them, put together from several answers. Pure.

import type { BarColumns, BarRow, BarsInColumns, Gap, GapStory } from "../api/schema";

/** Answers of one series that follow one another in time, as one. */
export function joined(pages: readonly BarsInColumns[]): BarsInColumns | null {
  const parts = pages.filter((page) => page.row_count > 0);
  const newest = parts.at(-1);
  if (newest === undefined) return pages.at(-1) ?? null;
  if (parts.length === 1) return newest;
  const gaps = joinedGaps(parts);
  const rolls = parts.flatMap((part) => part.continuous?.rolls ?? []);
  const actions = parts.flatMap((part) => part.corporate_actions ?? []);
  return {
    ...newest,
    columns: joinedColumns(parts.map(({ columns, row_count }) => ({ columns, count: row_count }))),
    row_count: parts.reduce((sum, part) => sum + part.row_count, 0),
    archived: [...new Set(parts.flatMap((part) => part.archived))],
    cached: parts.every((part) => part.cached),
    ...(gaps === null ? {} : { gaps }),
    ...(newest.continuous === undefined ? {} : { continuous: { ...newest.continuous, rolls: unique(rolls, (roll) => roll.time) } }),
    ...(newest.corporate_actions === undefined
      ? {}
      : { corporate_actions: unique(actions, ({ kind, ex_date: date }) => `${kind} ${date}`) }),
  };
}

function unique<T>(all: readonly T[], name: (each: T) => string): T[] {
  return [...new Map(all.map((each) => [name(each), each])).values()];
}

function joinedGaps(parts: readonly BarsInColumns[]): GapStory | null {
  const stories = parts.flatMap(({ gaps }) => (gaps === undefined ? [] : [gaps]));
  const newest = stories.at(-1);
  if (newest === undefined) return null;
  const sum = (of: (story: (typeof stories)[number]) => number | undefined) => stories.reduce((total, story) => total + (of(story) ?? 0), 0);
  const gaps: Gap[] = stories.flatMap((story) => story.gaps ?? []);
  return {
    ...newest,
    bars_present: sum((story) => story.bars_present),
    bars_outside: sum((story) => story.bars_outside),
    bars_missing: sum((story) => story.bars_missing),
    bars_without_trade: sum((story) => story.bars_without_trade),
    counts: {
      missing: sum((story) => story.counts?.missing),
      no_trade: sum((story) => story.counts?.no_trade),
      closed: sum((story) => story.counts?.closed),
      unknown: sum((story) => story.counts?.unknown),
    },
    is_cut: stories.some((story) => story.is_cut === true),
    gaps,
  };
}

type Column = readonly (number | string | null)[];

function joinedColumns(parts: readonly { columns: BarColumns; count: number }[]): BarColumns {
  const names = new Set(parts.flatMap(({ columns }) => Object.keys(columns)));
  const out: Record<string, Column> = {};
  for (const name of names) {
    out[name] = parts.flatMap(({ columns, count }): Column => {
      const column = (columns as unknown as Record<string, Column>)[name];
      return column ?? Array.from({ length: count }, () => null);
    });
  }
  return out as unknown as BarColumns;
}

/** Bars that come row by row, kept as columns; a million of them are not copied with each piece. */
export class BarCollector {
  readonly #columns: Record<string, (number | string | null)[]> = {};
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(rows: readonly BarRow[]): void {
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) {
        let column = this.#columns[name];
        if (column === undefined) {
          column = Array.from({ length: this.#count }, () => null);
          this.#columns[name] = column;
        }
        column.push(value as number | string | null);
      }
      ++this.#count;
      for (const column of Object.values(this.#columns)) if (column.length < this.#count) column.push(null);
    }
  }

  /** What has come so far, as an answer; its story is not known yet. */
  bars(symbol: string, timeframe: string): BarsInColumns {
    const none = { time: [], open: [], high: [], low: [], close: [], volume: [] };
    return {
      symbol,
      timeframe,
      columns: { ...none, ...this.#columns } as unknown as BarColumns,
      row_count: this.#count,
      adjusted: false,
      archived: [],
      base_timeframe: "",
      cached: false,
      empty_reason: null,
      last_append_time: null,
      last_is_partial: null,
      price_adjustment: "raw",
      read_at: "",
      source: "",
      time_zone: "",
      vwap: null,
    };
  }
}

/** A bar of a live channel. */
export interface LiveBar {
  readonly time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
}

/** With bars that came live: new ones at the end, others in the place of what they correct. */
export function withLive(bars: BarsInColumns, live: ReadonlyMap<string, LiveBar>): BarsInColumns {
  if (live.size === 0) return bars;
  const { columns } = bars;
  const places = new Map(columns.time.slice(-kCorrectedMax).map((time, place) => [time, Math.max(0, columns.time.length - kCorrectedMax) + place]));
  const names = ["open", "high", "low", "close", "volume"] as const;
  const next = { ...columns, time: [...columns.time] };
  for (const name of names) next[name] = [...columns[name]];
  const last = columns.time.at(-1) ?? "";
  for (const bar of [...live.values()].toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
    const place = places.get(bar.time) ?? (Date.parse(bar.time) > Date.parse(last) || last === "" ? next.time.length : null);
    if (place === null) continue;
    next.time[place] = bar.time;
    for (const name of names) next[name][place] = bar[name];
  }
  const count = next.time.length;
  for (const [name, column] of Object.entries(next)) {
    if (column.length < count) Object.assign(next, { [name]: [...column, ...Array.from({ length: count - column.length }, () => null)] });
  }
  return { ...bars, columns: next, row_count: count };
}

/** Live bars correct what is this near to the end. */
const kCorrectedMax = 1000;

/** What is to be said of a bar beside its prices. */
export function barFlags(bars: BarsInColumns): Map<number, string[]> {
  const flags = new Map<number, string[]>();
  const { time, filled, contract } = bars.columns;
  const add = (bar: number, flag: string) => {
    if (bar < 0 || bar >= time.length) return;
    const before = flags.get(bar);
    if (before === undefined) flags.set(bar, [flag]);
    else if (!before.includes(flag)) before.push(flag);
  };
  filled?.forEach((method, bar) => {
    if (method !== null) add(bar, `filled: ${method}`);
  });
  contract?.forEach((name, bar) => {
    if (bar > 0 && name !== contract[bar - 1]) add(bar, "roll");
  });
  for (const name of ["open", "high", "low", "close"] as const) {
    bars.columns[name].forEach((price, bar) => {
      if (price === null) add(bar, "price unknown");
      else if (price === 0) add(bar, "price 0");
    });
  }
  bars.columns.volume.forEach((volume, bar) => {
    if (volume === 0) add(bar, "no volume");
  });
  bars.columns.high.forEach((high, bar) => {
    const low = bars.columns.low[bar] ?? null;
    const [open = null, close = null] = [bars.columns.open[bar], bars.columns.close[bar]];
    if (high === null || low === null || open === null || close === null) return;
    if (high < low || open > high || open < low || close > high || close < low) add(bar, "inconsistent");
  });
  for (const gap of bars.gaps?.gaps ?? []) {
    if (gap.kind === "closed") continue;
    const end = Date.parse(gap.to);
    const place = firstFrom(time, end);
    if (gap.kind === "missing") add(place, `after ${gap.bars} missing`);
    else if (gap.kind === "no_trade") add(place, `after ${gap.bars} without trade`);
  }
  for (const action of bars.corporate_actions ?? []) add(firstFrom(time, Date.parse(action.ex_date)), action.kind);
  if (bars.last_is_partial === true) add(time.length - 1, "partial");
  return flags;
}

function firstFrom(time: readonly string[], moment: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Date.parse(time[middle] as string) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
