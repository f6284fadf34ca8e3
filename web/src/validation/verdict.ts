// What the tests of a search's result say, each in a line: its figure, what it is held against, and how it did.

import type { Assessment } from "../api/types";
import { formatInteger, formatNumber, formatPercent, kNone } from "../ui/format";

export type Outcome = "passed" | "failed" | "unknown" | "shown";

export interface TestLine {
  readonly title: string;
  readonly figure: string;
  /** What is asked of it; empty where it is shown only. */
  readonly asked: string;
  readonly meaning: string;
  readonly outcome: Outcome;
}

// The server's limits (optimize/significance/assessment.hpp).
const kDeflatedSharpeMin = 0.95;
const kOverfittingMax = 0.2;
const kSuperiorityMax = 0.05;

function judged(value: number | null | undefined, passes: (value: number) => boolean): Outcome {
  if (value === null || value === undefined) return "unknown";
  return passes(value) ? "passed" : "failed";
}

/** The four tests that the verdict rests on. */
export function judgedTests(found: Assessment): TestLine[] {
  const overfitting = found.overfitting?.probability;
  const superiority = found.reality_check?.spa;
  return [
    {
      title: "Deflated Sharpe ratio",
      figure: share(found.deflated_sharpe),
      asked: "95% or more",
      meaning: `How likely it is better than the best of ${formatInteger(found.trials)} trials without skill would be.`,
      outcome: judged(found.deflated_sharpe, (value) => value >= kDeflatedSharpeMin),
    },
    {
      title: "Probability of overfitting",
      figure: share(overfitting),
      asked: "20% or less",
      meaning: "How often what is best on one half of the days is below the middle on the other.",
      outcome: judged(overfitting, (value) => value <= kOverfittingMax),
    },
    {
      title: "Against holding",
      figure: superiority === undefined ? kNone : `p = ${formatNumber(superiority, 3)}`,
      asked: "0.05 or less",
      meaning: "Hansen’s test: how likely it looks so much better than holding when none of the trials is.",
      outcome: judged(superiority, (value) => value <= kSuperiorityMax),
    },
    {
      title: "Out-of-sample Sharpe ratio",
      figure: formatNumber(found.out_of_sample_sharpe),
      asked: "above 0",
      meaning: "A year, of daily returns on bars that the search did not see.",
      outcome: judged(found.out_of_sample_sharpe, (value) => value > 0),
    },
  ];
}

/** What else is known. */
export function shownFigures(found: Assessment): TestLine[] {
  const interval = found.sharpe_interval;
  const order = found.trade_order;
  const line = (title: string, figure: string, meaning: string): TestLine => ({ title, figure, asked: "", meaning, outcome: "shown" });
  return [
    line("Sharpe ratio in sample", formatNumber(found.sharpe), "A year, of daily returns."),
    line(
      "In 95% of resamples",
      interval === null ? kNone : `${formatNumber(interval.low)} to ${formatNumber(interval.high)}`,
      "Where that ratio lies when days are drawn anew in blocks (stationary bootstrap).",
    ),
    line("Probabilistic Sharpe ratio", share(found.probabilistic_sharpe), "How likely the true ratio is above 0, had it been the only trial."),
    line("Effective trials", formatNumber(found.effective_trials, 0), "Independent ones that the trials are worth: those that move together count as fewer."),
    line(
      "Minimum track record",
      found.minimum_track_record === null ? kNone : `${formatInteger(found.minimum_track_record)} days`,
      "Trading days that it takes to tell its ratio from 0.",
    ),
    line(
      "Drawdown in other orders",
      order === null ? kNone : formatPercent(order.p95_percent, 1),
      `Not exceeded in 95% of 1,000 orders of its trades; as they came it was ${formatPercent(order?.drawdown_percent, 1)}.`,
    ),
  ];
}

function share(value: number | null | undefined): string {
  return formatPercent(value === null || value === undefined ? value : 100 * value, 1);
}

/** The verdict begins so where something speaks against the result. */
export function isDoubted(found: Assessment): boolean {
  return judgedTests(found).some(({ outcome }) => outcome === "failed");
}
