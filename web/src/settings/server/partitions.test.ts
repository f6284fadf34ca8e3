import { expect, test } from "vitest";
import type { Partition } from "../../api/schema";
import { summarised } from "./partitions";

test("partitions are summed by kind and by where they are", () => {
  const part = (kind: string, state: string, year: number) =>
    ({ kind, state, row_count: 10, payload_bytes: 100, first_time: `${year}-01-01T00:00:00Z`, last_time: `${year}-12-31T00:00:00Z` }) as Partition;
  expect(summarised([part("bar", "open", 2021), part("bar", "open", 2020), part("bar", "dropped", 2019), part("tick", "open", 2021)])).toEqual([
    { kind: "bar", archived: false, count: 2, rows: 20, bytes: 200, first: "2020-01-01T00:00:00Z", last: "2021-12-31T00:00:00Z" },
    { kind: "bar", archived: true, count: 1, rows: 10, bytes: 100, first: "2019-01-01T00:00:00Z", last: "2019-12-31T00:00:00Z" },
    { kind: "tick", archived: false, count: 1, rows: 10, bytes: 100, first: "2021-01-01T00:00:00Z", last: "2021-12-31T00:00:00Z" },
  ]);
});
