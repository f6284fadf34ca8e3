import type { EChartsCoreOption } from "echarts/core";
import type { ComparisonAnswer } from "../api/schema";
import { Chart } from "../ui/charts/Chart";
import { formatInteger, formatNumber, formatPercent, formatSignedPercent, formatTime, plural } from "../ui/format";
import { Tabs } from "../ui/Tabs";
import { type CompareView, updateData, useDataState } from "./address";
import { placesOf, returnPairs, seriesNames } from "./compare";

const kViews: readonly { id: CompareView; label: string }[] = [
  { id: "rebased", label: "From 100" },
  { id: "close", label: "Closes" },
  { id: "spread", label: "Spread" },
  { id: "ratio", label: "Ratio" },
  { id: "correlation", label: "Correlation" },
];

const kHeight = 380;
/** So many rows of a chart's table; more are in an export. */
const kTableRows = 500;

/** Series beside each other: a chart, and their figures. */
export function ComparisonView({ answer }: { answer: ComparisonAnswer }) {
  const { compareView: view } = useDataState();
  const names = seriesNames(answer);
  const lines = linesOf(answer, view);
  const undefinedReasons = [...answer.series, ...answer.pairs].flatMap(({ unknown_reason: reason }) => (reason === null ? [] : [reason]));
  const label = `${kViews.find(({ id }) => id === view)?.label ?? ""} of ${names.join(", ")}`;
  return (
    <div className="data-comparison">
      <header className="data-symbol-head">
        <p className="muted data-comparison-sum">
          {plural(answer.common_bars, "bar")} in common, joined by {answer.aligned_by === "time" ? "their time" : "their number"}, in {formatInteger(Math.max(1, answer.execution_time_ms))} ms
        </p>
        <Tabs label="Comparison" look="segments" items={kViews} chosen={view} onChoose={(compareView) => updateData({ compareView })} panel="data-comparison-panel" />
      </header>
      {answer.failed.map(({ symbol, message }) => (
        <p key={symbol} className="notice danger">
          {symbol}: {message}
        </p>
      ))}
      {[...new Set(undefinedReasons)].map((reason) => (
        <p key={reason} className="notice warning">
          {reason}
        </p>
      ))}
      <div id="data-comparison-panel" role="tabpanel" aria-labelledby={`data-comparison-panel-tab-${view}`} className="card">
        {answer.common_bars === 0 ? (
          <p className="data-empty">
            Bars are joined by the time they start. Daily bars of another time zone start at another time; compare what trades in the same one, or longer ranges.
          </p>
        ) : (
          <Chart
            key={view}
            label={label}
            height={kHeight}
            version={`${answer.query_id} ${view}`}
            option={() => (view === "correlation" ? scatterOption(answer, names) : lineOption(answer, lines))}
            table={<Figures answer={answer} lines={lines} />}
          />
        )}
      </div>
      <div className="table-scroll card">
        <table className="plain-table">
          <caption className="visually-hidden">Figures of each series</caption>
          <thead>
            <tr>
              <th scope="col">Series</th>
              <th scope="col" className="number">Bars</th>
              <th scope="col" className="number">Dropped</th>
              <th scope="col" className="number">Return</th>
              <th scope="col" className="number" title="Sample standard deviation of the log returns from bar to bar">Volatility a bar</th>
              <th scope="col" className="number">Largest drawdown</th>
              <th scope="col" className="number">Correlation</th>
              <th scope="col" className="number">Beta</th>
            </tr>
          </thead>
          <tbody>
            {answer.series.map((series, index) => {
              const pair = answer.pairs.find((each) => each.series === index);
              return (
                <tr key={names[index]}>
                  <th scope="row">{names[index]}</th>
                  <td className="number">{formatInteger(series.row_count)}</td>
                  <td className="number" title="Bars that the others do not have">{formatInteger(series.dropped)}</td>
                  <td className={`number ${tone(series.return_percent)}`}>{formatSignedPercent(series.return_percent)}</td>
                  <td className="number">{formatPercent(series.volatility_percent, 3)}</td>
                  <td className="number">{formatPercent(series.max_drawdown_percent)}</td>
                  <td className="number">{pair === undefined ? <span className="muted">against it</span> : formatNumber(pair.correlation, 4)}</td>
                  <td className="number">{pair === undefined ? "" : formatNumber(pair.beta, 4)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function tone(percent: number | null): string {
  return percent === null || percent === 0 ? "" : percent > 0 ? "up" : "down";
}

interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

function linesOf(answer: ComparisonAnswer, view: CompareView): Line[] {
  const names = seriesNames(answer);
  if (view === "spread" || view === "ratio") {
    return answer.pairs.map((pair) => {
      const [name, against] = [names[pair.series] ?? "", names[pair.against] ?? ""];
      return { name: view === "spread" ? `${name} − ${against}` : `${name} ÷ ${against}`, values: pair[view] };
    });
  }
  return answer.series.map((series, index) => ({ name: names[index] ?? "", values: view === "close" ? series.close : series.rebased }));
}

function lineOption(answer: ComparisonAnswer, lines: readonly Line[]): EChartsCoreOption {
  const places = placesOf(answer).map((place) => (typeof place === "number" ? String(place) : formatTime(place)));
  return {
    grid: { left: 56, right: 16, top: 36, bottom: 64 },
    legend: { top: 0, type: "scroll", right: 60 },
    tooltip: { trigger: "axis", valueFormatter: (value: unknown) => formatNumber(typeof value === "number" ? value : null, 4) },
    xAxis: { type: "category", data: places, boundaryGap: false, name: answer.time === null ? "bar" : "" },
    yAxis: { type: "value", scale: true },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 18, bottom: 12 }],
    series: lines.map(({ name, values }) => ({ type: "line", name, data: values, showSymbol: false, lineStyle: { width: 1.5 }, sampling: "lttb" })),
  };
}

function scatterOption(answer: ComparisonAnswer, names: readonly string[]): EChartsCoreOption {
  return {
    grid: { left: 56, right: 24, top: 36, bottom: 44 },
    legend: { top: 0, type: "scroll", right: 60 },
    tooltip: { trigger: "item", valueFormatter: (value: unknown) => formatPercent(typeof value === "number" ? value : null, 3) },
    xAxis: { type: "value", scale: true, name: `${names[0] ?? ""}, % a bar`, nameLocation: "middle", nameGap: 26 },
    yAxis: { type: "value", scale: true, name: "% a bar" },
    series: answer.pairs.map((pair) => ({
      type: "scatter",
      name: `${names[pair.series] ?? ""}: ${formatNumber(pair.correlation, 3)}`,
      data: returnPairs(answer.series[pair.against]?.close ?? [], answer.series[pair.series]?.close ?? []),
      symbolSize: 4,
      itemStyle: { opacity: 0.5 },
    })),
  };
}

function Figures({ answer, lines }: { answer: ComparisonAnswer; lines: readonly Line[] }) {
  const places = placesOf(answer);
  const from = Math.max(0, places.length - kTableRows);
  return (
    <table className="figures">
      {from > 0 && <caption>The newest {kTableRows} bars</caption>}
      <thead>
        <tr>
          <th scope="col">{answer.time === null ? "Bar" : "Time, UTC"}</th>
          {lines.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.slice(from).map((place, index) => (
          <tr key={place}>
            <th scope="row">{typeof place === "number" ? place : formatTime(place)}</th>
            {lines.map(({ name, values }) => (
              <td key={name}>{formatNumber(values[from + index], 4)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
