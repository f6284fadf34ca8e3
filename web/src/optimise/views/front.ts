// Trials that no other beats in two measures at once.

export interface Measure {
  /** One value a trial; null: it has none. */
  readonly values: readonly (number | null)[];
  readonly lowerIsBetter: boolean;
}

/** Rows of the front, from the best in the first measure to the best in the second. Equal trials stand for one another: the first does. */
export function paretoFront(first: Measure, second: Measure): number[] {
  const good = (measure: Measure, row: number) => {
    const value = measure.values[row] ?? null;
    return value === null || !Number.isFinite(value) ? null : measure.lowerIsBetter ? -value : value;
  };
  const points = first.values.flatMap((_, row) => {
    const a = good(first, row);
    const b = good(second, row);
    return a === null || b === null ? [] : [{ row, a, b }];
  });
  points.sort((one, other) => other.a - one.a || other.b - one.b || one.row - other.row);
  const front: number[] = [];
  let best = -Infinity;
  for (const { row, b } of points) {
    if (b <= best) continue;
    best = b;
    front.push(row);
  }
  return front;
}
