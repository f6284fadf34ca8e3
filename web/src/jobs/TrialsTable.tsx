import { useMemo } from "react";
import { formatMetricNamed, metricTitle, tone } from "../backtest/metrics";
import type { OptimizeResults } from "../api/types";
import { type Column, DataTable } from "../ui/table/DataTable";
import { formatInteger, formatNumber } from "../ui/format";
import { useRows } from "../ui/table/useRows";
import type { TrialContext } from "./trialContext";
import { formatValue, type TitleOf } from "./values";

/** Every trial with its values and what it made of them, best first. */
export function TrialsTable({ results, objectiveTitle, titleOf, lowerIsBetter, chosen, onChoose }: TrialContext) {
  const { trials } = results;
  const columns = useMemo(() => trialColumns(results, objectiveTitle, titleOf), [results, objectiveTitle, titleOf]);
  const rows = useRows(trials.count, columns, { column: kObjective, descending: !lowerIsBetter });
  return (
    <div className="fill-column">
      {trials.count < results.trials_tried && (
        <p className="muted trials-note">
          The best {formatInteger(trials.count)} of {formatInteger(results.trials_tried)} trials are listed.
        </p>
      )}
      <DataTable
        label="Trials"
        columns={columns}
        rows={rows}
        chosen={chosen}
        onChoose={onChoose}
      />
    </div>
  );
}

const kObjective = "objective";
const kParameter = "parameter.";
const kMetric = "metric.";

function trialColumns({ trials, objective }: OptimizeResults, objectiveTitle: string, titleOf: TitleOf): Column[] {
  const named = Object.keys(trials.metrics).filter((name) => name !== objective);
  return [
    { id: "index", header: "Trial", width: 80, value: (row) => trials.index[row] },
    {
      id: kObjective,
      header: objectiveTitle,
      title: "The objective, in sample",
      width: 130,
      value: (row) => trials.objective[row],
      cell: (row) => <strong>{formatNumber(trials.objective[row], 4)}</strong>,
    },
    ...Object.keys(trials.parameters).map((name) => ({
      id: kParameter + name,
      header: titleOf(name),
      width: 116,
      value: (row: number) => trials.parameters[name]?.[row],
      cell: (row: number) => formatValue(trials.parameters[name]?.[row]),
    })),
    ...named.map((name) => ({
      id: kMetric + name,
      header: metricTitle(name),
      width: 132,
      value: (row: number) => trials.metrics[name]?.[row],
      cell: (row: number) => {
        const value = trials.metrics[name]?.[row];
        const text = formatMetricNamed(name, value);
        return name.startsWith("net_profit") ? <span className={tone(value)}>{text}</span> : text;
      },
    })),
  ];
}
