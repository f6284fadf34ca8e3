import { expect, test } from "vitest";
import { explainCron } from "./cron";

test("cron is said in words", () => {
  expect(explainCron("30 17 * * fri")).toBe("At 17:30, only on Friday");
  expect(explainCron("*/5 9-16 * * mon-fri")).toBe("Every 5 minutes, between 09:00 and 16:59, Monday through Friday");
  expect(explainCron("0 0 13 * fri")).toMatch(/one of the two kinds of day is enough$/);
});

test("what is not five fields, or out of range, is not explained", () => {
  for (const cron of ["", "* * * *", "0 0 * * * *", "61 * * * *", "a b c d e"]) expect(explainCron(cron)).toBeNull();
});
