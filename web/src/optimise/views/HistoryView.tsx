import { useMemo } from "react";
import type { TrialContext } from "../../jobs/trialContext";
import { formatValue } from "../../jobs/values";
import { Chart } from "../../ui/charts/Chart";
import { formatInteger, formatNumber } from "../../ui/format";
import { chosenPoint } from "./chosenPoint";
import { improvements } from "./history";
import "../../ui/place.css";
import "./views.css";

/** Every trial in its order, and the line of the best so far: whether the search was still finding better ones. */
export function HistoryView({ results, objectiveTitle, titleOf, lowerIsBetter, chosen, onChoose }: TrialContext) {
  const { trials } = results;
  const steps = useMemo(() => improvements(trials, lowerIsBetter), [trials, lowerIsBetter]);
  const points = useMemo(
    () => trials.index.map((trial, row) => [trial, trials.objective[row] ?? null, row]).filter(([, value]) => value !== null),
    [trials],
  );
  const last = steps.at(-1);
  const names = Object.keys(trials.parameters);
  if (last === undefined) return <p className="tab-empty">No trial has a value of the objective.</p>;
  return (
    <div className="trial-view" tabIndex={0} role="region" aria-label="History of the search">
      <p className="trial-view-note">
        {objectiveTitle} in sample: {formatInteger(steps.length)} of {formatInteger(points.length)} {points.length < results.trials_tried ? "listed trials" : "trials"} were better
        than all before them; the last at trial {formatInteger(last.trial)}, the best of{" "}
        {formatInteger(results.trials_tried)}.
      </p>
      <Chart
        label={`${objectiveTitle} of each trial, and the best so far`}
        version={`${results.job_id} ${String(chosen)}`}
        height={420}
        option={(palette) => ({
          grid: { left: 8, right: 16, top: 34, bottom: 26, containLabel: true },
          legend: { top: 4, right: 72, data: ["Trials", "Best so far"] },
          tooltip: { trigger: "item" },
          xAxis: { type: "value", name: "Trial", nameLocation: "middle", nameGap: 26, min: 0, max: "dataMax", axisLine: { onZero: false } },
          yAxis: { type: "value", scale: true },
          series: [
            {
              name: "Trials",
              type: "scatter",
              data: points,
              symbolSize: points.length > 2000 ? 3 : 6,
              itemStyle: { color: palette.hold, opacity: 0.55 },
              tooltip: {
                formatter: ({ data: [trial, value] }: { data: number[] }) => `Trial ${formatInteger(trial)}: ${formatNumber(value, 4)}`,
              },
            },
            {
              name: "Best so far",
              type: "line",
              step: "end",
              symbolSize: 7,
              data: [
                ...steps.map(({ trial, objective, row }) => [trial, objective, row]),
                [Math.max(...trials.index), last.objective, last.row],
              ],
              lineStyle: { color: palette.strategy, width: 2 },
              itemStyle: { color: palette.strategy },
              tooltip: {
                formatter: ({ data: [trial, value] }: { data: number[] }) => `Best up to ${formatInteger(trial)}: ${formatNumber(value, 4)}`,
              },
            },
            chosenPoint(palette, chosen === null ? null : [trials.index[chosen] ?? null, trials.objective[chosen] ?? null, chosen]),
          ],
        })}
        onClick={({ data }) => {
          const row = Array.isArray(data) ? data[2] : undefined;
          if (typeof row === "number") onChoose(row);
        }}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Trial</th>
                <th scope="col" className="number">
                  {objectiveTitle}
                </th>
                {names.map((name) => (
                  <th scope="col" className="number" key={name}>
                    {titleOf(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {steps.toReversed().map(({ trial, objective, row }) => (
                <tr key={trial}>
                  <th scope="row">{formatInteger(trial)}</th>
                  <td className="number">{formatNumber(objective, 4)}</td>
                  {names.map((name) => (
                    <td className="number" key={name}>
                      {formatValue(trials.parameters[name]?.[row])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
    </div>
  );
}
