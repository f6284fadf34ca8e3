import type { BacktestResult, EquityCurve } from "../../api/types";
import { kOwnScript, kOwnScriptName } from "../../strategy/ownScript";
import type { PageState } from "../../state/url";
import { usePageState } from "../../state/usePageState";
import { Chart } from "../../ui/charts/Chart";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { formatNumber, formatSignedPercent, formatTime, sentenceName, spacedName } from "../../ui/format";
import { formatMetric, kMetricGroups, type MetricRow, tone } from "../metrics";
import { pinOf, pinRun } from "../pin";
import { usePinned } from "./usePinned";
import "../../ui/place.css";
import "../../chart/chart.css";
import "./compare.css";

/** The pinned run and the one that is shown, side by side. */
export function Comparison({ result, script, currency }: { result: BacktestResult; script: string; currency: string }) {
  const page = usePageState();
  const pinned = usePinned(page.pin);
  if (pinned.error !== null) {
    return (
      <div className="results-message">
        <Failure error={pinned.error} what="The pinned run could not be made again" onRetry={pinned.refetch} />
      </div>
    );
  }
  const { result: before } = pinned;
  if (before === undefined) {
    return (
      <div className="results-message">
        <Skeleton lines={7} />
      </div>
    );
  }
  const same = page.pin === pinOf(page) && (pinned.script === null || pinned.script === script);
  return (
    <div className="compare">
      {same && <p className="notice">Both are the same run. Change an input, the strategy or the instrument, and run again to compare.</p>}
      <div className="compare-runs">
        <RunName title="Pinned" swatch="swatch-unseen" page={pinned.page} />
        <RunName title="Shown" swatch="swatch-strategy" page={page} />
        <button type="button" className="button small" onClick={() => pinRun(page, script)} disabled={same}>
          Pin the shown one instead
        </button>
      </div>
      <EquityPair pinned={before.equity} shown={result.equity} />
      <div className="compare-metrics" tabIndex={0} role="region" aria-label="Metrics of both runs">
        {kMetricGroups.map(({ title, rows }) => (
          <Metrics key={title} title={title} rows={rows} pinned={before} shown={result} currency={currency} />
        ))}
      </div>
    </div>
  );
}

function RunName({ title, swatch, page }: { title: string; swatch: string; page: PageState }) {
  const values = [...Object.entries(page.inputs), ...Object.entries(page.properties)].map(([name, value]) => `${sentenceName(name)} ${value}`);
  const period = page.from === "" && page.to === "" ? "" : ` ${page.from || "…"} to ${page.to || "…"}`;
  return (
    <p className="compare-run">
      <span className={`swatch ${swatch}`} />
      <strong>{title}</strong> {page.strategy === kOwnScript ? kOwnScriptName : spacedName(page.strategy ?? "")}, {page.symbol} {page.timeframe}
      {period}
      <span className="muted">{values.length === 0 ? "defaults" : values.join(", ")}</span>
    </p>
  );
}

/** Percent since the first point, so that different capitals compare. */
function growth({ time, equity }: EquityCurve): (readonly [number, number])[] {
  const first = equity[0] ?? 0;
  return first > 0 ? equity.map((value, index) => [Date.parse(time[index] ?? ""), (value / first - 1) * 100] as const) : [];
}

function EquityPair({ pinned, shown }: { pinned: EquityCurve; shown: EquityCurve }) {
  const series = [
    { name: "Pinned", data: growth(pinned) },
    { name: "Shown", data: growth(shown) },
  ];
  return (
    <Chart
      label="Growth of the equity of both runs, percent"
      version={`${pinned.time.length} ${pinned.equity.at(-1)} ${shown.time.length} ${shown.equity.at(-1)}`}
      height={260}
      option={(palette) => ({
        color: [palette.unseen, palette.strategy],
        grid: { left: 8, right: 16, top: 34, bottom: 4, containLabel: true },
        legend: { top: 4, left: 8 },
        tooltip: {
          trigger: "axis",
          valueFormatter: (value: unknown) => (typeof value === "number" ? formatSignedPercent(value, 1) : ""),
        },
        xAxis: { type: "time" },
        yAxis: { type: "value", scale: true, axisLabel: { formatter: "{value}%" } },
        series: series.map(({ name, data }) => ({ name, type: "line", showSymbol: false, sampling: "lttb", lineStyle: { width: 1.5 }, data })),
      })}
      table={
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">From, UTC</th>
              <th scope="col">To, UTC</th>
              <th scope="col" className="number">
                Growth
              </th>
              <th scope="col" className="number">
                Lowest
              </th>
              <th scope="col" className="number">
                Highest
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map(({ name, data }) => {
              const values = data.map(([, value]) => value);
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{formatTime(data[0]?.[0])}</td>
                  <td>{formatTime(data.at(-1)?.[0])}</td>
                  <td className="number">{formatSignedPercent(values.at(-1), 1)}</td>
                  <td className="number">{formatSignedPercent(values.reduce((least, value) => Math.min(least, value), Infinity), 1)}</td>
                  <td className="number">{formatSignedPercent(values.reduce((most, value) => Math.max(most, value), -Infinity), 1)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      }
    />
  );
}

interface MetricsProps {
  title: string;
  rows: readonly MetricRow[];
  pinned: BacktestResult;
  shown: BacktestResult;
  currency: string;
}

function Metrics({ title, rows, pinned, shown, currency }: MetricsProps) {
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">
            {title}
            {title === "Return" && `, ${currency}`}
          </th>
          <th scope="col">Pinned</th>
          <th scope="col">Shown</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const before = pinned.metrics[row.name];
          const after = shown.metrics[row.name];
          const known = typeof before === "number" && typeof after === "number";
          return (
            <tr key={row.name}>
              <th scope="row" title={row.help}>
                {row.title}
              </th>
              <td>{formatMetric(row, before)}</td>
              <td>{formatMetric(row, after)}</td>
              <td className={row.signed === true && known ? tone(after - before) : "muted"}>{known ? difference(row, after - before) : ""}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function difference(row: MetricRow, value: number): string {
  if (value === 0 || formatNumber(value, 3) === formatNumber(0, 3)) return "same";
  const text = formatMetric(row, value);
  return value > 0 && !text.startsWith("+") ? `+${text}` : text;
}
