import { expect, test } from "vitest";
import type { Assessment } from "../api/types";
import { isDoubted, judgedTests, shownFigures } from "./verdict";

const kSound: Assessment = {
  verdict: "Nothing here speaks for luck (4 of 4 tests passed). The past may still not repeat itself.",
  trials: 200,
  effective_trials: 53.8,
  sharpe: 1.2,
  out_of_sample_sharpe: 0.8,
  sharpe_interval: { estimate: 1.2, low: 0.4, high: 2, level: 0.95 },
  probabilistic_sharpe: 0.999,
  deflated_sharpe: 0.97,
  minimum_track_record: 412.4,
  overfitting: { probability: 0.1, probability_of_loss: 0.02, slope: -0.1, intercept: 0.3 },
  reality_check: { white: 0.02, spa: 0.01, spa_lower: 0.01, spa_upper: 0.02, mean_block: 3 },
  trade_order: { drawdown_percent: 12, median_percent: 14, p95_percent: 25.04, worst_percent: 40, share_below: 0.3, ruin_share: 0 },
  unknown: [],
};

test("each test is held against the limit that the verdict uses", () => {
  expect(judgedTests(kSound).map(({ outcome }) => outcome)).toEqual(["passed", "passed", "passed", "passed"]);
  expect(isDoubted(kSound)).toBe(false);
  const luck = { ...kSound, deflated_sharpe: 0.5, overfitting: { probability: 0.21, probability_of_loss: 0, slope: 0, intercept: 0 }, out_of_sample_sharpe: 0 };
  expect(judgedTests(luck).map(({ outcome }) => outcome)).toEqual(["failed", "failed", "passed", "failed"]);
  expect(isDoubted(luck)).toBe(true);
});

test("what is not known is neither passed nor failed", () => {
  const unknown = { ...kSound, deflated_sharpe: null, overfitting: null, reality_check: null, out_of_sample_sharpe: null };
  expect(judgedTests(unknown).map(({ outcome, figure }) => `${outcome} ${figure}`)).toEqual(Array.from({ length: 4 }, () => "unknown –"));
  expect(isDoubted(unknown)).toBe(false);
});

test("figures are written with their unit", () => {
  expect(judgedTests(kSound).map(({ figure }) => figure)).toEqual(["97.0%", "10.0%", "p = 0.010", "0.80"]);
  const figures = new Map(shownFigures(kSound).map(({ title, figure }) => [title, figure]));
  expect(figures.get("In 95% of resamples")).toBe("0.40 to 2.00");
  expect(figures.get("Minimum track record")).toBe("412 days");
  expect(figures.get("Drawdown in other orders")).toBe("25.0%");
});
