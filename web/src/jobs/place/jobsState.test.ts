import { expect, test } from "vitest";
import { formatJobs, parseJobs } from "./jobsState";

test("an address is read again as it was written", () => {
  for (const search of ["", "tab=dead&job=0123", "kind=optimize&state=failed", "tab=schedules&schedule=every+night", "tab=schedules&like=0123&new=1"]) {
    expect(formatJobs(parseJobs(search))).toBe(search);
  }
});

test("what is no tab and no state is left out", () => {
  expect(formatJobs(parseJobs("?tab=odd&state=idle&x=1"))).toBe("");
});
