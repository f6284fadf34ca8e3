import { formatDuration, formatInteger, formatNumber, formatPercent, formatPlain, formatTime, kNone, sentenceName } from "../ui/format";

// Numbers of the server with the unit that their name or the server says.

/** `36.2 GB`; units of a thousand, as the server's own bounds are. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return kNone;
  const size = Math.abs(bytes);
  for (const [unit, suffix] of [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]] as const) {
    if (size >= unit) return `${formatNumber(bytes / unit, size / unit < 10 ? 2 : 1)} ${suffix}`;
  }
  return `${formatInteger(bytes)} B`;
}

/** Below a second in milliseconds, up to a minute in seconds. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return kNone;
  if (seconds === 0) return "0 s";
  if (Math.abs(seconds) < 1) return formatMilliseconds(seconds * 1000);
  if (seconds < 60) return `${formatPlain(Number(seconds.toPrecision(3)))} s`;
  return formatDuration(seconds).replace(/ 0 (s|min)$/, "");
}

export function formatMilliseconds(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return kNone;
  if (Math.abs(milliseconds) >= 1000) return `${formatNumber(milliseconds / 1000)} s`;
  if (Math.abs(milliseconds) < 0.001) return milliseconds === 0 ? "0 ms" : "<0.001 ms";
  return `${formatPlain(Number(milliseconds.toPrecision(3)))} ms`;
}

/** As many digits as say something. */
export function formatShort(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return kNone;
  return Math.abs(value) >= 1000 ? formatInteger(value) : formatPlain(Number(value.toPrecision(3)));
}

const kUnits: readonly (readonly [suffix: string, format: (value: number) => string])[] = [
  ["bytes_max", formatBytes],
  ["bytes", formatBytes],
  ["_seconds", formatSeconds],
  ["_milliseconds", formatMilliseconds],
  ["_share", (value) => formatPercent(value * 100, 1)],
  ["hit_rate", (value) => formatPercent(value * 100, 1)],
  ["_percent", (value) => formatPercent(value, 1)],
];

/** A number of a component's health by its name: `size_bytes`, `query_p95_seconds`. */
export function formatNamed(name: string, value: number): string {
  if (name.startsWith("is_")) return value === 0 ? "No" : "Yes";
  const unit = kUnits.find(([suffix]) => name.endsWith(suffix));
  return unit === undefined ? formatShort(value) : unit[1](value);
}

const kTitles: Partial<Record<string, string>> = {
  query_p95_seconds: "95 of 100 queries below",
  request_p95_seconds: "95 of 100 requests below",
  cpu_share: "Processor",
  error_share: "Requests that failed",
  resident_bytes: "Memory",
  rows_per_writing_second: "Rows a second of writing",
  is_synchronised: "Kept by NTP",
  wal_bytes: "Write-ahead log",
};

/** The name without its unit: the number shows that. */
export function namedTitle(name: string): string {
  const known = kTitles[name];
  if (known !== undefined) return known;
  const bare = name
    .replace(/^bytes/, "size")
    .replace(/_(bytes|seconds|milliseconds|share|percent)(?=_max$|$)/, "")
    .replace(/_max$/, "_at_most");
  return sentenceName(bare);
}

/** A number with a unit as the server names it: of trends, thresholds and benchmarks. */
export function formatWithUnit(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return kNone;
  if (unit === "bytes") return formatBytes(value);
  if (unit === "ms") return formatMilliseconds(value);
  if (unit === "s") return formatSeconds(value);
  if (unit === "%") return `${formatPlain(Number(value.toPrecision(3)))}%`;
  if (unit === "1/s") return `${formatShort(value)}/s`;
  if (unit === "1/min") return `${formatShort(value)}/min`;
  return unit === "" ? formatShort(value) : `${formatShort(value)} ${unit}`;
}

/** To the second, with its zone. */
export function formatUtc(time: string | null | undefined): string {
  if (time === null || time === undefined) return kNone;
  return `${formatTime(Math.floor(Date.parse(time) / 1000) * 1000)} UTC`;
}
