// Numbers and times as the page writes them. Undefined values are an en dash; a minus is a real minus sign, as wide
// as a plus, so that columns align.

export const kNone = "–";

const formats = new Map<string, Intl.NumberFormat>();
let locale: string | undefined = "en-US";

/** How numbers are written from now on; undefined: as the browser's language does. */
export function setNumberLocale(next: string | undefined): void {
  if (next === locale) return;
  locale = next;
  formats.clear();
}

function numberFormat(minimum: number, maximum: number): Intl.NumberFormat {
  const key = `${minimum}:${maximum}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: minimum, maximumFractionDigits: maximum });
    formats.set(key, format);
  }
  return format;
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

export function formatNumber(value: number | null | undefined, decimals = 2): string {
  if (!isNumber(value)) return kNone;
  return numberFormat(decimals, decimals).format(value).replace("-", "−");
}

export function formatInteger(value: number | null | undefined): string {
  return formatNumber(value, 0);
}

/** As many decimals as the number needs, for parameters and quantities. */
export function formatPlain(value: number | null | undefined): string {
  if (!isNumber(value)) return kNone;
  return numberFormat(0, 8).format(value).replace("-", "−");
}

export function formatPercent(value: number | null | undefined, decimals = 2): string {
  return isNumber(value) ? `${formatNumber(value, decimals)}%` : kNone;
}

/** With a plus in front of gains. */
export function formatSigned(value: number | null | undefined, decimals = 2): string {
  const text = formatNumber(value, decimals);
  return isNumber(value) && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function formatSignedPercent(value: number | null | undefined, decimals = 2): string {
  return isNumber(value) ? `${formatSigned(value, decimals)}%` : kNone;
}

/** Decimals of the instrument's price step: 0.01 has two, 0.25 has two, 1 has none. */
export function decimalsOf(tickSize: number): number {
  for (let decimals = 0; decimals < 10; ++decimals) {
    const scaled = tickSize * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-9 * Math.max(1, scaled)) return decimals;
  }
  return 10;
}

/** 931.8M: volumes, and counts too long to read. */
export function formatCompact(value: number | null | undefined): string {
  if (!isNumber(value)) return kNone;
  const size = Math.abs(value);
  for (const [unit, suffix] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e4, "K"]] as const) {
    if (size >= unit) return formatPlain(Math.round((value / (suffix === "K" ? 1e3 : unit)) * 100) / 100) + suffix;
  }
  return formatPlain(Math.round(value * 100) / 100);
}

/** `2000-01-03`, with the time of day only where there is one. UTC. */
export function formatTime(time: string | number | null | undefined): string {
  if (time === null || time === undefined) return kNone;
  const milliseconds = typeof time === "number" ? time : Date.parse(time);
  if (Number.isNaN(milliseconds)) return kNone;
  const text = new Date(milliseconds).toISOString();
  if (text.endsWith("T00:00:00.000Z")) return text.slice(0, 10);
  return text.slice(0, 10) + " " + (text.endsWith(":00.000Z") ? text.slice(11, 16) : text.slice(11, 19));
}

export const kUtc = "UTC";

const zoned = new Map<string, Intl.DateTimeFormat>();

function zonedFormat(zone: string): Intl.DateTimeFormat {
  let format = zoned.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    });
    zoned.set(zone, format);
  }
  return format;
}

/**
 * `2026-01-05 09:30 EST`: a moment by the clock of a time zone. For what happened; bars of a day are dates and stay what
 * `formatTime` makes of them.
 */
export function formatInstant(time: string | number | null | undefined, zone = kUtc, seconds = false): string {
  if (time === null || time === undefined) return kNone;
  const milliseconds = typeof time === "number" ? time : Date.parse(time);
  if (Number.isNaN(milliseconds)) return kNone;
  const parts = Object.fromEntries(zonedFormat(zone).formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const date = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
  const clock = `${parts["hour"]}:${parts["minute"]}${seconds ? `:${parts["second"]}` : ""}`;
  return `${date} ${clock} ${parts["timeZoneName"]}`;
}

export function formatDate(time: string | null | undefined): string {
  return formatTime(time).slice(0, 10);
}

/** `3 min 20 s`: at most two units, for waiting times. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return kNone;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `1.4 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isNumber(bytes)) return kNone;
  for (const [unit, name] of [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "KB"]] as const) {
    if (bytes >= unit) return `${formatNumber(bytes / unit, 1)} ${name}`;
  }
  return `${formatInteger(bytes)} B`;
}

/** `3 days ago`, `in 5 hours`: the largest unit that fits. */
export function formatAgo(time: string | null | undefined, now: number): string {
  if (time === null || time === undefined) return kNone;
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds)) return kNone;
  const size = Math.abs(seconds);
  const units = [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const;
  const [name, length] = units.find(([, each]) => size >= each) ?? ["second", 1];
  if (name === "second" && size < 10) return "now";
  const text = plural(Math.floor(size / length), name);
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

/** `MACDStrategy` → `MACD Strategy`. */
export function spacedName(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
}

/** `trend_following` → `Trend following`. */
export function sentenceName(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatInteger(count)} ${count === 1 ? one : many}`;
}
