// Trials as lines across one axis a parameter.

import type { InputValue, TrialColumns } from "../../api/types";

export interface ParallelAxis {
  readonly name: string;
  /** Values that are no numbers, in their order; null: a scale of numbers. */
  readonly categories: readonly string[] | null;
}

export interface ParallelLine {
  readonly row: number;
  readonly objective: number;
  /** As many as axes; the objective comes last. */
  readonly values: readonly (number | string)[];
}

/** The axes of what varied, and the best trials as lines, worst first so that the best lie on top. */
export function parallelLines(trials: TrialColumns, names: readonly string[], lowerIsBetter: boolean, most: number): { axes: ParallelAxis[]; lines: ParallelLine[] } {
  const axes = names.map((name): ParallelAxis => {
    const column = trials.parameters[name] ?? [];
    const numeric = column.every((value) => typeof value === "number" || value === null);
    return { name, categories: numeric ? null : [...new Set(column.map(String))].toSorted() };
  });
  const text = (value: InputValue | null | undefined, { categories }: ParallelAxis) => (categories === null ? Number(value ?? 0) : String(value));
  const lines = trials.objective
    .flatMap((objective, row) => (objective === null || !Number.isFinite(objective) || (trials.bar_share?.[row] ?? 1) < 1 ? [] : [{ row, objective }]))
    .toSorted((one, other) => (lowerIsBetter ? one.objective - other.objective : other.objective - one.objective))
    .slice(0, most)
    .toReversed()
    .map(({ row, objective }) => ({ row, objective, values: [...axes.map((axis) => text(trials.parameters[axis.name]?.[row], axis)), objective] }));
  return { axes, lines };
}
