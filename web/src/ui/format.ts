// Numbers and times as the page writes them. Undefined values are an en dash; a minus is a real minus sign, as wide
// as a plus, so that columns align.

export const kNone = "–";

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(minimum: number, maximum: number): Intl.NumberFormat {
  const key = `${minimum}:${maximum}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: minimum, maximumFractionDigits: maximum });
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
