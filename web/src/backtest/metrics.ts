// Names, units and order of the metrics. The server computes; the page only says what they are.

import type { MetricValues } from "../api/types";
import { formatInteger, formatNumber, formatPercent, formatPlain, formatSigned, formatSignedPercent } from "../ui/format";

type Unit = "money" | "percent" | "ratio" | "count" | "bars" | "quantity";

export interface MetricRow {
  name: string;
  title: string;
  unit: Unit;
  /** Gains green, losses red. */
  signed?: boolean;
  /** The same in percent, shown behind it. */
  percent?: string;
  help?: string;
}

export interface MetricGroup {
  title: string;
  rows: readonly MetricRow[];
}

export const kMetricGroups: readonly MetricGroup[] = [
  {
    title: "Return",
    rows: [
      { name: "net_profit", title: "Net profit", unit: "money", signed: true, percent: "net_profit_percent", help: "Closed trades, after commission; percent of the initial capital." },
      { name: "open_profit", title: "Open profit", unit: "money", signed: true, help: "Of the trades still open, at the last close." },
      { name: "gross_profit", title: "Gross profit", unit: "money", percent: "gross_profit_percent", help: "Sum of the winning trades." },
      { name: "gross_loss", title: "Gross loss", unit: "money", percent: "gross_loss_percent", help: "Sum of the losing trades." },
      { name: "commission_paid", title: "Commission paid", unit: "money" },
      { name: "buy_and_hold_return", title: "Buy and hold", unit: "money", signed: true, percent: "buy_and_hold_return_percent", help: "The initial capital invested at the first entry and held to the last bar." },
      { name: "annualized_return_percent", title: "Annualised return", unit: "percent", signed: true, help: "Yearly growth that leads from the first to the last equity." },
    ],
  },
  {
    title: "Risk",
    rows: [
      { name: "max_drawdown", title: "Largest drawdown", unit: "money", percent: "max_drawdown_percent", help: "Deepest fall of the equity below its peak, within bars." },
      { name: "max_drawdown_close_to_close", title: "Largest drawdown, trade by trade", unit: "money", help: "The same seen only when trades close." },
      { name: "average_drawdown", title: "Average drawdown", unit: "money" },
      { name: "average_drawdown_days", title: "Average drawdown, days", unit: "bars" },
      { name: "max_run_up", title: "Largest run-up", unit: "money", help: "Largest rise of the equity above its trough, within bars." },
      { name: "max_run_up_close_to_close", title: "Largest run-up, trade by trade", unit: "money" },
      { name: "average_run_up", title: "Average run-up", unit: "money" },
      { name: "average_run_up_days", title: "Average run-up, days", unit: "bars" },
      { name: "return_of_max_drawdown", title: "Net profit over drawdown", unit: "ratio", help: "Net profit divided by the largest drawdown." },
      { name: "sharpe_ratio", title: "Sharpe ratio", unit: "ratio", help: "Mean monthly return above the risk-free rate, for each unit of its variation." },
      { name: "sortino_ratio", title: "Sortino ratio", unit: "ratio", help: "As Sharpe, but only falls count as risk." },
      { name: "profit_factor", title: "Profit factor", unit: "ratio", help: "Gross profit divided by gross loss; above 1 earns money." },
      { name: "exposure_percent", title: "Time in the market", unit: "percent", help: "Share of the bars with an open position." },
      { name: "max_contracts_held", title: "Largest position", unit: "quantity" },
      { name: "margin_calls", title: "Margin calls", unit: "count", help: "Positions that the broker closed because the equity did not carry them." },
    ],
  },
  {
    title: "Trades",
    rows: [
      { name: "total_closed_trades", title: "Closed trades", unit: "count" },
      { name: "total_open_trades", title: "Open trades", unit: "count" },
      { name: "winning_trades", title: "Winning trades", unit: "count" },
      { name: "losing_trades", title: "Losing trades", unit: "count" },
      { name: "percent_profitable", title: "Winning share", unit: "percent" },
      { name: "average_trade", title: "Average trade", unit: "money", signed: true, percent: "average_trade_percent" },
      { name: "average_winning_trade", title: "Average winning trade", unit: "money", percent: "average_winning_trade_percent" },
      { name: "average_losing_trade", title: "Average losing trade", unit: "money", percent: "average_losing_trade_percent" },
      { name: "ratio_average_win_loss", title: "Average win to average loss", unit: "ratio" },
      { name: "largest_winning_trade", title: "Largest winning trade", unit: "money", percent: "largest_winning_trade_percent" },
      { name: "largest_losing_trade", title: "Largest losing trade", unit: "money", percent: "largest_losing_trade_percent" },
      { name: "average_bars_in_trades", title: "Average bars in a trade", unit: "bars", help: "Entry and exit bar both count." },
      { name: "average_bars_in_winning_trades", title: "Average bars in a winning trade", unit: "bars" },
      { name: "average_bars_in_losing_trades", title: "Average bars in a losing trade", unit: "bars" },
      { name: "trades_per_year", title: "Trades a year", unit: "ratio" },
    ],
  },
];

const kRows = new Map(kMetricGroups.flatMap((group) => group.rows).map((row) => [row.name, row]));

/** Title of any metric, known here or not. */
export function metricTitle(name: string): string {
  const row = kRows.get(name);
  if (row !== undefined) return row.title;
  const base = name.endsWith("_percent") ? kRows.get(name.slice(0, -"_percent".length)) : undefined;
  if (base !== undefined) return `${base.title}, %`;
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function formatMetric(row: MetricRow, value: number | null | undefined): string {
  switch (row.unit) {
    case "money":
      return row.signed === true ? formatSigned(value) : formatNumber(value);
    case "percent":
      return row.signed === true ? formatSignedPercent(value) : formatPercent(value);
    case "ratio":
      return formatNumber(value, 3);
    case "count":
      return formatInteger(value);
    case "bars":
      return formatNumber(value, 1);
    case "quantity":
      return formatPlain(value);
  }
}

/** A value of a metric that is only known by name, as in the columns of trials. */
export function formatMetricNamed(name: string, value: number | null | undefined): string {
  const row = kRows.get(name);
  if (row !== undefined) return formatMetric(row, value);
  if (name === "net_profit_percent") return formatSignedPercent(value);
  return name.endsWith("_percent") ? formatPercent(value) : formatNumber(value, 3);
}

/** `up`, `down` or nothing, for a signed value. */
export function tone(value: number | null | undefined): "up" | "down" | "" {
  if (value === null || value === undefined || value === 0) return "";
  return value > 0 ? "up" : "down";
}

/** Metrics that the server sends and this page has no row for: shown too, so that nothing is lost. */
export function otherMetrics(values: MetricValues): string[] {
  const percents = new Set([...kRows.values()].map((row) => row.percent));
  return Object.keys(values).filter(
    (name) => !kRows.has(name) && !percents.has(name) && (typeof values[name] === "number" || values[name] === null),
  );
}
