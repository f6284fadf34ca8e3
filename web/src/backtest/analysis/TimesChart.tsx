import { Chart } from "../../ui/charts/Chart";
import { formatInteger, formatPercent, formatSigned, kNone } from "../../ui/format";
import { tone } from "../metrics";
import type { Share } from "./distribution";

interface TimesChartProps {
  title: string;
  /** What the first column of the table is. */
  first: string;
  shares: readonly Share[];
  currency: string;
}

/** What trades made, by when they began. */
export function TimesChart({ title, first, shares, currency }: TimesChartProps) {
  return (
    <section className="section" aria-label={title}>
      <h3 className="section-title">
        {title}: profit, {currency}
      </h3>
      <Chart
        label={`${title}: profit, ${currency}`}
        version={shares}
        height={220}
        option={(palette) => ({
          grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
          tooltip: {
            trigger: "item",
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const share = shares[dataIndex];
              return share === undefined ? "" : `${share.label}: ${formatSigned(share.profit)} of ${formatInteger(share.count)} trades`;
            },
          },
          xAxis: { type: "category", data: shares.map(({ label }) => label), axisTick: { show: false } },
          yAxis: { type: "value" },
          series: [
            {
              type: "bar",
              barMaxWidth: 40,
              data: shares.map(({ profit }) => ({ value: profit, itemStyle: { color: profit < 0 ? palette.down : palette.up, borderRadius: 2 } })),
            },
          ],
        })}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{first}</th>
                <th scope="col" className="number">
                  Trades
                </th>
                <th scope="col" className="number">
                  Won
                </th>
                <th scope="col" className="number">
                  Profit, {currency}
                </th>
              </tr>
            </thead>
            <tbody>
              {shares.map(({ label, count, won, profit }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td className="number">{formatInteger(count)}</td>
                  <td className="number">{count === 0 ? kNone : formatPercent((100 * won) / count, 0)}</td>
                  <td className={`number ${tone(profit)}`}>{count === 0 ? kNone : formatSigned(profit)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
    </section>
  );
}
