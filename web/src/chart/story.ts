// What a chart shows beside the bars themselves: what is missing, where a continuous future rolls, splits and dividends,
// and a last bar that is not whole yet. Places are bars of the chart.

import type { BarsInColumns } from "../api/schema";
import { formatDate, formatInteger, formatPlain, formatSigned, formatTime, sentenceName } from "../ui/format";
import { barIndexAt, toSeconds } from "./seriesData";

export interface GapBand {
  readonly kind: "missing" | "no_trade" | "unknown";
  /** In bars, with halves between two of them. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface BarMark {
  readonly bar: number;
  readonly label: string;
  readonly text: string;
}

export interface ChartStory {
  readonly gaps: readonly GapBand[];
  readonly rolls: readonly BarMark[];
  readonly actions: readonly BarMark[];
  readonly partial: boolean;
}

export interface PriceAction {
  readonly ex_date: string;
  readonly kind: string;
  readonly value: number;
}

/** `actions`: those of the instrument; of adjusted prices the answer has them itself. */
export function chartStory(bars: BarsInColumns, time: readonly number[], actions: readonly PriceAction[], decimals: number): ChartStory {
  const last = time.length - 1;
  const at = (moment: string) => firstFrom(time, toSeconds(moment));
  const gaps = (bars.gaps?.gaps ?? []).flatMap((gap): GapBand[] => {
    const kind = gap.kind;
    if (kind !== "missing" && kind !== "no_trade" && kind !== "unknown") return [];
    const after = at(gap.from);
    const end = at(gap.to);
    // Filled bars lie inside of the gap; without them it lies between two bars.
    const [from, to] = end > after ? [after - 0.5, end - 0.5] : [after - 1, after];
    if (to < 0 || from > last) return [];
    const why = gap.reason === null || gap.reason === "" ? "" : `, ${gap.reason}`;
    return [{ kind, from, to, text: `${sentenceName(kind)}: ${formatInteger(gap.bars)} from ${formatTime(gap.from)}${why}` }];
  });
  const rolls = (bars.continuous?.rolls ?? []).flatMap((roll): BarMark[] => {
    const bar = at(roll.time);
    if (bar > last || bar <= 0) return [];
    const gap = roll.gap === null ? "gap not known" : `gap ${formatSigned(roll.gap, decimals)}`;
    return [{ bar, label: roll.to, text: `Roll ${roll.from} to ${roll.to} at ${formatTime(roll.time)}: ${gap}` }];
  });
  const marks = (bars.corporate_actions ?? actions).flatMap((action): BarMark[] => {
    const bar = at(action.ex_date);
    if (bar > last || toSeconds(action.ex_date) < (time[0] ?? 0)) return [];
    const split = action.kind === "split";
    const what = split ? `Split ${formatPlain(action.value)} for 1` : `Dividend ${formatPlain(action.value)}`;
    return [{ bar, label: split ? "S" : "D", text: `${what}, ex ${formatDate(action.ex_date)}` }];
  });
  return { gaps, rolls, actions: marks, partial: bars.last_is_partial === true };
}

/** What there is to say of one bar. */
export function storyAt(story: ChartStory, bar: number, last: number): string[] {
  return [
    ...story.gaps.filter(({ from, to }) => bar >= Math.floor(from) && bar <= Math.ceil(to)).map(({ text }) => text),
    ...story.rolls.filter((roll) => roll.bar === bar || roll.bar === bar + 1).map(({ text }) => text),
    ...story.actions.filter((action) => action.bar === bar).map(({ text }) => text),
    ...(story.partial && bar === last ? ["Partial: trading may still change this bar"] : []),
  ];
}

/** The first bar at or after a moment; one past the last where there is none. */
function firstFrom(time: readonly number[], moment: number): number {
  return barIndexAt(time, moment - 1) + 1;
}
