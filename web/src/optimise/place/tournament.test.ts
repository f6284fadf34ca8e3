import { expect, test } from "vitest";
import { kTournament, readTournament, type TournamentDraft } from "./tournament";

const kDraft: TournamentDraft = { ...kTournament, category: "trend", symbols: ["SPX"], timeframes: ["1d", "1w"] };

test("entrants are strategies on instruments in timeframes, and trials are counted stage by stage", () => {
  const { request, entrants, trials } = readTournament(kDraft, { all: 79, category: 18 });
  expect(entrants).toBe(36);
  // All make 50; 20 go on and make 150 more; 5 of them 300 more.
  expect(trials).toBe(36 * 50 + 20 * 150 + 5 * 300);
  expect(request?.category).toBe("trend");
  expect(request?.stages).toEqual([{ trials: 50, keep: 20 }, { trials: 200, keep: 5 }, { trials: 500 }]);
  expect(request?.out_of_sample_share).toBe(0.15);
});

test("what is still to be chosen is no mistake, and nothing is sent without it", () => {
  const { request, missing, errors } = readTournament({ ...kTournament, field: "chosen" }, { all: 79, category: 0 });
  expect(request).toBeNull();
  expect(missing).toEqual(["a strategy", "an instrument", "a timeframe"]);
  expect(errors.size).toBe(0);
});

test("a later stage makes more trials than the one before", () => {
  const { errors } = readTournament({ ...kDraft, stages: [{ trials: "50", keep: "5" }, { trials: "50", keep: "" }] }, { all: 79, category: 18 });
  expect([...errors.keys()]).toEqual(["stages/1/trials"]);
});

test("too many entrants are refused before the server does", () => {
  const symbols = Array.from({ length: 20 }, (_, index) => `S${index}`);
  expect(readTournament({ ...kDraft, field: "all", symbols }, { all: 79, category: 18 }).errors.get("strategies")).toContain("3,160 entrants");
});

test("properties are sent where they were typed, and hold it back where they are wrong", () => {
  const counts = { all: 79, category: 18 };
  expect(readTournament(kDraft, counts).request?.properties).toBeUndefined();
  expect(readTournament({ ...kDraft, properties: { slippage: "2" } }, counts).request?.properties).toEqual({ slippage: 2 });
  const wrong = readTournament({ ...kDraft, properties: { slippage: "two" } }, counts);
  expect(wrong.request).toBeNull();
  expect([...wrong.propertyErrors.keys()]).toEqual(["slippage"]);
});
