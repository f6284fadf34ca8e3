import { type ReactNode, useMemo } from "react";
import type { Trade } from "../../api/types";
import { Chart } from "../../ui/charts/Chart";
import { formatInteger, formatNumber, formatPlain, formatSigned, formatSignedPercent } from "../../ui/format";
import { durationHours, histogram, type HistogramBin } from "./distribution";

/** Longer trades than this are counted in days. */
const kDaysFromHours = 72;
const kRowsMax = 200;

/** How much trades made, how long they lasted, and how far they ran for and against the position. */
export function Distributions({ trades, currency }: { trades: readonly Trade[]; currency: string }) {
  const profits = useMemo(() => histogram(trades.flatMap((trade) => trade.profit_percent ?? [])), [trades]);
  const hours = useMemo(() => trades.flatMap((trade) => durationHours(trade) ?? []), [trades]);
  const middle = hours.toSorted((a, b) => a - b)[Math.floor(hours.length / 2)] ?? 0;
  const inDays = middle > kDaysFromHours;
  const durations = useMemo(() => histogram(hours.map((value) => (inDays ? value / 24 : value))), [hours, inDays]);
  return (
    <div className="analysis-pair">
      <HistogramChart title="Profit of a trade, %" bins={profits} unit="%" signed />
      <HistogramChart title={`Length of a trade, ${inDays ? "days" : "hours"}`} bins={durations} unit={inDays ? " d" : " h"} />
      <ExcursionChart title={`Against the position (MAE), ${currency}`} trades={trades} of={(trade) => trade.drawdown} currency={currency}>
        The largest open loss of each trade against what it made: losers that were never far under water could be stopped sooner.
      </ExcursionChart>
      <ExcursionChart title={`For the position (MFE), ${currency}`} trades={trades} of={(trade) => trade.run_up} currency={currency}>
        The largest open profit of each trade against what it made: far right and low, profit was given back.
      </ExcursionChart>
    </div>
  );
}

interface HistogramProps {
  title: string;
  bins: readonly HistogramBin[];
  unit: string;
  /** Losses and gains in their colours. */
  signed?: boolean;
}

function HistogramChart({ title, bins, unit, signed = false }: HistogramProps) {
  const name = ({ from, to }: HistogramBin) => `${formatPlain(from)} to ${formatPlain(to)}${unit}`;
  return (
    <section className="section" aria-label={title}>
      <h3 className="section-title">{title}</h3>
      <Chart
        label={`Histogram: ${title}`}
        version={bins}
        height={210}
        option={(palette) => ({
          grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
          tooltip: {
            trigger: "item",
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const bin = bins[dataIndex];
              return bin === undefined ? "" : `${name(bin)}: ${formatInteger(bin.count)} trades`;
            },
          },
          xAxis: { type: "category", data: bins.map(({ from }) => formatPlain(from)), axisTick: { show: false } },
          yAxis: { type: "value", minInterval: 1, name: "Trades", nameTextStyle: { align: "left" } },
          series: [
            {
              type: "bar",
              barCategoryGap: "8%",
              data: bins.map(({ count, from, to }) => ({
                value: count,
                itemStyle: { color: signed ? (to <= 0 ? palette.down : from >= 0 ? palette.up : palette.hold) : palette.strategy },
              })),
            },
          ],
        })}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{title}</th>
                <th scope="col" className="number">
                  Trades
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map((bin) => (
                <tr key={bin.from}>
                  <th scope="row">{name(bin)}</th>
                  <td className="number">{formatInteger(bin.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
    </section>
  );
}

interface ExcursionProps {
  title: string;
  trades: readonly Trade[];
  of: (trade: Trade) => number;
  currency: string;
  children: ReactNode;
}

function ExcursionChart({ title, trades, of, currency, children }: ExcursionProps) {
  const points = (won: boolean) => trades.filter((trade) => trade.profit > 0 === won).map((trade) => [Math.abs(of(trade)), trade.profit, trade.number]);
  return (
    <section className="section" aria-label={title}>
      <h3 className="section-title">{title}</h3>
      <Chart
        label={`${title} against profit, a point a trade`}
        version={trades}
        height={230}
        option={(palette) => {
          const series = (name: string, won: boolean, color: string) => ({
            name,
            type: "scatter",
            symbolSize: 6,
            data: points(won),
            itemStyle: { color, opacity: 0.7 },
          });
          return {
            grid: { left: 8, right: 16, top: 34, bottom: 4, containLabel: true },
            legend: { top: 4, left: 8, data: ["Won", "Lost"] },
            tooltip: {
              trigger: "item",
              formatter: ({ data: [excursion, profit, number] }: { data: number[] }) =>
                `Trade ${formatInteger(number)}: ${formatNumber(excursion)}, made ${formatSigned(profit)} ${currency}`,
            },
            xAxis: { type: "value", scale: true },
            yAxis: { type: "value", scale: true },
            series: [series("Won", true, palette.up), series("Lost", false, palette.down)],
          };
        }}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Trade</th>
                <th scope="col" className="number">
                  {title}
                </th>
                <th scope="col" className="number">
                  Profit, {currency}
                </th>
                <th scope="col" className="number">
                  Profit, %
                </th>
              </tr>
            </thead>
            <tbody>
              {trades.slice(0, kRowsMax).map((trade) => (
                <tr key={trade.number}>
                  <th scope="row">{formatInteger(trade.number)}</th>
                  <td className="number">{formatNumber(of(trade))}</td>
                  <td className="number">{formatSigned(trade.profit)}</td>
                  <td className="number">{formatSignedPercent(trade.profit_percent)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
      <p className="muted analysis-note">{children}</p>
    </section>
  );
}
