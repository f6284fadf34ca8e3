import { describe, expect, test } from "vitest";
import { formatState, isNavigation, kInitialState, type PageState, parseState } from "./url";

const kFull: PageState = {
  symbol: "ES1!",
  timeframe: "90m",
  strategy: "MovingAverageCrossover",
  inputs: { slow_length: "50", fast_length: "1.", "odd name&=": "a b" },
  properties: { initial_capital: "25000" },
  from: "2001-02-03",
  to: "2010-12-31",
  ran: true,
  tab: "trades",
  pin: "symbol=SPX&in.fast_length=9",
  job: "0b7c",
  view: "heatmap",
};

describe("the page's address", () => {
  test("holds the whole state and gives it back", () => {
    expect(parseState(formatState(kFull))).toEqual(kFull);
    expect(parseState("?" + formatState(kFull))).toEqual(kFull);
  });

  test("of the initial state is empty", () => {
    expect(formatState(kInitialState)).toBe("");
    expect(parseState("")).toEqual(kInitialState);
  });

  test("is the same for the same state, whatever order the inputs were changed in", () => {
    const reversed = { ...kFull, inputs: Object.fromEntries(Object.entries(kFull.inputs).toReversed()) };
    expect(formatState(reversed)).toBe(formatState(kFull));
  });

  test("keeps inputs apart from properties and from the page's own words", () => {
    const state = parseState("in.symbol=1&set.symbol=2&symbol=SPY&in.=3");
    expect(state.symbol).toBe("SPY");
    expect(state.inputs).toEqual({ symbol: "1" });
    expect(state.properties).toEqual({ symbol: "2" });
  });

  test("with words that the page does not know falls back to the defaults", () => {
    const state = parseState("tab=nonsense&view=42&from=yesterday&run=yes");
    expect(state).toEqual(kInitialState);
  });
});

describe("the history of the browser", () => {
  test("gets an entry for another place, not for typing", () => {
    expect(isNavigation(kFull, { ...kFull, tab: "equity" })).toBe(true);
    expect(isNavigation(kFull, { ...kFull, symbol: "SPY" })).toBe(true);
    expect(isNavigation(kFull, { ...kFull, inputs: { fast_length: "12" } })).toBe(false);
  });

  test("gets none when the page fills in what the link left open", () => {
    expect(isNavigation(kInitialState, { ...kInitialState, symbol: "SPY", timeframe: "1d" })).toBe(false);
  });
});
