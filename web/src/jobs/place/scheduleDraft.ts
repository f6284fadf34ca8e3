import type { JobSchedule } from "../../api/schema";
import { compactRequest } from "./describe";
import type { ScheduleBody } from "./jobsApi";

export const kScheduledKinds = ["optimize", "historical_data"] as const;

/** A schedule as it is typed. */
export interface Draft {
  readonly name: string;
  readonly cron: string;
  readonly zone: string;
  readonly kind: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly request: string;
}

export const kEmptyDraft: Draft = {
  name: "",
  cron: "",
  zone: "UTC",
  kind: "optimize",
  priority: 1,
  enabled: true,
  request: "{\n  \n}",
};

export function draftOf(schedule: JobSchedule): Draft {
  return {
    name: schedule.name,
    cron: schedule.cron,
    zone: schedule.time_zone,
    kind: schedule.kind,
    priority: schedule.priority,
    enabled: schedule.enabled,
    request: JSON.stringify(compactRequest(schedule.request), null, 2),
  };
}

/** A schedule that repeats what a job did. */
export function draftLike(kind: string, request: Record<string, unknown>): Draft {
  return { ...kEmptyDraft, kind, request: JSON.stringify(request, null, 2) };
}

type Read = { name: string; body: ScheduleBody } | { wrong: { field: keyof Draft; text: string } };

/** What is sent, or what cannot be sent as it is typed; all else is for the server to say. */
export function readDraft(draft: Draft): Read {
  const name = draft.name.trim();
  if (name === "") return { wrong: { field: "name", text: "A schedule needs a name." } };
  const cron = draft.cron.trim().replace(/\s+/g, " ");
  if (cron.split(" ").length !== 5) return { wrong: { field: "cron", text: "Five fields are needed, with blanks between them." } };
  let request: unknown;
  try {
    request = JSON.parse(draft.request);
  } catch (error) {
    return { wrong: { field: "request", text: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` } };
  }
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return { wrong: { field: "request", text: "An object is needed: { … }" } };
  }
  const zone = draft.zone.trim();
  return {
    name,
    body: { cron, time_zone: zone === "" ? "UTC" : zone, kind: draft.kind, request, priority: draft.priority, enabled: draft.enabled },
  };
}

/** The zones that the browser knows, UTC first. */
export function timeZones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}
