import { useMemo, useState } from "react";
import { formatMetricNamed, metricTitle } from "../backtest/metrics";
import { useTheme } from "../state/theme";
import { formatNumber } from "../ui/format";
import { colorScale, cssGradient } from "./colorScale";
import { buildHeatMap, type Gathering, variedParameters } from "./heatMap";
import { HeatMapGrid } from "./HeatMapGrid";
import type { TrialContext } from "../jobs/trialContext";
import "./heatmap.css";

/** Two parameters against each other: where the good values lie, and whether their neighbours are good too. */
export function HeatMapView({ results, objectiveTitle, titleOf, lowerIsBetter, chosen, onChoose }: TrialContext) {
  const { trials } = results;
  const theme = useTheme();
  const names = useMemo(() => variedParameters(trials), [trials]);
  const [x, setX] = useState(names[0] ?? "");
  const [y, setY] = useState(names[1] ?? "");
  const [metric, setMetric] = useState(kObjective);
  const [gathering, setGathering] = useState<Gathering>("best");

  const lower = metric === kObjective ? lowerIsBetter : /drawdown|loss/.test(metric);
  const map = useMemo(
    () =>
      buildHeatMap(trials, {
        x,
        y,
        values: metric === kObjective ? trials.objective : (trials.metrics[metric] ?? []),
        gathering,
        lowerIsBetter: lower,
        titleOf,
      }),
    [trials, x, y, metric, gathering, lower, titleOf],
  );
  const scale = useMemo(() => colorScale(map.minimum, map.maximum, theme), [map, theme]);
  const format = (value: number) => (metric === kObjective ? formatNumber(value, 4) : formatMetricNamed(metric, value));
  const title = metric === kObjective ? objectiveTitle : metricTitle(metric);

  if (names.length < 2) {
    return (
      <div className="tab-empty">
        <p>A heat map needs two parameters that vary; this search varied {names.length === 1 ? "one" : "none"}.</p>
      </div>
    );
  }

  const others = names.length - 2;
  return (
    <div className="heatmap">
      <div className="heatmap-controls">
        <Choice label="Across" value={x} options={names.map((name) => [name, titleOf(name)])} onChange={(next) => { if (next === y) setY(x); setX(next); }} />
        <Choice label="Up" value={y} options={names.map((name) => [name, titleOf(name)])} onChange={(next) => { if (next === x) setX(y); setY(next); }} />
        <Choice
          label="Colour"
          value={metric}
          options={[
            [kObjective, objectiveTitle],
            ...Object.keys(trials.metrics)
              .filter((name) => name !== results.objective)
              .map((name): [string, string] => [name, metricTitle(name)]),
          ]}
          onChange={setMetric}
        />
        <Choice
          label="Of each cell"
          value={gathering}
          options={[
            ["best", lower ? "Best (lowest)" : "Best (highest)"],
            ["mean", "Mean"],
          ]}
          onChange={(next) => setGathering(next === "mean" ? "mean" : "best")}
        />
        <Legend title={title} minimum={map.minimum} maximum={map.maximum} gradient={map.bestCell < 0 ? "" : cssGradient(scale, map.minimum, map.maximum)} format={format} />
        <p className="muted heatmap-note">
          {others > 0
            ? `Each cell gathers all trials with its two values, over ${others === 1 ? "the other parameter" : `the ${others} other parameters`}.`
            : "Each cell is one pair of values."}{" "}
          A good cell among bad neighbours is more likely luck.
        </p>
      </div>
      <HeatMapGrid map={map} scale={scale} title={title} format={format} chosen={chosen} onChoose={onChoose} />
    </div>
  );
}

const kObjective = "";

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="heatmap-choice">
      <span>{label}</span>
      <select className="control" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface LegendProps {
  title: string;
  minimum: number;
  maximum: number;
  gradient: string;
  format: (value: number) => string;
}

function Legend({ title, minimum, maximum, gradient, format }: LegendProps) {
  if (gradient === "") return <p>No trial has a value for {title}.</p>;
  return (
    <figure className="heatmap-legend" aria-label={`Colours: ${title} from ${format(minimum)} to ${format(maximum)}`}>
      <div className="heatmap-ramp" style={{ backgroundImage: gradient }} />
      <div className="heatmap-ends">
        <span>{format(minimum)}</span>
        <span>{format(maximum)}</span>
      </div>
    </figure>
  );
}
