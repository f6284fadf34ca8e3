import type { EChartsCoreOption } from "echarts/core";
import type { Palette } from "../chart/palette";
import type { HealthTrend, TrendPoint } from "../api/schema";
import { Chart } from "../ui/charts/Chart";
import { formatSignedPercent, formatTime, sentenceName } from "../ui/format";
import { Skeleton } from "../ui/Skeleton";
import { useTrend } from "./monitorApi";
import type { Range } from "./monitorState";
import { kRangeFacts, trendLines } from "./trendSeries";
import { formatWithUnit } from "./values";

const kHeight = 168;

/** One number over the range, and how the last day was beside the week before. */
export function TrendCard({ trend, range }: { trend: HealthTrend; range: Range }) {
  const query = useTrend(trend.name, range);
  const points = query.data?.trend?.points ?? [];
  const last = points.at(-1);
  return (
    <article className="card monitor-trend" data-trend={trend.name} aria-label={sentenceName(trend.what)}>
      <header>
        <h4 title={sentenceName(trend.what)}>{sentenceName(trend.what)}</h4>
        <p className="monitor-trend-now numbers">{last === undefined ? "" : formatWithUnit(last.mean, trend.unit)}</p>
        <Compared trend={trend} />
      </header>
      <div className="monitor-trend-chart" style={{ minHeight: kHeight }}>
        {query.data === undefined && query.error === null && <Skeleton lines={4} />}
        {query.data === undefined && query.error !== null && <p className="muted">Could not be loaded: {query.error.message}</p>}
        {query.data !== undefined && points.length === 0 && <Nothing range={range} />}
        {query.data !== undefined && points.length > 0 && (
          <Chart
            label={`${sentenceName(trend.what)}, ${kRangeFacts[range].title.toLowerCase()}`}
            option={(palette) => option(palette, points, trend.unit, range, query.data.from, query.data.to)}
            version={query.data}
            table={<Table points={points} unit={trend.unit} />}
            height={kHeight}
          />
        )}
      </div>
    </article>
  );
}

function Nothing({ range }: { range: Range }) {
  return (
    <p className="muted monitor-nothing">
      Nothing was measured in this time. {kRangeFacts[range].resolution === "hour" ? "A point comes with each full hour." : "A point comes with each full minute."}
    </p>
  );
}

function Compared({ trend }: { trend: HealthTrend }) {
  const { last_day: day, week_before: week, change, is_regression: worse } = trend.comparison;
  if (day === null || week === null) {
    return <p className="muted monitor-compared">Not compared yet: that takes a week of hours</p>;
  }
  return (
    <p className="muted monitor-compared numbers">
      Last day {formatWithUnit(day, trend.unit)}, week before {formatWithUnit(week, trend.unit)}
      {change !== null && ` (${formatSignedPercent(change * 100, 0)})`} {worse && <span className="badge danger">Worse</span>}
    </p>
  );
}

function option(palette: Palette, points: readonly TrendPoint[], unit: string, range: Range, from: number, to: number): EChartsCoreOption {
  const lines = trendLines(points, kRangeFacts[range].resolution);
  const quiet = { type: "line", symbol: "none", stack: "band", lineStyle: { width: 0 }, silent: true, tooltip: { show: false } };
  return {
    useUTC: true,
    grid: { left: 4, right: 12, top: 10, bottom: 2, containLabel: true },
    xAxis: { type: "time", min: from, max: to, splitLine: { show: false }, axisLabel: { hideOverlap: true, formatter: kRangeFacts[range].resolution === "minute" ? "{HH}:{mm}" : "{MM}-{dd}" } },
    yAxis: { type: "value", scale: unit === "bytes", splitNumber: 3, axisLabel: { formatter: (value: number) => formatWithUnit(value, unit) } },
    tooltip: {
      trigger: "axis",
      formatter: (shown: { dataIndex: number; seriesIndex: number }[]) => {
        const at = lines.mean[shown.find((each) => each.seriesIndex === 2)?.dataIndex ?? -1]?.[0];
        const point = points.find((each) => Date.parse(each.at) === at);
        if (point === undefined) return "";
        return [
          `${formatTime(point.at)} UTC`,
          `<strong>${formatWithUnit(point.mean, unit)}</strong>`,
          `${formatWithUnit(point.minimum, unit)} to ${formatWithUnit(point.maximum, unit)}`,
        ].join("<br>");
      },
    },
    series: [
      { ...quiet, data: lines.minimum },
      { ...quiet, data: lines.spread, areaStyle: { color: palette.strategySoft } },
      {
        type: "line",
        // A single point has no line to be seen by.
        symbol: points.length === 1 ? "circle" : "none",
        data: lines.mean,
        lineStyle: { width: 1.5, color: palette.strategy },
        itemStyle: { color: palette.strategy },
      },
    ],
  };
}

function Table({ points, unit }: { points: readonly TrendPoint[]; unit: string }) {
  return (
    <table className="plain-table numbers">
      <thead>
        <tr>
          <th scope="col">Time, UTC</th>
          <th scope="col" className="number">Lowest</th>
          <th scope="col" className="number">Mean</th>
          <th scope="col" className="number">Highest</th>
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map((point) => (
          <tr key={point.at}>
            <td>{formatTime(point.at)}</td>
            <td className="number">{formatWithUnit(point.minimum, unit)}</td>
            <td className="number">{formatWithUnit(point.mean, unit)}</td>
            <td className="number">{formatWithUnit(point.maximum, unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
