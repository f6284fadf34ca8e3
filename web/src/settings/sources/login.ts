import type { LiveLogin } from "../../api/schema";
import { plural } from "../../ui/format";

const kHourMs = 3_600_000;
/** How long a login at Schwab lives. */
const kLifeMs = 7 * 24 * kHourMs;

export interface LoginLeft {
  text: string;
  look: "good" | "warning" | "danger";
  /** Of its life; null where that is not known. */
  share: number | null;
}

/** How long a login still lasts. */
export function loginLeft({ state, ends_at }: Pick<LiveLogin, "state" | "ends_at">, now: number): LoginLeft {
  if (state === "none") return { text: "Not logged in", look: "danger", share: null };
  const left = ends_at === null ? null : Date.parse(ends_at) - now;
  if (state === "ended" || (left !== null && left <= 0)) return { text: "The login has ended", look: "danger", share: 0 };
  if (left === null) return { text: state === "unknown" ? "Not known" : "Logged in", look: state === "unknown" ? "warning" : "good", share: null };
  const hours = Math.floor(left / kHourMs);
  const text = `${hours >= 48 ? plural(Math.floor(hours / 24), "day") : hours >= 1 ? plural(hours, "hour") : "Less than an hour"} left`;
  return { text, look: state === "ends_soon" || hours < 48 ? "warning" : "good", share: Math.min(1, left / kLifeMs) };
}
