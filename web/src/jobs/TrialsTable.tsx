import { useMemo, useState } from "react";
import { formatMetricNamed, metricTitle, tone } from "../backtest/metrics";
import type { OptimizeResults } from "../api/types";
import { type Column, DataTable, nextSorting, type Sorting } from "../ui/table/DataTable";
import { formatInteger, formatNumber } from "../ui/format";
import { sortedOrder, type SortKey } from "../ui/table/order";
import type { TrialContext } from "./trialContext";
import { formatValue, type TitleOf } from "./values";

/** Every trial with its values and what it made of them, best first. */
export function TrialsTable({ results, objectiveTitle, titleOf, lowerIsBetter, chosen, onChoose }: TrialContext) {
  const { trials } = results;
  const [sorting, setSorting] = useState<Sorting>({ column: kObjective, descending: !lowerIsBetter });
  const columns = useMemo(() => trialColumns(results, objectiveTitle, titleOf), [results, objectiveTitle, titleOf]);
  const order = useMemo(
    () => sortedOrder(trials.count, (row) => sortKey(results, sorting.column, row), sorting.descending),
    [trials.count, results, sorting],
  );
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
        order={order}
        sorting={sorting}
        onSort={(column) => setSorting(nextSorting(sorting, column))}
        chosen={chosen}
        onChoose={onChoose}
      />
    </div>
  );
}

const kObjective = "objective";
const kParameter = "parameter.";
const kMetric = "metric.";

function sortKey({ trials }: OptimizeResults, column: string, row: number): SortKey {
  if (column === "index") return trials.index[row];
  if (column === kObjective) return trials.objective[row];
  if (column.startsWith(kParameter)) return trials.parameters[column.slice(kParameter.length)]?.[row];
  return trials.metrics[column.slice(kMetric.length)]?.[row];
}

function trialColumns({ trials, objective }: OptimizeResults, objectiveTitle: string, titleOf: TitleOf): Column[] {
  const named = Object.keys(trials.metrics).filter((name) => name !== objective);
  return [
    { id: "index", header: "Trial", width: 80, cell: (row) => trials.index[row] },
    {
      id: kObjective,
      header: objectiveTitle,
      title: "The objective, in sample",
      width: 130,
      cell: (row) => <strong>{formatNumber(trials.objective[row], 4)}</strong>,
    },
    ...Object.keys(trials.parameters).map((name) => ({
      id: kParameter + name,
      header: titleOf(name),
      width: 116,
      cell: (row: number) => formatValue(trials.parameters[name]?.[row]),
    })),
    ...named.map((name) => ({
      id: kMetric + name,
      header: metricTitle(name),
      width: 132,
      cell: (row: number) => {
        const value = trials.metrics[name]?.[row];
        const text = formatMetricNamed(name, value);
        return name.startsWith("net_profit") ? <span className={tone(value)}>{text}</span> : text;
      },
    })),
  ];
}
