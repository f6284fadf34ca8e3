import { useDeferredValue, useMemo, useState } from "react";
import { filterTest } from "./filter";
import { sortedOrder, type SortKey } from "./order";

/** As much of a column as sorting and filtering need. */
export interface ColumnValues {
  id: string;
  /** What the column is sorted and filtered by. */
  value: (row: number) => SortKey;
  /** As it is shown, to be searched and copied; left out: the value. */
  text?: (row: number) => string;
}

export interface Sorting {
  column: string;
  descending: boolean;
}

/** Which rows a table shows and in which order. */
export interface Rows {
  /** Row numbers in the order in which they are shown. */
  readonly order: ArrayLike<number>;
  readonly count: number;
  readonly sorting: Sorting;
  readonly setSorting: (sorting: Sorting) => void;
  readonly filters: Readonly<Record<string, string>>;
  readonly setFilter: (column: string, filter: string) => void;
  readonly search: string;
  readonly setSearch: (search: string) => void;
  readonly clear: () => void;
}

export function textOf(column: ColumnValues, row: number): string {
  if (column.text !== undefined) return column.text(row);
  const value = column.value(row);
  return value === null || value === undefined ? "" : String(value);
}

/**
 * Sorts and filters rows by number: rows themselves are never copied, so that a million of them can be shown. `columns`
 * must be kept (useMemo) while they stay the same.
 */
export function useRows(count: number, columns: readonly ColumnValues[], initial: Sorting): Rows {
  const [sorting, setSorting] = useState(initial);
  const [filters, setFilters] = useState<Readonly<Record<string, string>>>({});
  const [search, setSearch] = useState("");
  // Typing stays fast while many rows are looked through.
  const wanted = useDeferredValue(filters);
  const needle = useDeferredValue(search).trim().toLowerCase();

  const sorted = useMemo(() => {
    const column = columns.find(({ id }) => id === sorting.column);
    return sortedOrder(count, (row) => column?.value(row), sorting.descending);
  }, [count, columns, sorting]);

  const order = useMemo(() => {
    const tests = columns.flatMap((column) => {
      const test = filterTest(wanted[column.id] ?? "");
      return test === null ? [] : [{ column, test }];
    });
    if (tests.length === 0 && needle === "") return sorted;
    const number = /^[-−+]?[\d.,]+$/.test(needle) ? needle.replaceAll(",", "").replace("−", "-") : null;
    const holds = (column: ColumnValues, row: number): boolean => {
      const value = column.text === undefined ? column.value(row) : null;
      // Most columns are numbers, and most that is looked for is none.
      if (typeof value === "number") return number !== null && String(value).includes(number);
      return textOf(column, row).toLowerCase().includes(needle);
    };
    return sorted.filter(
      (row) =>
        tests.every(({ column, test }) => test(column.value(row), textOf(column, row))) &&
        (needle === "" || columns.some((column) => holds(column, row))),
    );
  }, [columns, sorted, wanted, needle]);

  return {
    order,
    count,
    sorting,
    setSorting,
    filters,
    setFilter: (column, filter) => setFilters((before) => ({ ...before, [column]: filter })),
    search,
    setSearch,
    clear: () => {
      setFilters({});
      setSearch("");
    },
  };
}
