import { expect, test } from "vitest";
import { formatOptimise, kInitial, parseOptimise } from "./codec";

test("the address holds the list's filters, a job with its view, and a new search", () => {
  for (const text of [
    "",
    "q=cross&state=running&kind=search",
    "job=0b7c&place=3&view=verdict",
    "symbol=SPX&timeframe=1d&strategy=MovingAverageCrossover&in.fast_length=9&from=2001-02-03&new=search",
    "new=tournament",
  ]) {
    expect(formatOptimise(parseOptimise(text))).toBe(text);
  }
  expect(parseOptimise("")).toEqual(kInitial);
});

test("what it cannot be is at its default", () => {
  const state = parseOptimise("state=odd&view=none&place=-1&new=else");
  expect(state).toEqual(kInitial);
});
