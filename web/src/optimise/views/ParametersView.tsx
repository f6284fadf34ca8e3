import { useMemo, useState } from "react";
import { variedParameters } from "../../heatmap/heatMap";
import type { TrialContext } from "../../jobs/trialContext";
import { formatValue } from "../../jobs/values";
import { Chart } from "../../ui/charts/Chart";
import { formatInteger, formatNumber, formatPercent } from "../../ui/format";
import { type Importance, importances, ordered } from "./importance";
import { parallelLines } from "./parallel";
import "../../ui/place.css";
import "./views.css";

const kLinesMax = 300;
const kRowsMax = 50;

/** Which parameters matter, where their good values lie, and how the best trials run through all of them. */
export function ParametersView(context: TrialContext) {
  const found = useMemo(() => importances(context.results.trials), [context.results.trials]);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = found.find(({ parameter }) => parameter === chosen) ?? found[0];
  if (shown === undefined) return <p className="tab-empty">No parameter varied among trials that have a value.</p>;
  return (
    <div className="trial-view" tabIndex={0} role="region" aria-label="Parameters">
      <div className="trial-view-pair">
        <ImportanceChart found={found} context={context} onChoose={setChosen} />
        <MeansChart of={shown} found={found} context={context} onChoose={setChosen} />
      </div>
      <ParallelChart context={context} />
    </div>
  );
}

interface PartProps {
  found: readonly Importance[];
  context: TrialContext;
  onChoose: (parameter: string) => void;
}

function ImportanceChart({ found, context: { titleOf, objectiveTitle, results }, onChoose }: PartProps) {
  return (
    <section className="section" aria-label="Importance">
      <h3 className="section-title">Importance</h3>
      <Chart
        label={`Share of the variation of ${objectiveTitle} that each parameter explains by itself`}
        version={found}
        height={Math.max(150, 54 + found.length * 30)}
        option={(palette) => ({
          grid: { left: 8, right: 48, top: 30, bottom: 4, containLabel: true },
          tooltip: { trigger: "item", formatter: ({ name, value }: { name: string; value: number }) => `${name}: ${formatPercent(value, 1)}` },
          xAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
          yAxis: { type: "category", inverse: true, data: found.map(({ parameter }) => titleOf(parameter)), axisTick: { show: false } },
          series: [
            {
              type: "bar",
              barMaxWidth: 16,
              data: found.map(({ share }) => 100 * share),
              itemStyle: { color: palette.strategy, borderRadius: 2 },
              label: { show: true, position: "right", color: palette.label, formatter: ({ value }: { value: number }) => formatPercent(value, 0) },
            },
          ],
        })}
        onClick={({ dataIndex }) => {
          const parameter = found[dataIndex]?.parameter;
          if (parameter !== undefined) onChoose(parameter);
        }}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Parameter</th>
                <th scope="col" className="number">
                  Importance
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map(({ parameter, share }) => (
                <tr key={parameter}>
                  <th scope="row">{titleOf(parameter)}</th>
                  <td className="number">{formatPercent(100 * share, 1)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
      <p className="muted">
        Variance explained by binned means: how much of what differs between trials in {objectiveTitle.toLowerCase()} goes with this parameter
        alone, less what chance would show. What acts only together with others is not in it
        {kLearning.has(results.sampler) ? "; a sampler that learns tried good values more often, which makes it less certain" : ""}.
      </p>
    </section>
  );
}

const kLearning = new Set(["tpe", "cmaes", "differential_evolution", "particle_swarm", "genetic", "nsga2", "successive_halving", "hyperband"]);

function MeansChart({ of, found, context: { titleOf, objectiveTitle }, onChoose }: PartProps & { of: Importance }) {
  const bins = ordered(of.bins);
  return (
    <section className="section" aria-label="Means">
      <div className="section-head">
        <h3 className="section-title trial-view-title">Mean {objectiveTitle.toLowerCase()} by</h3>
        <select className="control trial-view-choice" aria-label="Parameter" value={of.parameter} onChange={(event) => onChoose(event.target.value)}>
          {found.map(({ parameter }) => (
            <option key={parameter} value={parameter}>
              {titleOf(parameter)}
            </option>
          ))}
        </select>
      </div>
      <Chart
        label={`Mean ${objectiveTitle} by ${titleOf(of.parameter)}`}
        version={of}
        height={220}
        option={(palette) => ({
          grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
          tooltip: {
            trigger: "item",
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const bin = bins[dataIndex];
              return bin === undefined ? "" : `${bin.label}: ${formatNumber(bin.mean, 4)}, ${formatInteger(bin.count)} trials`;
            },
          },
          xAxis: { type: "category", data: bins.map(({ label }) => label.replace(/ to below.*| and above/, "")), axisTick: { show: false } },
          yAxis: { type: "value", scale: true },
          series: [{ type: "line", symbol: "circle", symbolSize: 8, data: bins.map(({ mean }) => mean), lineStyle: { color: palette.strategy }, itemStyle: { color: palette.strategy } }],
        })}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{titleOf(of.parameter)}</th>
                <th scope="col" className="number">
                  Mean {objectiveTitle}
                </th>
                <th scope="col" className="number">
                  Trials
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map(({ label, mean, count }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td className="number">{formatNumber(mean, 4)}</td>
                  <td className="number">{formatInteger(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
    </section>
  );
}

function ParallelChart({ context }: { context: TrialContext }) {
  const { results, objectiveTitle, titleOf, lowerIsBetter, onChoose } = context;
  const { trials } = results;
  const names = useMemo(() => variedParameters(trials), [trials]);
  const { axes, lines } = useMemo(() => parallelLines(trials, names, lowerIsBetter, kLinesMax), [trials, names, lowerIsBetter]);
  const values = lines.map(({ objective }) => objective);
  return (
    <section className="section" aria-label="Parallel coordinates">
      <h3 className="section-title">
        Parallel coordinates of {lines.length < trials.count ? `the best ${formatInteger(lines.length)} trials` : `all ${formatInteger(lines.length)} trials`}
      </h3>
      <Chart
        label={`Trials across their parameters, coloured by ${objectiveTitle}`}
        version={lines}
        height={340}
        option={(palette) => ({
          parallel: { left: 48, right: 72, top: 52, bottom: 24, parallelAxisDefault: { nameGap: 14, nameTextStyle: { color: palette.label }, axisLabel: { backgroundColor: palette.surface, padding: [1, 3] } } },
          parallelAxis: [
            ...axes.map(({ name, categories }, dim) =>
              categories === null
                ? { dim, name: titleOf(name), type: "value", scale: true }
                : { dim, name: titleOf(name), type: "category", data: categories },
            ),
            { dim: axes.length, name: objectiveTitle, type: "value", scale: true },
          ],
          visualMap: {
            show: false,
            dimension: axes.length,
            min: Math.min(...values),
            max: Math.max(...values),
            inRange: { color: lowerIsBetter ? [palette.strategy, palette.line] : [palette.line, palette.strategy] },
          },
          series: [{ type: "parallel", lineStyle: { width: 1.5, opacity: 0.5 }, smooth: false, data: lines.map((line) => line.values) }],
        })}
        onClick={({ dataIndex }) => {
          const row = lines[dataIndex]?.row;
          if (row !== undefined) onChoose(row);
        }}
        table={
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Trial</th>
                {names.map((name) => (
                  <th scope="col" className="number" key={name}>
                    {titleOf(name)}
                  </th>
                ))}
                <th scope="col" className="number">
                  {objectiveTitle}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines
                .toReversed()
                .slice(0, kRowsMax)
                .map(({ row, objective }) => (
                  <tr key={row}>
                    <th scope="row">{formatInteger(trials.index[row])}</th>
                    {names.map((name) => (
                      <td className="number" key={name}>
                        {formatValue(trials.parameters[name]?.[row])}
                      </td>
                    ))}
                    <td className="number">{formatNumber(objective, 4)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        }
      />
    </section>
  );
}
