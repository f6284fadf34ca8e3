import { useMemo, useState } from "react";
import { useObjectives } from "../../api/queries";
import type { OptimizeResults } from "../../api/types";
import { formatMetricNamed, metricTitle } from "../../backtest/metrics";
import type { TrialContext } from "../../jobs/trialContext";
import { formatValue } from "../../jobs/values";
import { Chart } from "../../ui/charts/Chart";
import { formatInteger, plural } from "../../ui/format";
import { chosenPoint } from "./chosenPoint";
import { type Measure, paretoFront } from "./front";
import "../../ui/place.css";
import "./views.css";

/** What a search was for, then what else is known of its trials. */
function measureNames({ objective, objectives, trials }: OptimizeResults): string[] {
  return [...new Set([...(objectives ?? [objective]), ...Object.keys(trials.metrics)])];
}

function valuesOf({ objective, trials }: OptimizeResults, name: string): readonly (number | null)[] {
  return trials.objectives?.[name] ?? (name === objective ? trials.objective : (trials.metrics[name] ?? []));
}

/** Two measures against each other: the front has the trials that no other beats in both. */
export function FrontView({ results, titleOf, chosen, onChoose }: TrialContext) {
  const objectives = useObjectives();
  const names = useMemo(() => measureNames(results), [results]);
  const [first, setFirst] = useState(names[0] ?? "");
  const [second, setSecond] = useState(() => names.find((name) => name !== names[0] && (results.objectives?.includes(name) ?? name === "max_drawdown_percent")) ?? names[1] ?? "");
  const known = objectives.data;
  const [x, y] = useMemo(() => {
    const measure = (name: string): Measure => ({
      values: valuesOf(results, name),
      lowerIsBetter: known?.find((each) => each.name === name)?.maximise === false || /drawdown|loss/.test(name),
    });
    return [measure(first), measure(second)];
  }, [results, known, first, second]);
  const front = useMemo(() => paretoFront(x, y), [x, y]);
  const titleFor = (name: string) => known?.find((each) => each.name === name)?.title ?? metricTitle(name);
  const points = x.values.flatMap((value, row) => {
    const other = y.values[row] ?? null;
    return value === null || other === null ? [] : [[value, other, row]];
  });
  const options = names.map((name) => (
    <option key={name} value={name}>
      {titleFor(name)}
    </option>
  ));
  const parameters = Object.keys(results.trials.parameters);
  const table = (
    <table className="plain-table">
      <caption className="visually-hidden">The Pareto front</caption>
      <thead>
        <tr>
          <th scope="col">Trial</th>
          <th scope="col" className="number">
            {titleFor(first)}
          </th>
          <th scope="col" className="number">
            {titleFor(second)}
          </th>
          {parameters.map((name) => (
            <th scope="col" className="number" key={name}>
              {titleOf(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {front.map((row) => (
          <tr key={row} data-chosen={row === chosen || undefined}>
            <th scope="row">
              <button type="button" className="button quiet small" aria-pressed={row === chosen} onClick={() => onChoose(row)}>
                Trial {formatInteger(results.trials.index[row])}
              </button>
            </th>
            <td className="number">{formatMetricNamed(first, x.values[row])}</td>
            <td className="number">{formatMetricNamed(second, y.values[row])}</td>
            {parameters.map((name) => (
              <td className="number" key={name}>
                {formatValue(results.trials.parameters[name]?.[row])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <div className="trial-view" tabIndex={0} role="region" aria-label="Trade-offs">
      <div className="trial-view-controls">
        <label>
          Across
          <select className="control" value={first} onChange={(event) => setFirst(event.target.value)}>
            {options}
          </select>
        </label>
        <label>
          Up
          <select className="control" value={second} onChange={(event) => setSecond(event.target.value)}>
            {options}
          </select>
        </label>
        <p className="muted">
          {plural(front.length, "trial")} of {formatInteger(points.length)} that no other beats in both
          {(results.objectives?.length ?? 0) > 2 && results.pareto_front
            ? `; ${formatInteger(results.pareto_front.length)} that none beats in all ${formatInteger(results.objectives?.length)} objectives`
            : ""}
          . In sample{y.lowerIsBetter ? `; of ${titleFor(second).toLowerCase()} less is better` : ""}.
        </p>
      </div>
      <Chart
        label={`${titleFor(first)} against ${titleFor(second)}, with the Pareto front`}
        version={points.length + first + second + String(chosen)}
        height={380}
        option={(palette) => ({
          grid: { left: 8, right: 24, top: 34, bottom: 26, containLabel: true },
          legend: { top: 4, right: 72, data: ["Trials", "Pareto front"] },
          tooltip: {
            trigger: "item",
            formatter: ({ data }: { data: number[] }) =>
              `Trial ${formatInteger(results.trials.index[data[2] ?? 0])}: ${formatMetricNamed(first, data[0])}, ${formatMetricNamed(second, data[1])}`,
          },
          xAxis: { type: "value", scale: true, name: titleFor(first), nameLocation: "middle", nameGap: 26, axisLine: { onZero: false } },
          yAxis: { type: "value", scale: true, axisLine: { onZero: false } },
          series: [
            { name: "Trials", type: "scatter", data: points, symbolSize: points.length > 2000 ? 3 : 6, itemStyle: { color: palette.hold, opacity: 0.5 } },
            {
              name: "Pareto front",
              type: "line",
              data: front.map((row) => [x.values[row], y.values[row], row]),
              symbol: "circle",
              symbolSize: 9,
              lineStyle: { color: palette.strategy, type: "dashed", width: 1.5 },
              itemStyle: { color: palette.strategy },
            },
            chosenPoint(palette, chosen === null ? null : [x.values[chosen] ?? null, y.values[chosen] ?? null, chosen]),
          ],
        })}
        onClick={({ data }) => {
          const row = Array.isArray(data) ? data[2] : undefined;
          if (typeof row === "number") onChoose(row);
        }}
        table={table}
      />
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Trials of the front">
        {table}
      </div>
    </div>
  );
}
