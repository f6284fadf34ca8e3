import { expect, test } from "vitest";
import { describeSchedule, kDays, kNoSchedule, readSchedule, scheduleDraft } from "./schedule";

const answer = (more: object) => ({ at: null, days: null, every_minutes: null, time_zone: null, ...more });

test("a schedule is read back as it was filled in", () => {
  const at = { ...kNoSchedule, kind: "at" as const };
  expect(readSchedule(at)).toEqual({ schedule: { at: "17:30", time_zone: "America/New_York", days: ["mon", "tue", "wed", "thu", "fri"] }, error: null });
  expect(scheduleDraft(answer({ at: "17:30", time_zone: "America/New_York", days: ["mon", "tue", "wed", "thu", "fri"] }))).toEqual(at);
  expect(readSchedule({ ...at, days: kDays }).schedule).not.toHaveProperty("days");
  expect(readSchedule({ ...kNoSchedule, kind: "every", minutes: "15" }).schedule).toEqual({ every_minutes: 15 });
  expect(readSchedule(kNoSchedule)).toEqual({ schedule: null, error: null });
});

test("what is missing is said", () => {
  expect(readSchedule({ ...kNoSchedule, kind: "every", minutes: "0" }).error).toContain("1,440");
  expect(readSchedule({ ...kNoSchedule, kind: "at", days: [] }).error).toContain("day");
  expect(readSchedule({ ...kNoSchedule, kind: "at", zone: " " }).error).toContain("time zone");
});

test("a schedule is told in a few words", () => {
  expect(describeSchedule(answer({ every_minutes: 15 }))).toBe("every 15 min");
  expect(describeSchedule(answer({ at: "17:30", time_zone: "UTC" }))).toBe("17:30 UTC, daily");
});
