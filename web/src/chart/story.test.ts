import { expect, test } from "vitest";
import type { Bars } from "../api/types";
import { chartStory, storyAt } from "./story";

const kDay = 86_400;
const kFirst = Date.UTC(2024, 0, 1) / 1000;
const day = (number: number) => new Date((kFirst + number * kDay) * 1000).toISOString();
/** Days 0 to 9 without 4 and 5. */
const kTime = [0, 1, 2, 3, 6, 7, 8, 9].map((number) => kFirst + number * kDay);

function bars(more: Partial<Bars>): Bars {
  return { last_is_partial: false, ...more } as Bars;
}

const gap = (kind: string, from: number, to: number) => ({ kind, from: day(from), to: day(to), bars: to - from, reason: null });

test("what is missing lies between two bars; what is closed is not shown", () => {
  const answer = bars({ gaps: { calendar: "XNYS", gaps: [gap("missing", 4, 6), gap("closed", 7, 8)] } });
  const { gaps } = chartStory(answer, kTime, [], 2);
  expect(gaps).toEqual([{ kind: "missing", from: 3, to: 4, text: "Missing: 2 from 2024-01-05" }]);
});

test("filled bars lie inside of their gap", () => {
  const filled = [...kTime.slice(0, 4), kFirst + 4 * kDay, kFirst + 5 * kDay, ...kTime.slice(4)];
  const { gaps } = chartStory(bars({ gaps: { calendar: "XNYS", gaps: [gap("no_trade", 4, 6)] } }), filled, [], 2);
  expect(gaps[0]).toMatchObject({ from: 3.5, to: 5.5 });
});

test("a roll is at the first bar of the new contract, and says its gap on both sides", () => {
  const roll = { from: "ESH2024", to: "ESM2024", time: day(5), gap: 12.5, factor: null, last_date: null, overlap: "exact", pre: 1, post: 2 };
  const story = chartStory(bars({ continuous: { adjustment: "none", rank: 0, roll: "volume", rolls: [roll] } }), kTime, [], 2);
  expect(story.rolls).toMatchObject([{ bar: 4, label: "ESM2024" }]);
  expect(storyAt(story, 3, 7)).toEqual(storyAt(story, 4, 7));
  expect(storyAt(story, 4, 7)[0]).toContain("gap +12.50");
  expect(storyAt(story, 6, 7)).toEqual([]);
});

test("splits and dividends are at their ex-date; those before the first bar are left out", () => {
  const actions = [
    { ex_date: "2023-12-01", kind: "split", value: 2 },
    { ex_date: "2024-01-06", kind: "dividend", value: 0.25 },
  ];
  const story = chartStory(bars({}), kTime, actions, 2);
  expect(story.actions).toEqual([{ bar: 4, label: "D", text: "Dividend 0.25, ex 2024-01-06" }]);
});

test("a last bar that is not whole says so", () => {
  const story = chartStory(bars({ last_is_partial: true }), kTime, [], 2);
  expect(storyAt(story, 7, 7)).toEqual(["Partial: trading may still change this bar"]);
  expect(storyAt(story, 6, 7)).toEqual([]);
});
