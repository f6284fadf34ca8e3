import { expect, test } from "vitest";
import { initialSettings, kDefaultSettings, readSettings } from "./settings";

test("a grid tries every combination, random as many as asked for", () => {
  expect(readSettings({ ...kDefaultSettings, sampler: "grid" }, 1234).settings.trials).toBe(1234);
  expect(readSettings(kDefaultSettings, 1234).settings.trials).toBe(500);
  expect(readSettings({ ...kDefaultSettings, sampler: "grid", trials: "70" }, null).settings.trials).toBe(70);
});

test("a small space is tried whole unless something else is chosen", () => {
  expect(initialSettings(200).sampler).toBe("grid");
  expect(initialSettings(1e7).sampler).toBe("random");
  expect(initialSettings(null).sampler).toBe("random");
});

test("the share is typed in percent and sent as a share", () => {
  expect(readSettings({ ...kDefaultSettings, share: "25" }, 1).settings.out_of_sample_share).toBe(0.25);
  expect(readSettings({ ...kDefaultSettings, share: "0" }, 1).errors.size).toBe(0);
  expect([...readSettings({ ...kDefaultSettings, share: "95" }, 1).errors.keys()]).toEqual(["out_of_sample_share"]);
});

test("no more trials than combinations, and no more than the server takes", () => {
  expect(readSettings(kDefaultSettings, 200).settings.trials).toBe(200);
  expect([...readSettings({ ...kDefaultSettings, sampler: "grid" }, 1_000_001).errors.keys()]).toEqual(["trials"]);
  expect(readSettings({ ...kDefaultSettings, sampler: "random" }, 1e12).errors.size).toBe(0);
});

test("what the best is chosen on leaves room for what it is searched on", () => {
  expect(readSettings({ ...kDefaultSettings, share: "15", validation: "15" }, 1).settings.validation_share).toBe(0.15);
  expect([...readSettings({ ...kDefaultSettings, share: "50", validation: "45" }, 1).errors.keys()]).toEqual(["validation_share"]);
});

test("a walk-forward is sent where it is wanted, and its days are checked", () => {
  expect(readSettings(kDefaultSettings, 100).settings.walk_forward).toBeUndefined();
  const typed = { ...kDefaultSettings, walks: true };
  expect(readSettings(typed, 100).settings.walk_forward).toEqual({ train_days: 180, test_days: 90, step_days: 30, anchored: false });
  expect([...readSettings({ ...typed, trainDays: "", stepDays: "91" }, 100).errors.keys()]).toEqual([
    "walk_forward/train_days",
    "walk_forward/step_days",
  ]);
  expect(readSettings({ ...typed, walks: false, trainDays: "" }, 100).errors.size).toBe(0);
});

test("trials and seed are whole numbers", () => {
  const { errors } = readSettings({ ...kDefaultSettings, trials: "0", seed: "1.5" }, 1000);
  expect([...errors.keys()]).toEqual(["trials", "seed"]);
});
