// The result in words, for someone who does not read metric tables.

import type { BacktestResult } from "../api/types";
import { formatNumber, formatPercent, formatSignedPercent, plural } from "../ui/format";

const kYear = 365.25 * 86_400_000;

/** Sentences without advice: what was earned against doing nothing, how deep it fell, how often it won. */
export function describe(result: BacktestResult): string[] {
  const { metrics } = result;
  const sentences: string[] = [];
  const years =
    result.first_time === null || result.last_time === null
      ? null
      : (Date.parse(result.last_time) - Date.parse(result.first_time)) / kYear;
  const span = years === null ? "" : years >= 1 ? ` over ${formatNumber(years, 1)} years` : ` over ${plural(Math.max(1, Math.round(years * 365.25)), "day")}`;

  const own = metrics["net_profit_percent"] ?? null;
  const hold = metrics["buy_and_hold_return_percent"] ?? null;
  if (own !== null) {
    const against =
      hold === null
        ? ""
        : `; holding the instrument instead returned ${formatSignedPercent(hold)}, so the strategy ${own > hold ? "did better" : own < hold ? "did worse" : "did the same"}`;
    sentences.push(`The closed trades returned ${formatSignedPercent(own)}${span}${against}.`);
  }

  const drawdown = metrics["max_drawdown_percent"] ?? null;
  if (drawdown !== null) sentences.push(`At its worst the equity stood ${formatPercent(Math.abs(drawdown))} below its peak.`);

  const closed = metrics["total_closed_trades"] ?? 0;
  const winning = metrics["percent_profitable"] ?? null;
  if (closed > 0 && winning !== null) {
    sentences.push(`${formatPercent(winning, 0)} of ${plural(closed, "closed trade")} won.`);
  }
  if (closed > 0 && closed < 30) {
    sentences.push("So few trades say little: chance alone can look like this.");
  }
  return sentences;
}

/** What was too much for the report. */
export function leftOut(result: BacktestResult): string[] {
  const { plot_bars_left_out: bars = 0, drawing_parts_left_out: parts = 0, messages_left_out: messages } = result;
  const are = (count: number) => `${count === 1 ? "is" : "are"} not shown: there are too many.`;
  return [
    ...(bars > 0 ? [`The oldest ${plural(bars, "bar")} of the plots ${are(bars)}`] : []),
    ...(parts > 0 ? [`${plural(parts, "point or cell", "points or cells")} of drawings ${are(parts)}`] : []),
    ...(messages > 0 ? [`${plural(messages, "message")} ${are(messages)}`] : []),
  ];
}
