// How to search, as typed and as sent.

import type { OptimizeRequest, WalkForwardRequest } from "../api/types";
import { formatInteger } from "../ui/format";

export interface SearchSettings {
  readonly sampler: string;
  readonly trials: string;
  readonly objective: string;
  readonly seed: string;
  /** Out-of-sample share in percent. */
  readonly share: string;
  /** Share of the bars before those, in percent, on which the best is chosen. */
  readonly validation: string;
  /** Search anew on window after window; days as typed. */
  readonly walks: boolean;
  readonly trainDays: string;
  readonly testDays: string;
  readonly stepDays: string;
  readonly anchored: boolean;
}

export const kDefaultSettings: SearchSettings = {
  sampler: "random",
  trials: "500",
  objective: "sharpe_ratio",
  seed: "42",
  share: "15",
  validation: "15",
  walks: false,
  trainDays: "180",
  testDays: "90",
  stepDays: "30",
  anchored: false,
};

/** Up to here trying everything is quick, and leaves nothing to chance. */
const kGridFirstMax = 5_000;

/** What a search starts with before anything was chosen. */
export function initialSettings(combinations: number | null): SearchSettings {
  const small = combinations !== null && combinations <= kGridFirstMax;
  return { ...kDefaultSettings, sampler: small ? "grid" : "random" };
}

export interface SettingsReading {
  readonly settings: Pick<OptimizeRequest, "sampler" | "trials" | "objective" | "seed" | "out_of_sample_share" | "validation_share" | "walk_forward">;
  /** By the name that the server uses. */
  readonly errors: ReadonlyMap<string, string>;
}

/** The server's limit for one search. */
const kTrialsMax = 1_000_000;

/** A grid tries every combination, whatever was typed as trials; `combinations` is null where they are not known. */
export function readSettings(typed: SearchSettings, combinations: number | null): SettingsReading {
  const errors = new Map<string, string>();
  const whole = (name: string, text: string, minimum: number) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < minimum) {
      errors.set(name, `Enter a whole number, ${minimum} or more.`);
    }
    return value;
  };
  const trials = typed.sampler === "grid" && combinations !== null ? combinations : whole("trials", typed.trials, 1);
  if (trials > kTrialsMax) {
    const many = formatInteger(trials);
    errors.set("trials", `${many} trials are too many (at most ${formatInteger(kTrialsMax)}): use random, larger steps or fewer inputs.`);
  }
  const seed = whole("seed", typed.seed, 0);
  const share = Number(typed.share) / 100;
  const shareFits = typed.share.trim() !== "" && share >= 0 && share <= 0.9;
  if (!shareFits) {
    errors.set("out_of_sample_share", "Enter 0 to 90 percent.");
  }
  const validation = Number(typed.validation) / 100;
  const taken = shareFits ? share : 0;
  if (typed.validation.trim() === "" || !(validation === 0 || (validation > 0 && taken + validation <= 0.9))) {
    errors.set("validation_share", "Enter 0 or more; with what is out of sample, at most 90 percent.");
  }
  const walk = typed.walks ? readWalkForward(typed, errors) : undefined;
  return {
    settings: {
      sampler: typed.sampler,
      // No combination is tried twice.
      trials: combinations === null ? trials : Math.min(trials, Math.max(1, combinations)),
      objective: typed.objective,
      seed,
      out_of_sample_share: share,
      validation_share: validation,
      ...(walk === undefined ? {} : { walk_forward: walk }),
    },
    errors,
  };
}

function readWalkForward(typed: SearchSettings, errors: Map<string, string>): WalkForwardRequest {
  const days = (name: string, text: string) => {
    const value = Number(text);
    if (text.trim() === "" || !(value > 0)) errors.set(name, "Enter a number of days.");
    return value;
  };
  const walk = {
    train_days: days("walk_forward/train_days", typed.trainDays),
    test_days: days("walk_forward/test_days", typed.testDays),
    step_days: days("walk_forward/step_days", typed.stepDays),
    anchored: typed.anchored,
  };
  if (walk.step_days > walk.test_days) {
    errors.set("walk_forward/step_days", "A step longer than the test leaves days untested.");
  }
  return walk;
}
