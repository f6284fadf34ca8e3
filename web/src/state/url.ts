// What the page shows, written in the address: a copied link opens the same instrument, strategy, values and tab.

export const kTabs = ["strategy", "overview", "equity", "trades", "analysis", "optimise", "compare"] as const;
export type Tab = (typeof kTabs)[number];

export const kJobViews = ["summary", "verdict", "walk_forward", "history", "parameters", "front", "trials", "heatmap"] as const;
export type JobView = (typeof kJobViews)[number];

/** Values as typed: a half-written number is kept as it stands and only read when a run needs it. */
export type RawValues = Readonly<Record<string, string>>;

export interface PageState {
  readonly symbol: string | null;
  readonly timeframe: string | null;
  readonly strategy: string | null;
  /** Inputs and properties that differ from the strategy's own. */
  readonly inputs: RawValues;
  readonly properties: RawValues;
  /** Dates `YYYY-MM-DD`, empty for the whole history. */
  readonly from: string;
  readonly to: string;
  /** A result was shown, so opening the link runs the strategy again. */
  readonly ran: boolean;
  readonly tab: Tab;
  /** The query string of another run, which is held against this one; empty: none. */
  readonly pin: string;
  readonly job: string | null;
  readonly view: JobView;
}

export const kInitialState: PageState = {
  symbol: null,
  timeframe: null,
  strategy: null,
  inputs: {},
  properties: {},
  from: "",
  to: "",
  ran: false,
  tab: "overview",
  pin: "",
  job: null,
  view: "summary",
};

const kInputPrefix = "in.";
const kPropertyPrefix = "set.";

export function parseState(search: string): PageState {
  const query = new URLSearchParams(search);
  const date = (name: string) => {
    const text = query.get(name) ?? "";
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : "";
  };
  return {
    symbol: query.get("symbol"),
    timeframe: query.get("timeframe"),
    strategy: query.get("strategy"),
    inputs: valuesWithPrefix(query, kInputPrefix),
    properties: valuesWithPrefix(query, kPropertyPrefix),
    from: date("from"),
    to: date("to"),
    ran: query.get("run") === "1",
    tab: kTabs.find((tab) => tab === query.get("tab")) ?? kInitialState.tab,
    pin: query.get("pin") ?? "",
    job: query.get("job"),
    view: kJobViews.find((view) => view === query.get("view")) ?? kInitialState.view,
  };
}

/** The query string of a state, without `?`; whatever is at its default is left out. */
export function formatState(state: PageState): string {
  const query = new URLSearchParams();
  if (state.symbol !== null) query.set("symbol", state.symbol);
  if (state.timeframe !== null) query.set("timeframe", state.timeframe);
  if (state.strategy !== null) query.set("strategy", state.strategy);
  for (const name of Object.keys(state.inputs).toSorted()) query.set(kInputPrefix + name, state.inputs[name] ?? "");
  for (const name of Object.keys(state.properties).toSorted()) {
    query.set(kPropertyPrefix + name, state.properties[name] ?? "");
  }
  if (state.from !== "") query.set("from", state.from);
  if (state.to !== "") query.set("to", state.to);
  if (state.ran) query.set("run", "1");
  if (state.tab !== kInitialState.tab) query.set("tab", state.tab);
  if (state.pin !== "") query.set("pin", state.pin);
  if (state.job !== null) query.set("job", state.job);
  if (state.view !== kInitialState.view) query.set("view", state.view);
  return query.toString();
}

/** Typing replaces the current entry of the history; going somewhere else makes a new one that Back returns from. */
export function isNavigation(before: PageState, after: PageState): boolean {
  const places = ["symbol", "timeframe", "strategy", "tab", "job"] as const;
  // Filling in what the link left open (null) is not a step of the user's.
  return places.some((place) => before[place] !== null && before[place] !== after[place]);
}

function valuesWithPrefix(query: URLSearchParams, prefix: string): RawValues {
  const values: Record<string, string> = {};
  for (const [name, value] of query) {
    if (name.startsWith(prefix) && name.length > prefix.length) values[name.slice(prefix.length)] = value;
  }
  return values;
}
