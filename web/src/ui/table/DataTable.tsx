import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Icon } from "../Icon";
import "./table.css";

export interface Column {
  id: string;
  header: string;
  /** A longer explanation, on hover. */
  title?: string;
  /** Pixels; the columns share what is left in this proportion. */
  width: number;
  align?: "left" | "right";
  cell: (row: number) => ReactNode;
}

export interface Sorting {
  column: string;
  descending: boolean;
}

interface DataTableProps {
  label: string;
  columns: readonly Column[];
  /** Row numbers in the order in which they are shown. */
  order: ArrayLike<number>;
  sorting: Sorting;
  onSort: (column: string) => void;
  /** The row that is marked as chosen. */
  chosen: number | null;
  onChoose: (row: number) => void;
}

/**
 * A table of any length: only the rows in sight exist. The body is one stop of the Tab key; arrows, Page and Home/End
 * move the current row, Enter chooses it.
 */
export function DataTable({ label, columns, order, sorting, onSort, chosen, onChoose }: DataTableProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const [rowHeight] = useState(() => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10) || 28);
  const rows = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.start ?? 0;
  const rest = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + column.width, 0);

  // Another order or other rows: start again from the top.
  useEffect(() => {
    setCurrent(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [order]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const moves: Partial<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: order.length - 1,
    };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const next = Math.min(order.length - 1, Math.max(0, move));
      setCurrent(next);
      rows.scrollToIndex(next);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const row = order[current];
      if (row !== undefined) onChoose(row);
    }
  };

  return (
    <div
      className="table-scroller"
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={`${id}-${current}`}
      onKeyDown={onKeyDown}
    >
      <table className="table" role="presentation" style={{ minWidth: width }}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: `${(column.width / width) * 100}%` }} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {first > 0 && <tr role="presentation" className="table-space" style={{ height: first }} />}
          {items.map((item) => {
            const row = order[item.index] as number;
            return (
              <tr
                key={row}
                role="row"
                id={`${id}-${item.index}`}
                aria-rowindex={item.index + 2}
                aria-selected={row === chosen}
                data-current={item.index === current || undefined}
                onClick={() => {
                  setCurrent(item.index);
                  onChoose(row);
                }}
              >
                {columns.map((column) => (
                  <td key={column.id} role="gridcell" className={column.align === "left" ? "" : "right"}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {rest > 0 && <tr role="presentation" className="table-space" style={{ height: rest }} />}
        </tbody>
      </table>
    </div>
  );
}

interface HeaderCellProps {
  column: Column;
  sorting: Sorting;
  onSort: (column: string) => void;
}

function HeaderCell({ column, sorting, onSort }: HeaderCellProps) {
  const sorted = sorting.column === column.id;
  const direction = sorting.descending ? "descending" : "ascending";
  return (
    <th
      role="columnheader"
      scope="col"
      className={column.align === "left" ? "" : "right"}
      aria-sort={sorted ? direction : "none"}
    >
      <button type="button" title={column.title ?? column.header} onClick={() => onSort(column.id)}>
        {column.header}
        <span className="table-sort">{sorted && <Icon name={sorting.descending ? "down" : "up"} size={10} />}</span>
      </button>
    </th>
  );
}

/** The next sorting after a click on a header: the other direction, or largest first for another column. */
export function nextSorting(sorting: Sorting, column: string): Sorting {
  return { column, descending: sorting.column === column ? !sorting.descending : true };
}
