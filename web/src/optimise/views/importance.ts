// How much of what a search found depends on each parameter, from its trials alone.

import type { InputValue, TrialColumns } from "../../api/types";

export interface Importance {
  readonly parameter: string;
  /** Share of the objective's variance that the parameter's value explains by itself, 0 to 1. */
  readonly share: number;
  /** Of each bin: its values, the mean objective there, and how many trials it has. */
  readonly bins: readonly Bin[];
}

export interface Bin {
  readonly label: string;
  readonly mean: number;
  readonly count: number;
}

/** More distinct values are gathered into so many bins with about as many trials each. */
const kBinsMax = 10;

/** Trials that ran on all bars and have a value of the objective. */
function usable({ count, objective, bar_share: share }: TrialColumns): number[] {
  return Array.from({ length: count }, (_, row) => row).filter((row) => {
    const value = objective[row] ?? null;
    return value !== null && Number.isFinite(value) && (share?.[row] ?? 1) >= 1;
  });
}

/**
 * Variance explained by binned means: the variance between the bins of a parameter over all of it, less what as many
 * bins would show by chance (epsilon squared). What only acts together with another parameter does not show in it.
 */
export function importances(trials: TrialColumns): Importance[] {
  const rows = usable(trials);
  const values = rows.map((row) => trials.objective[row] ?? 0);
  return Object.entries(trials.parameters)
    .filter(([, column]) => new Set(rows.map((row) => column[row])).size > 1)
    .map(([parameter, column]) => explained(parameter, rows.map((row) => column[row] ?? ""), values))
    .toSorted((one, other) => other.share - one.share);
}

function explained(parameter: string, settings: readonly InputValue[], values: readonly number[]): Importance {
  const binOf = binsOf(settings);
  const groups = new Map<string, { sum: number; count: number }>();
  settings.forEach((setting, index) => {
    const label = binOf(setting);
    const group = groups.get(label) ?? { sum: 0, count: 0 };
    groups.set(label, { sum: group.sum + (values[index] ?? 0), count: group.count + 1 });
  });
  const bins = [...groups].map(([label, { sum, count }]) => ({ label, mean: sum / count, count }));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const total = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const between = bins.reduce((sum, bin) => sum + bin.count * (bin.mean - mean) ** 2, 0);
  const free = values.length - bins.length;
  const noise = free > 0 ? (total - between) / free : 0;
  const share = total > 0 && free > 0 ? Math.max(0, (between - (bins.length - 1) * noise) / total) : 0;
  return { parameter, share, bins };
}

/** The bin of a value, in order of the values. */
function binsOf(settings: readonly InputValue[]): (setting: InputValue) => string {
  const distinct = [...new Set(settings)];
  const numbers = settings.filter((setting) => typeof setting === "number").toSorted((a, b) => a - b);
  if (distinct.length <= kBinsMax || numbers.length < settings.length) return String;
  const edges: number[] = [];
  for (let bin = 1; bin < kBinsMax; ++bin) {
    const edge = numbers[Math.floor((bin * numbers.length) / kBinsMax)];
    if (edge !== undefined && edge !== edges.at(-1) && edge !== numbers[0]) edges.push(edge);
  }
  const labels = [numbers[0] ?? 0, ...edges].map((from, bin) => {
    const next = edges[bin];
    return next === undefined ? `${short(from)} and above` : `${short(from)} to below ${short(next)}`;
  });
  return (setting) => labels[edges.findLastIndex((edge) => (setting as number) >= edge) + 1] ?? "";
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Bins as the values go, not as the trials came. */
export function ordered(bins: readonly Bin[]): Bin[] {
  return bins.toSorted((one, other) => {
    const [a, b] = [Number.parseFloat(one.label), Number.parseFloat(other.label)];
    return Number.isNaN(a) || Number.isNaN(b) ? one.label.localeCompare(other.label) : a - b;
  });
}
