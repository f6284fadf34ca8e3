import { describe, expect, test } from "vitest";
import type { Job } from "../../api/schema";
import { accountOf, actionsOf, kindTitle, progressOf, scheduledRequest, secondsOf, stateText, subjectOf, symbolOutcomes, withProgress } from "./describe";

const kJob: Job = {
  job_id: "0123",
  kind: "optimize",
  owner: "local",
  state: "running",
  priority: 1,
  phase: "backtesting",
  progress: 0.426,
  detail: { trials_done: 1200, trials_total: 20000 },
  note: null,
  error: null,
  attempts: 1,
  attempts_max: 3,
  dead_letter: false,
  retry_of: null,
  cancel_requested: false,
  pause_requested: false,
  has_checkpoint: false,
  run_by: "desk",
  not_before: null,
  created_at: "2026-01-02T03:04:05Z",
  started_at: "2026-01-02T03:04:06Z",
  finished_at: null,
};

describe("a job in words", () => {
  test("says what was asked of it and is not done yet", () => {
    expect(stateText(kJob)).toBe("Running 42%");
    expect(stateText({ ...kJob, pause_requested: true })).toBe("Pausing");
    expect(stateText({ ...kJob, cancel_requested: true })).toBe("Cancelling");
    expect(stateText({ ...kJob, state: "failed", dead_letter: true })).toBe("Dead letter");
  });

  test("counts trials or names symbols", () => {
    expect(accountOf(kJob)).toBe("1,200 of 20,000 trials");
    const symbols = ["A", "B", "C", "D", "E"].map((symbol) => ({ symbol }));
    expect(accountOf({ ...kJob, detail: { symbols } })).toBe("A, B, C and 2 more");
    expect(accountOf({ ...kJob, detail: null })).toBe("");
  });

  test("is called by its kind, also by one that is not known here", () => {
    expect(kindTitle("optimize")).toBe("Search");
    expect(kindTitle("research_explain")).toBe("Research explain");
  });

  test("offers what its state allows", () => {
    expect(actionsOf(kJob)).toEqual(["pause", "cancel"]);
    expect(actionsOf({ ...kJob, pause_requested: true })).toEqual(["resume", "cancel"]);
    expect(actionsOf({ ...kJob, cancel_requested: true })).toEqual([]);
    expect(actionsOf({ ...kJob, state: "paused" })).toEqual(["resume", "cancel"]);
    expect(actionsOf({ ...kJob, state: "failed" })).toEqual(["retry"]);
    expect(actionsOf({ ...kJob, state: "completed" })).toEqual([]);
  });

  test("has worked since its start, until its end", () => {
    expect(secondsOf(kJob, Date.parse("2026-01-02T03:05:06Z"))).toBe(60);
    expect(secondsOf({ ...kJob, finished_at: "2026-01-02T03:04:08.5Z" }, 0)).toBe(2.5);
    expect(secondsOf({ ...kJob, started_at: null }, 0)).toBeNull();
  });
});

test("a request is named by strategy, symbols and timeframe, and is scheduled without what was left open", () => {
  expect(subjectOf({ strategy: "RSIStrategy", symbol: "SPX", timeframe: "1d" })).toBe("RSI Strategy, SPX 1d");
  expect(subjectOf({ symbols: ["SPX", "NDX"], frequency: "1m" })).toBe("SPX NDX 1m");
  expect(subjectOf({ rows: 10 })).toBe("");
  expect(scheduledRequest({ symbols: ["SPX"], last: 5, start: null, background: true })).toEqual({ symbols: ["SPX"], last: 5 });
});

test("what the channel tells moves a job forward, never back", () => {
  const news = progressOf({ job_id: "0123", kind: "optimize", progress: 0.5, phase: "finalizing", detail: null });
  expect(news).not.toBeNull();
  if (news === null) return;
  expect(withProgress(kJob, news)).toMatchObject({ progress: 0.5, phase: "finalizing", detail: kJob.detail });
  expect(withProgress({ ...kJob, state: "queued", progress: 0 }, news).state).toBe("running");
  expect(withProgress({ ...kJob, progress: 0.9 }, news).progress).toBe(0.9);
  const ended: Job = { ...kJob, state: "cancelled" };
  expect(withProgress(ended, news)).toBe(ended);
  expect(progressOf({ job_id: "0123", state: "completed", error: null })).toBeNull();
});

test("symbols of a query have their bars or the reason why there are none", () => {
  const detail = {
    symbols: [
      { symbol: "SPX", status: "ok", bars: 5, first_time: "2020-04-13T00:00:00Z", last_time: "2020-04-17T00:00:00Z", error: null },
      { symbol: "NOPE", status: "error", bars: null, error: { code: "INSTRUMENT_NOT_FOUND", message: "does not exist" } },
      7,
    ],
  };
  expect(symbolOutcomes(detail).map((each) => [each.symbol, each.bars, each.problem])).toEqual([
    ["SPX", 5, null],
    ["NOPE", null, "does not exist"],
  ]);
});
