import { addressState } from "../state/address";
import { kAdjustments, kAssetClasses, kFills, kInitialDraft, kPresets, kPriceAdjustments, kRanges, kRelativeUnits, kRolls, kVwaps, type QueryDraft } from "./draft";

// What the place shows, in the query string. Fields of the draft have short names; what is at its default is left out.

export const kDataTabs = ["query", "saved", "compare", "import"] as const;
export type DataTab = (typeof kDataTabs)[number];

export const kResultViews = ["both", "chart", "table"] as const;
export type ResultView = (typeof kResultViews)[number];

export const kCompareViews = ["rebased", "close", "spread", "ratio", "correlation"] as const;
export type CompareView = (typeof kCompareViews)[number];

export interface Period {
  readonly start: string;
  readonly end: string;
}

export interface DataState {
  readonly tab: DataTab;
  readonly draft: QueryDraft;
  /** The question was asked, or the saved query was run: opening the link asks it again. */
  readonly ran: "" | "query" | "saved";
  /** A query in the background. */
  readonly query: string | null;
  /** The saved query that the draft came from. */
  readonly saved: number | null;
  /** The symbol whose bars are shown. */
  readonly shown: string | null;
  readonly view: ResultView;
  /** Whether one instrument's periods are compared instead of instruments. */
  readonly periods: readonly Period[] | null;
  readonly compared: readonly string[];
  readonly compareRan: boolean;
  readonly compareView: CompareView;
  readonly search: string;
  readonly favourites: boolean;
  readonly tag: string;
}

export const kInitialData: DataState = {
  tab: "query",
  draft: kInitialDraft,
  ran: "",
  query: null,
  saved: null,
  shown: null,
  view: "both",
  periods: null,
  compared: [],
  compareRan: false,
  compareView: "rebased",
  search: "",
  favourites: false,
  tag: "",
};

/** Name in the address of each field of the draft that is a text, and what it may be. */
const kTexts: readonly (readonly [field: TextField, name: string, choices?: readonly string[]])[] = [
  ["assetClass", "class", kAssetClasses],
  ["frequency", "frequency"],
  ["range", "range", kRanges],
  ["last", "last"],
  ["preset", "preset", kPresets],
  ["relative", "relative"],
  ["relativeUnit", "unit", kRelativeUnits],
  ["start", "start"],
  ["end", "end"],
  ["rank", "rank"],
  ["roll", "roll", kRolls],
  ["rollDays", "roll_days"],
  ["adjustment", "adjustment", kAdjustments],
  ["priceAdjustment", "prices", kPriceAdjustments],
  ["fill", "fill", kFills],
  ["vwap", "vwap", kVwaps],
  ["vwapBars", "vwap_bars"],
  ["vwapFrom", "vwap_from"],
  ["source", "source"],
];

const kSwitches: readonly (readonly [field: SwitchField, name: string])[] = [
  ["continuous", "continuous"],
  ["factors", "factors"],
  ["quality", "quality"],
  ["gaps", "gaps"],
  ["provider", "provider"],
  ["extendedHours", "extended"],
  ["again", "again"],
];

type FieldsOf<T> = { [F in keyof QueryDraft]: QueryDraft[F] extends T ? F : never }[keyof QueryDraft];
type TextField = FieldsOf<string>;
type SwitchField = FieldsOf<boolean>;

export function parseData(search: string): DataState {
  const query = new URLSearchParams(search);
  const draft: Record<string, unknown> = { ...kInitialDraft, symbols: list(query.get("symbols")) };
  for (const [field, name, choices] of kTexts) {
    const value = query.get(name);
    if (value !== null && (choices === undefined || choices.includes(value))) draft[field] = value;
  }
  for (const [field, name] of kSwitches) {
    const value = query.get(name);
    if (value !== null) draft[field] = value === "1";
  }
  const saved = Number(query.get("saved"));
  return {
    tab: kDataTabs.find((tab) => tab === query.get("tab")) ?? kInitialData.tab,
    draft: draft as unknown as QueryDraft,
    ran: query.get("run") === "1" ? "query" : query.get("run") === "saved" ? "saved" : "",
    query: query.get("query"),
    saved: Number.isInteger(saved) && saved > 0 ? saved : null,
    shown: query.get("shown"),
    view: kResultViews.find((view) => view === query.get("view")) ?? kInitialData.view,
    periods: query.has("periods") ? (query.get("periods") ?? "").split(",").map(period) : null,
    compared: list(query.get("compared")),
    compareRan: query.get("compare") === "1",
    compareView: kCompareViews.find((view) => view === query.get("as")) ?? kInitialData.compareView,
    search: query.get("search") ?? "",
    favourites: query.get("favourites") === "1",
    tag: query.get("tag") ?? "",
  };
}

export function formatData(state: DataState): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string, initial = "") => {
    if (value !== initial) query.set(name, value);
  };
  set("tab", state.tab, kInitialData.tab);
  set("symbols", state.draft.symbols.join(","));
  for (const [field, name] of kTexts) set(name, state.draft[field], kInitialDraft[field]);
  for (const [field, name] of kSwitches) set(name, state.draft[field] ? "1" : "0", kInitialDraft[field] ? "1" : "0");
  set("run", state.ran === "query" ? "1" : state.ran);
  set("query", state.query ?? "");
  set("saved", state.saved === null ? "" : String(state.saved));
  set("shown", state.shown ?? "");
  set("view", state.view, kInitialData.view);
  if (state.periods !== null) query.set("periods", state.periods.map(({ start, end }) => `${start}..${end}`).join(","));
  set("compared", state.compared.join(","));
  set("compare", state.compareRan ? "1" : "");
  set("as", state.compareView, kInitialData.compareView);
  set("search", state.search);
  set("favourites", state.favourites ? "1" : "");
  set("tag", state.tag);
  return query.toString();
}

/** Going to another tab, symbol or query is a step that Back returns from; typing is none. */
export function isDataStep(before: DataState, after: DataState): boolean {
  if (before.tab !== after.tab || before.query !== after.query) return true;
  if (before.view !== after.view || before.compareView !== after.compareView) return true;
  return before.shown !== null && before.shown !== after.shown && before.draft === after.draft;
}

function list(text: string | null): string[] {
  return text === null || text === "" ? [] : [...new Set(text.split(","))];
}

function period(text: string): Period {
  const [start = "", end = ""] = text.split("..");
  return { start, end };
}

const state = addressState<DataState>({ path: "/data", parse: parseData, format: formatData, isStep: isDataStep });

export const updateData = state.update;
export const dataState = state.read;
export const useDataState = state.use;

export function updateDraft(change: Partial<QueryDraft>): void {
  updateData({ draft: { ...dataState().draft, ...change } });
}
