// A question for bars as it is filled in: texts as typed, read into what the server takes, and back.

import type { HistoricalFetchRequest } from "../api/schema";
import { isIntraday } from "../chart/timeframe";

export const kPresets = ["1d", "5d", "1m", "3m", "6m", "1y", "2y", "5y", "ytd", "max"] as const;
export const kRelativeUnits = ["days", "weeks", "months", "years"] as const;
export const kRanges = ["last", "preset", "relative", "absolute"] as const;
export const kAssetClasses = ["stock", "index", "future", "forex", "crypto", "series"] as const;
export const kAdjustments = ["none", "difference", "forward_difference", "ratio"] as const;
export const kPriceAdjustments = ["raw", "splits", "splits_and_dividends"] as const;
export const kFills = ["none", "forward", "interpolate", "zero_volume"] as const;
export const kRolls = ["", "calendar", "first_of_month", "volume", "open_interest"] as const;
export const kVwaps = ["", "bar", "session", "rolling", "anchored"] as const;

export type RangeKind = (typeof kRanges)[number];

export interface QueryDraft {
  readonly symbols: readonly string[];
  readonly assetClass: "" | (typeof kAssetClasses)[number];
  readonly frequency: string;
  readonly range: RangeKind;
  readonly last: string;
  readonly preset: (typeof kPresets)[number];
  readonly relative: string;
  readonly relativeUnit: (typeof kRelativeUnits)[number];
  /** `YYYY-MM-DD`, with ` HH:MM` where a time of day matters; empty: open. */
  readonly start: string;
  readonly end: string;
  readonly continuous: boolean;
  readonly rank: string;
  readonly roll: (typeof kRolls)[number];
  /** Trading days before the last trade date, for a roll by the calendar. */
  readonly rollDays: string;
  readonly adjustment: (typeof kAdjustments)[number];
  readonly priceAdjustment: (typeof kPriceAdjustments)[number];
  readonly factors: boolean;
  readonly fill: (typeof kFills)[number];
  readonly vwap: (typeof kVwaps)[number];
  readonly vwapBars: string;
  readonly vwapFrom: string;
  readonly quality: boolean;
  readonly gaps: boolean;
  readonly source: string;
  readonly provider: boolean;
  readonly extendedHours: boolean;
  readonly again: boolean;
}

export const kInitialDraft: QueryDraft = {
  symbols: [],
  assetClass: "",
  frequency: "1d",
  range: "last",
  last: "1000",
  preset: "1y",
  relative: "30",
  relativeUnit: "days",
  start: "",
  end: "",
  continuous: false,
  rank: "0",
  roll: "",
  rollDays: "5",
  adjustment: "none",
  priceAdjustment: "raw",
  factors: false,
  fill: "none",
  vwap: "",
  vwapBars: "20",
  vwapFrom: "",
  quality: true,
  gaps: true,
  source: "",
  provider: false,
  extendedHours: false,
  again: false,
};

export const kSymbolsMax = 50;
/** Bars of one symbol in an answer; a streamed query may have a million. */
const kLastMax = 1_000_000;

/** `90m`, `3d`, `500t`: the server knows which of them can be made. */
export function isFrequency(text: string): boolean {
  return /^[1-9]\d{0,9}[smhdwMtvr$]$/.test(text);
}

/** What is wrong with each field, by the server's JSON pointers. */
export function draftErrors(draft: QueryDraft): Map<string, string> {
  const errors = new Map<string, string>();
  if (draft.symbols.length === 0) errors.set("/symbols", "Choose at least one symbol.");
  if (draft.symbols.length > kSymbolsMax) errors.set("/symbols", `At most ${kSymbolsMax} symbols go into one query.`);
  optionErrors(draft, errors);
  return errors;
}

/** The same but for the symbols. */
export function optionErrors(draft: QueryDraft, errors = new Map<string, string>()): Map<string, string> {
  if (!isFrequency(draft.frequency)) errors.set("/frequency", "Write a count and a unit: 30s, 5m, 4h, 1d, 1w, 1M, or of ticks 500t, 1000v, 10r.");
  if (draft.range === "last" && wholeNumber(draft.last, 1, kLastMax) === null) errors.set("/last", "A whole number from 1 to 1,000,000.");
  if (draft.range === "relative" && wholeNumber(draft.relative, 1, 100_000) === null) errors.set("/relative", "A whole number from 1 up.");
  if (draft.range === "absolute") {
    if (draft.start === "" && draft.end === "") errors.set("/start", "Say where the range begins, or where it ends.");
    if (draft.start !== "" && draft.end !== "" && draft.start >= draft.end) errors.set("/end", "The range ends before it begins.");
  }
  if (draft.continuous) {
    if (wholeNumber(draft.rank, 0, 99) === null) errors.set("/continuous_rank", "A whole number from 0, the front contract, to 99.");
    if (draft.roll === "calendar" && wholeNumber(draft.rollDays, 0, 500) === null) errors.set("/roll_policy", "From 0 to 500 trading days.");
    if (draft.priceAdjustment !== "raw") errors.set("/price_adjustment", "Continuous futures have no splits or dividends.");
  }
  if (draft.factors && draft.priceAdjustment === "raw") errors.set("/factors", "Factors are of adjusted prices.");
  if (draft.vwap === "rolling" && wholeNumber(draft.vwapBars, 1, 1_000_000) === null) errors.set("/vwap", "A number of bars from 1 up.");
  if (draft.vwap === "anchored" && draft.vwapFrom === "") errors.set("/vwap", "Say from when on.");
  if (draft.vwap === "session" && !(isIntraday(draft.frequency) || draft.frequency === "1d")) {
    errors.set("/vwap", "By session only for bars of a day or less.");
  }
  if (draft.provider && draft.range === "last") errors.set("/last", "From a provider, ask for a range of time.");
  if (draft.provider && draft.continuous) errors.set("/continuous_series", "A provider gives contracts, not series of them.");
  return errors;
}

/** The whole of the body; of a draft without errors. */
export function requestOf(draft: QueryDraft, background = false): HistoricalFetchRequest {
  return {
    symbols: [...draft.symbols],
    ...optionsOf(draft),
    ...(draft.provider ? { provider: "schwab" as const, stream: true } : {}),
    ...(draft.provider && draft.extendedHours ? { extended_hours: true } : {}),
    ...(draft.provider && draft.again ? { again: true } : {}),
    ...(background && !draft.provider ? { background: true, stream: true } : {}),
  };
}

/** Frequency, range and options, as a comparison takes them too. */
export function optionsOf(draft: QueryDraft): Omit<HistoricalFetchRequest, "symbols"> {
  return {
    frequency: draft.frequency,
    ...rangeOf(draft),
    ...(draft.assetClass === "" ? {} : { asset_class: draft.assetClass }),
    ...(draft.continuous ? { continuous_series: true, adjustment: draft.adjustment } : {}),
    ...(draft.continuous && draft.rank !== "0" ? { continuous_rank: Number(draft.rank) } : {}),
    ...(draft.continuous && rollText(draft) !== "" ? { roll_policy: rollText(draft) } : {}),
    ...(draft.priceAdjustment === "raw" ? {} : { price_adjustment: draft.priceAdjustment }),
    ...(draft.factors ? { factors: true } : {}),
    ...(draft.fill === "none" ? {} : { fill: draft.fill }),
    ...(vwapText(draft) === "" ? {} : { vwap: vwapText(draft) }),
    ...(draft.quality ? { quality: true } : {}),
    ...(draft.gaps ? {} : { gaps: false }),
    ...(draft.source === "" ? {} : { source: draft.source }),
  };
}

type Range = Pick<HistoricalFetchRequest, "last" | "preset" | "relative" | "start" | "end">;

export function rangeOf(draft: QueryDraft): Range {
  switch (draft.range) {
    case "last":
      return { last: Number(draft.last) };
    case "preset":
      return { preset: draft.preset };
    case "relative":
      return { relative: { [draft.relativeUnit]: Number(draft.relative) } };
    case "absolute":
      return {
        ...(draft.start === "" ? {} : { start: momentOf(draft.start) }),
        ...(draft.end === "" ? {} : { end: momentOf(draft.end) }),
      };
  }
}

/** What of a draft `GET /bars` takes beside symbol, timeframe and range. */
export function barOptions(draft: QueryDraft): Record<string, string> {
  return {
    ...(draft.continuous ? { adjustment: draft.adjustment } : {}),
    ...(draft.continuous && rollText(draft) !== "" ? { roll: rollText(draft) } : {}),
    ...(draft.priceAdjustment === "raw" ? {} : { price_adjustment: draft.priceAdjustment }),
    ...(draft.factors ? { factors: "true" } : {}),
    ...(draft.fill === "none" ? {} : { fill: draft.fill }),
    ...(vwapText(draft) === "" ? {} : { vwap: vwapText(draft) }),
    ...(draft.gaps ? {} : { gaps: "false" }),
    ...(draft.source === "" ? {} : { source: draft.source }),
  };
}

/** A stored request as a draft; what the form does not know is at its default. */
export function draftOf(request: unknown): QueryDraft {
  const body = (typeof request === "object" && request !== null ? request : {}) as Partial<HistoricalFetchRequest>;
  const [unit, count] = Object.entries(body.relative ?? {}).find(([, value]) => typeof value === "number") ?? [];
  const range: RangeKind =
    typeof body.last === "number" ? "last" : typeof body.preset === "string" ? "preset" : unit !== undefined ? "relative" : "absolute";
  const [roll = "", rollDays = kInitialDraft.rollDays] = (body.roll_policy ?? "").split(":");
  const vwap = body.vwap === true ? "bar" : typeof body.vwap === "string" ? body.vwap : "";
  const colon = vwap.indexOf(":");
  const rule = colon < 0 ? vwap : vwap.slice(0, colon);
  const rest = colon < 0 ? "" : vwap.slice(colon + 1);
  return {
    ...kInitialDraft,
    symbols: Array.isArray(body.symbols) ? body.symbols.map(String) : [],
    assetClass: body.asset_class ?? "",
    frequency: body.frequency ?? kInitialDraft.frequency,
    range,
    last: typeof body.last === "number" ? String(body.last) : kInitialDraft.last,
    preset: kPresets.find((preset) => preset === body.preset) ?? kInitialDraft.preset,
    relative: count === undefined ? kInitialDraft.relative : String(count),
    relativeUnit: kRelativeUnits.find((each) => each === unit) ?? kInitialDraft.relativeUnit,
    start: typedMoment(body.start),
    end: typedMoment(body.end),
    continuous: body.continuous_series === true,
    rank: String(body.continuous_rank ?? 0),
    roll: kRolls.find((each) => each === roll) ?? "",
    rollDays,
    adjustment: body.adjustment ?? "none",
    priceAdjustment: body.price_adjustment ?? "raw",
    factors: body.factors === true,
    fill: body.fill ?? "none",
    vwap: kVwaps.find((each) => each === rule) ?? "",
    vwapBars: rule === "rolling" ? rest : kInitialDraft.vwapBars,
    vwapFrom: rule === "anchored" ? typedMoment(rest) : "",
    quality: body.quality === true,
    gaps: body.gaps !== false,
    source: body.source ?? "",
    provider: body.provider === "schwab",
    extendedHours: body.extended_hours === true,
    again: body.again === true,
  };
}

/** `SPX, GONE: 1d, last 1,000` */
export function describeRequest(request: unknown): string {
  const draft = draftOf(request);
  const shown = draft.symbols.slice(0, 4).join(", ");
  const more = draft.symbols.length > 4 ? ` and ${draft.symbols.length - 4} more` : "";
  return `${shown}${more} · ${draft.frequency} · ${describeRange(draft)}`;
}

export function describeRange(draft: QueryDraft): string {
  switch (draft.range) {
    case "last":
      return `newest ${Number(draft.last).toLocaleString("en-US")}`;
    case "preset":
      return draft.preset === "max" ? "everything" : draft.preset === "ytd" ? "this year" : `last ${draft.preset}`;
    case "relative":
      return `last ${draft.relative} ${draft.relativeUnit}`;
    case "absolute":
      return `${draft.start === "" ? "…" : draft.start} to ${draft.end === "" ? "now" : draft.end}`;
  }
}

/** Symbols of a text that was typed or pasted: parted by spaces, commas, semicolons or lines. */
export function symbolsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ""))];
}

function rollText({ roll, rollDays }: QueryDraft): string {
  return roll === "calendar" ? `calendar:${rollDays}` : roll;
}

function vwapText({ vwap, vwapBars, vwapFrom }: QueryDraft): string {
  if (vwap === "rolling") return `rolling:${vwapBars}`;
  return vwap === "anchored" ? `anchored:${momentOf(vwapFrom)}` : vwap;
}

/** A day as it is, so that the instrument's own zone counts; a time of day is UTC. */
function momentOf(typed: string): string {
  return typed.length === 10 ? typed : `${typed.slice(0, 10)}T${typed.slice(11, 16)}:00Z`;
}

function typedMoment(text: string | null | undefined): string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(text)) return "";
  return text.length === 10 || text.slice(11, 16) === "00:00" ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^\d+$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
