export type SortKey = number | string | boolean | null | undefined;

/**
 * Row numbers sorted by a key. Equal keys keep their order; rows without a value come last in either direction, so
 * that sorting never puts "unknown" on top.
 */
export function sortedOrder(count: number, key: (row: number) => SortKey, descending: boolean): Uint32Array {
  const keys = Array.from({ length: count }, (_, row) => comparable(key(row)));
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  // A million bars are in order of time as they come.
  const run = direction(keys);
  if (run !== 0) return (run > 0) === descending ? order.reverse() : order;
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const left = keys[a] as number | string | null;
    const right = keys[b] as number | string | null;
    if (left === right) return a - b;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -sign : sign;
  });
}

/** 1 where the keys grow from row to row, -1 where they shrink, 0 otherwise. */
function direction(keys: readonly (number | string | null)[]): number {
  const [first = null, second = null] = keys;
  if (first === null || second === null || first === second) return 0;
  const grows = first < second;
  for (let row = 1; row < keys.length; ++row) {
    const [before, now] = [keys[row - 1] ?? null, keys[row] ?? null];
    if (before === null || now === null || typeof before !== typeof now || (grows ? before >= now : before <= now)) return 0;
  }
  return grows ? 1 : -1;
}

function comparable(value: SortKey): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}
