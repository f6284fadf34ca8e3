// A comparison as it is filled in and asked for, and what its charts are made of.

import type { ComparisonAnswer, CompareRequest } from "../api/schema";
import { formatDate } from "../ui/format";
import type { Period } from "./address";
import { optionErrors, optionsOf, type QueryDraft } from "./draft";

export const kComparedMin = 2;
export const kComparedMax = 10;

/** `periods` null: instruments over one range. */
export function compareErrors(draft: QueryDraft, symbols: readonly string[], periods: readonly Period[] | null): Map<string, string> {
  const errors = optionErrors(draft);
  if (periods === null) {
    if (symbols.length < kComparedMin || symbols.length > kComparedMax) errors.set("/symbols", "Choose 2 to 10 symbols.");
    return errors;
  }
  // The range is that of each period.
  for (const pointer of ["/last", "/start", "/end", "/relative"]) errors.delete(pointer);
  if (symbols.length !== 1) errors.set("/symbol", "Choose one symbol.");
  if (periods.length < kComparedMin || periods.length > kComparedMax) errors.set("/periods", "Compare 2 to 10 periods.");
  periods.forEach(({ start, end }, index) => {
    if (start === "" || end === "") errors.set(`/periods/${index}`, "Say from when until when.");
    else if (start >= end) errors.set(`/periods/${index}`, "The period ends before it begins.");
  });
  return errors;
}

export function compareRequest(draft: QueryDraft, symbols: readonly string[], periods: readonly Period[] | null): CompareRequest {
  const { last, preset, relative, start, end, quality: _quality, ...options } = optionsOf(draft);
  if (periods !== null) return { symbol: symbols[0] ?? "", periods: periods.map((period) => ({ ...period })), ...options };
  return {
    symbols: [...symbols],
    ...options,
    ...(last === undefined ? {} : { last }),
    ...(preset === undefined ? {} : { preset }),
    ...(relative === undefined ? {} : { relative }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}

/** What a series is called beside the others. */
export function seriesNames(answer: ComparisonAnswer): string[] {
  const same = new Set(answer.series.map(({ symbol }) => symbol)).size < answer.series.length;
  return answer.series.map(({ symbol, start, end }) => (same ? `${formatDate(start)} to ${formatDate(end)}` : symbol));
}

/** Places along the chart: times, or numbers of bars where periods are laid over one another. */
export function placesOf(answer: ComparisonAnswer): (string | number)[] {
  return answer.time === null ? Array.from({ length: answer.common_bars }, (_, bar) => bar + 1) : answer.time;
}

/** Log returns from bar to bar of two series, of bars where both are known. */
export function returnPairs(x: readonly (number | null)[], y: readonly (number | null)[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let bar = 1; bar < x.length; ++bar) {
    const [x0, x1, y0, y1] = [x[bar - 1] ?? 0, x[bar] ?? 0, y[bar - 1] ?? 0, y[bar] ?? 0];
    if (x0 > 0 && x1 > 0 && y0 > 0 && y1 > 0) pairs.push([Math.log(x1 / x0) * 100, Math.log(y1 / y0) * 100]);
  }
  return pairs;
}
