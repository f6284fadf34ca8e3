import { useZone } from "../state/zone";
import { formatInstant, kNone } from "./format";

/** A moment by the clock of the chosen time zone, in UTC on hover. */
export function Instant({ time, seconds = false }: { time: string | null | undefined; seconds?: boolean }) {
  const zone = useZone();
  if (time === null || time === undefined) return <span className="muted">{kNone}</span>;
  return (
    <time className="numbers" dateTime={time} title={formatInstant(time, undefined, true)}>
      {formatInstant(time, zone, seconds)}
    </time>
  );
}
