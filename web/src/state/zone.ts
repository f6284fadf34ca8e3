import { kUtc, formatInstant } from "../ui/format";
import { useStored } from "./useStored";

const kName = "time-zone";

/** The time zone that moments are shown in, kept in this browser; UTC until another is chosen. */
export function useZone(): string {
  const [zone] = useStored(kName, kUtc);
  return isZone(zone) ? zone : kUtc;
}

export function useChooseZone(): (zone: string) => void {
  return useStored(kName, kUtc)[1];
}

/** `formatInstant` in the chosen time zone. */
export function useInstant(): (time: string | number | null | undefined, seconds?: boolean) => string {
  const zone = useZone();
  return (time, seconds) => formatInstant(time, zone, seconds);
}

/** The browser's own time zone. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** IANA names that this browser knows, UTC first. */
export function allZones(): string[] {
  return [kUtc, ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== kUtc)];
}

export function isZone(zone: unknown): zone is string {
  if (typeof zone !== "string" || zone === "") return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
