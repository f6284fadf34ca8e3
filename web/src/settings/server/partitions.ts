import type { Partition } from "../../api/schema";

export interface PartitionSum {
  kind: string;
  /** Dropped from the database; only an archive has it. */
  archived: boolean;
  count: number;
  rows: number;
  bytes: number;
  first: string;
  last: string;
}

/** Partitions by kind and whether the database still has them. */
export function summarised(partitions: readonly Partition[]): PartitionSum[] {
  const sums = new Map<string, PartitionSum>();
  for (const each of partitions) {
    const archived = each.state === "dropped";
    const key = `${each.kind} ${archived}`;
    const sum = sums.get(key) ?? { kind: each.kind, archived, count: 0, rows: 0, bytes: 0, first: each.first_time, last: each.last_time };
    sums.set(key, {
      ...sum,
      count: sum.count + 1,
      rows: sum.rows + each.row_count,
      bytes: sum.bytes + each.payload_bytes,
      first: each.first_time < sum.first ? each.first_time : sum.first,
      last: each.last_time > sum.last ? each.last_time : sum.last,
    });
  }
  return [...sums.values()];
}
