// Trials gathered into the cells of two parameters.

import type { InputValue, TrialColumns } from "../api/types";

export type Gathering = "best" | "mean";

export interface Axis {
  readonly title: string;
  readonly labels: readonly string[];
  /** Cell of each trial. */
  readonly cellOf: Uint32Array;
}

export interface HeatMap {
  readonly x: Axis;
  readonly y: Axis;
  /** Row by row from the smallest y; NaN where no trial has a value. */
  readonly values: Float64Array;
  readonly counts: Uint32Array;
  /** The cell's best trial, as a row of the trials; -1 in an empty cell. */
  readonly bestTrial: Int32Array;
  readonly minimum: number;
  readonly maximum: number;
  /** -1 when every cell is empty. */
  readonly bestCell: number;
}

/** More distinct values than this are gathered into ranges of equal width, so that cells stay large enough to see. */
const kAxisCellsMax = 60;
const kAxisCellsMin = 8;

/** Random trials fill few of the exact pairs; wider cells then show the landscape instead of scattered points. */
function axisCellsMax(trials: TrialColumns, x: string, y: string): number {
  const pairs = new Set(trials.parameters[x]).size * new Set(trials.parameters[y]).size;
  if (pairs <= 2 * trials.count) return kAxisCellsMax;
  return Math.min(kAxisCellsMax, Math.max(kAxisCellsMin, Math.floor(Math.sqrt(trials.count / 2))));
}

export function buildAxis(title: string, values: readonly InputValue[], cellsMax = kAxisCellsMax): Axis {
  const distinct = [...new Set(values)];
  const numbers = distinct.filter((value) => typeof value === "number");
  if (numbers.length === distinct.length && numbers.length > cellsMax) {
    return rangedAxis(title, values as number[], cellsMax);
  }
  const sorted =
    numbers.length === distinct.length
      ? numbers.toSorted((a, b) => a - b)
      : distinct.toSorted((a, b) => String(a).localeCompare(String(b)));
  const cells = new Map<InputValue, number>(sorted.map((value, cell) => [value, cell]));
  return {
    title,
    labels: sorted.map((value) => (typeof value === "number" ? shortNumber(value) : String(value))),
    cellOf: Uint32Array.from(values, (value) => cells.get(value) ?? 0),
  };
}

function rangedAxis(title: string, values: readonly number[], cellsMax: number): Axis {
  const minimum = values.reduce((least, value) => Math.min(least, value), Infinity);
  const maximum = values.reduce((most, value) => Math.max(most, value), -Infinity);
  // Whole numbers stay whole: a range is then a whole number of values wide.
  const whole = values.every(Number.isInteger);
  const span = whole ? maximum - minimum + 1 : maximum - minimum;
  const width = whole ? Math.ceil(span / cellsMax) : span / cellsMax;
  const count = whole ? Math.ceil(span / width) : cellsMax;
  const labels = Array.from({ length: count }, (_, cell) => {
    const from = minimum + cell * width;
    const to = whole ? Math.min(maximum, from + width - 1) : from + width;
    return from === to ? shortNumber(from) : `${shortNumber(from)} to ${shortNumber(to)}`;
  });
  const cellOf = Uint32Array.from(values, (value) => Math.min(count - 1, Math.floor((value - minimum) / width)));
  return { title, labels, cellOf };
}

export interface HeatMapRequest {
  x: string;
  y: string;
  /** One value a trial. */
  values: readonly (number | null)[];
  gathering: Gathering;
  /** Which trial of a cell is its best. */
  lowerIsBetter: boolean;
  titleOf: (parameter: string) => string;
}

export function buildHeatMap(trials: TrialColumns, request: HeatMapRequest): HeatMap {
  const cellsMax = axisCellsMax(trials, request.x, request.y);
  const x = buildAxis(request.titleOf(request.x), trials.parameters[request.x] ?? [], cellsMax);
  const y = buildAxis(request.titleOf(request.y), trials.parameters[request.y] ?? [], cellsMax);
  const size = x.labels.length * y.labels.length;
  const sums = new Float64Array(size);
  const best = new Float64Array(size).fill(Number.NaN);
  const counts = new Uint32Array(size);
  const bestTrial = new Int32Array(size).fill(-1);
  const better = (value: number, than: number) =>
    Number.isNaN(than) || (request.lowerIsBetter ? value < than : value > than);

  for (let trial = 0; trial < trials.count; ++trial) {
    const value = request.values[trial] ?? null;
    if (value === null || Number.isNaN(value)) continue;
    const cell = (y.cellOf[trial] ?? 0) * x.labels.length + (x.cellOf[trial] ?? 0);
    sums[cell] = (sums[cell] ?? 0) + value;
    counts[cell] = (counts[cell] ?? 0) + 1;
    if (better(value, best[cell] ?? Number.NaN)) {
      best[cell] = value;
      bestTrial[cell] = trial;
    }
  }

  const values = request.gathering === "best" ? best : sums.map((sum, cell) => (counts[cell] === 0 ? Number.NaN : sum / (counts[cell] ?? 1)));
  let minimum = Infinity;
  let maximum = -Infinity;
  let bestCell = -1;
  for (let cell = 0; cell < size; ++cell) {
    const value = values[cell] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    if (bestCell < 0 || better(value, values[bestCell] ?? Number.NaN)) bestCell = cell;
  }
  return { x, y, values, counts, bestTrial, minimum, maximum, bestCell };
}

/** Parameters that took more than one value: the ones worth an axis. */
export function variedParameters(trials: TrialColumns): string[] {
  return Object.keys(trials.parameters).filter((name) => new Set(trials.parameters[name]).size > 1);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
