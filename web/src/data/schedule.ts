// When a saved query runs by itself, as it is filled in.

import type { QuerySchedule, QueryScheduleRequest } from "../api/schema";

export const kDays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof kDays)[number];

export interface ScheduleDraft {
  readonly kind: "none" | "every" | "at";
  readonly minutes: string;
  readonly at: string;
  readonly zone: string;
  readonly days: readonly Day[];
}

export const kNoSchedule: ScheduleDraft = {
  kind: "none",
  minutes: "60",
  at: "17:30",
  zone: "America/New_York",
  days: ["mon", "tue", "wed", "thu", "fri"],
};

export function scheduleDraft(schedule: QuerySchedule): ScheduleDraft {
  return {
    kind: schedule.every_minutes === null ? "at" : "every",
    minutes: schedule.every_minutes === null ? kNoSchedule.minutes : String(schedule.every_minutes),
    at: schedule.at?.slice(0, 5) ?? kNoSchedule.at,
    zone: schedule.time_zone ?? "UTC",
    days: schedule.days === null ? kDays : kDays.filter((day) => schedule.days?.includes(day) === true),
  };
}

export function readSchedule(draft: ScheduleDraft): { schedule: QueryScheduleRequest | null; error: string | null } {
  if (draft.kind === "none") return { schedule: null, error: null };
  if (draft.kind === "every") {
    const minutes = Number(draft.minutes);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440) return { schedule: null, error: "From 1 to 1,440 minutes." };
    return { schedule: { every_minutes: minutes }, error: null };
  }
  if (!/^\d{2}:\d{2}$/.test(draft.at)) return { schedule: null, error: "Say at which time of day." };
  if (draft.zone.trim() === "") return { schedule: null, error: "Name a time zone, such as America/New_York or UTC." };
  if (draft.days.length === 0) return { schedule: null, error: "Choose at least one day." };
  return {
    schedule: { at: draft.at, time_zone: draft.zone.trim(), ...(draft.days.length === kDays.length ? {} : { days: [...draft.days] }) },
    error: null,
  };
}

export function describeSchedule(schedule: QuerySchedule): string {
  if (schedule.every_minutes !== null) return `every ${schedule.every_minutes} min`;
  const days = schedule.days === null || schedule.days.length === kDays.length ? "daily" : schedule.days.join(" ");
  return `${schedule.at?.slice(0, 5) ?? ""} ${schedule.time_zone ?? "UTC"}, ${days}`;
}
