import { expect, test } from "vitest";
import type { EventType } from "../../api/schema";
import { eventGroups, matches, toggled } from "./events";

const kTypes = ["job.completed", "job.failed", "alert.raised"].map((type) => ({ type }) as EventType);
const kGroups = eventGroups(kTypes);

test("events are grouped by what they are of", () => {
  expect(kGroups.map(({ pattern, types }) => [pattern, types.length])).toEqual([["job.*", 2], ["alert.*", 1]]);
});

test("a filter has an event by its name, its group or all", () => {
  expect([matches(["job.failed"], "job.failed"), matches(["job.*"], "job.failed"), matches(["*"], "job.failed")]).toEqual([true, true, true]);
  expect([matches(["alert.*"], "job.failed"), matches([], "job.failed"), matches(["jo.*"], "job.failed")]).toEqual([false, false, false]);
});

test("choosing says no more than is needed", () => {
  expect(toggled([], "job.failed", kGroups)).toEqual(["job.failed"]);
  expect(toggled(["job.failed"], "job.failed", kGroups)).toEqual([]);
  expect(toggled(["job.failed", "alert.raised"], "job.*", kGroups)).toEqual(["alert.raised", "job.*"]);
  expect(toggled(["job.*"], "job.failed", kGroups)).toEqual(["job.completed"]);
  expect(toggled(["job.*", "alert.*"], "*", kGroups)).toEqual(["*"]);
  expect(toggled(["*"], "alert.*", kGroups)).toEqual(["job.*"]);
  expect(toggled(["*"], "job.failed", kGroups)).toEqual(["alert.*", "job.completed"]);
  expect(toggled(["*"], "*", kGroups)).toEqual([]);
});
