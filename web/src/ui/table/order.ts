export type SortKey = number | string | boolean | null | undefined;

/**
 * Row numbers sorted by a key. Equal keys keep their order; rows without a value come last in either direction, so
 * that sorting never puts "unknown" on top.
 */
export function sortedOrder(count: number, key: (row: number) => SortKey, descending: boolean): Uint32Array {
  const keys = Array.from({ length: count }, (_, row) => comparable(key(row)));
  const sign = descending ? -1 : 1;
  return Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => {
    const left = keys[a] as number | string | null;
    const right = keys[b] as number | string | null;
    if (left === right) return a - b;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -sign : sign;
  });
}

function comparable(value: SortKey): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}
