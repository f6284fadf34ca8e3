import type { ApiKey } from "../../api/schema";

export type Scope = ApiKey["scopes"][number];

export const kScopes: readonly (readonly [scope: Scope, allows: string])[] = [
  ["read", "Market data, indicators, strategies, health and alerts; jobs and files of its owner"],
  ["trade-research", "Backtests, searches, tournaments, research by models, exports; cancelling and retrying its owner's jobs"],
  ["write", "Instruments, corporate actions, saved queries, schedules, alerts, webhooks, and fetches from a provider"],
  ["admin", "All of it, and keys and benchmarks"],
];

export const kExpiries = [
  ["30", "In 30 days"],
  ["90", "In 90 days"],
  ["365", "In a year"],
  ["date", "On a date…"],
  ["never", "Never"],
] as const;

export type Expiry = (typeof kExpiries)[number][0];

const kDayMs = 86_400_000;

/** When a key made now ends; null: never. Of a date, its beginning in UTC. */
export function expiresAt(expiry: Expiry, date: string, now: number): string | null {
  if (expiry === "never") return null;
  if (expiry === "date") return date === "" ? null : `${date}T00:00:00Z`;
  return new Date(now + Number(expiry) * kDayMs).toISOString();
}

/** What is wrong with a key, or will be soon. */
export function keyState({ state, expires_at }: ApiKey, now: number): { text: string; look: "good" | "warning" | "danger" | "" } {
  if (state === "revoked") return { text: "Revoked", look: "" };
  const left = expires_at === null ? Infinity : Date.parse(expires_at) - now;
  if (state === "expired" || left <= 0) return { text: "Expired", look: "danger" };
  if (left < 7 * kDayMs) return { text: "Ends soon", look: "warning" };
  return { text: "Valid", look: "good" };
}
