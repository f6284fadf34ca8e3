import {
  type ColumnDef,
  columnSizingFeature,
  type Header,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { Icon } from "../Icon";
import { toast } from "../toast";
import { plural } from "../format";
import { extendTo, isSelected, kNothing, selectedCount, selectedPlaces, selectOne, toggle } from "./selection";
import { TableTools } from "./TableTools";
import { type ColumnValues, type Rows, textOf } from "./useRows";
import "./table.css";

export interface Column extends ColumnValues {
  header: string;
  /** A longer explanation, on hover. */
  title?: string;
  /** Pixels; the columns share what is left in this proportion. */
  width: number;
  align?: "left" | "right";
  /** Left out: the text. */
  cell?: (row: number) => ReactNode;
}

interface DataTableProps {
  label: string;
  columns: readonly Column[];
  rows: Rows;
  /** The row that is marked as chosen. */
  chosen?: number | null;
  onChoose?: (row: number) => void;
  /** Search, filters of the columns, and rows that can be selected and copied; with what stands beside them. */
  tools?: ReactNode;
  /** When it changes, the table starts again from the top; left out: whenever other rows are shown. */
  startOn?: unknown;
}

/** Browsers draw nothing beyond some height, Firefox least; rows of a longer table are scrolled past faster. */
const kHeightMax = 15e6;

// Sorting and filtering are done by row numbers (useRows), so the table's own models only ever see the rows in sight.
const kFeatures = tableFeatures({ rowSortingFeature, columnSizingFeature });
type Features = typeof kFeatures;
interface InSight {
  readonly row: number;
}

/**
 * A table of any length: only the rows in sight exist. The body is one stop of the Tab key; arrows, Page and Home/End
 * move the current row, Enter chooses it. With tools, Shift and arrows select, Ctrl A all, Ctrl C copies.
 */
export function DataTable({ label, columns, rows, chosen = null, onChoose, tools, startOn }: DataTableProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { order, sorting, setSorting } = rows;
  const hasTools = tools !== undefined;
  const [current, setCurrent] = useState(0);
  const [selection, setSelection] = useState(kNothing);
  const [filtering, setFiltering] = useState(false);
  const [rowHeight] = useState(() => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10) || 28);
  const step = Math.min(rowHeight, kHeightMax / Math.max(1, order.length));
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => step,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const rest = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const firstPlace = items[0]?.index ?? 0;
  const inSight = useMemo(
    () => Array.from({ length: Math.min(items.length, order.length - firstPlace) }, (_, place): InSight => ({ row: order[firstPlace + place] as number })),
    [order, firstPlace, items.length],
  );

  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<Features, InSight> => ({
          id: column.id,
          header: column.header,
          size: column.width,
          accessorFn: ({ row }) => row,
          cell: ({ row: { original } }) => (column.cell === undefined ? textOf(column, original.row) : column.cell(original.row)),
        }),
      ),
    [columns],
  );
  const state = useMemo(() => ({ sorting: [{ id: sorting.column, desc: sorting.descending }] }), [sorting]);
  const table = useTable({
    features: kFeatures,
    columns: definitions,
    data: inSight,
    state,
    manualSorting: true,
    enableSortingRemoval: false,
    sortDescFirst: true,
    onSortingChange: (change) => {
      const [next] = typeof change === "function" ? change(state.sorting) : (change as SortingState);
      if (next !== undefined) setSorting({ column: next.id, descending: next.desc });
    },
  });
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const alignment = new Map(columns.map((column) => [column.id, column.align === "left" ? "" : "right"]));

  // Another order or other rows: start again from the top.
  const start = startOn ?? order;
  useEffect(() => {
    setCurrent(0);
    setSelection(kNothing);
    scroller.current?.scrollTo({ top: 0 });
  }, [start]);

  const copy = () => {
    const places = selectedCount(selection) === 0 ? [current] : selectedPlaces(selection);
    const lines = [
      columns.map((column) => column.header).join("\t"),
      ...places.map((place) => columns.map((column) => copied(column, order[place] as number)).join("\t")),
    ];
    navigator.clipboard.writeText(lines.join("\n")).then(
      () => toast({ title: `${plural(places.length, "row")} copied` }),
      () => toast({ title: "Nothing was copied", detail: "The browser did not allow it.", look: "danger" }),
    );
  };

  const go = (place: number, extend: boolean) => {
    const next = Math.min(order.length - 1, Math.max(0, place));
    setCurrent(next);
    if (hasTools) setSelection(extend ? extendTo(selectedCount(selection) === 0 ? selectOne(current) : selection, next) : selectOne(next));
    virtual.scrollToIndex(next, step < rowHeight ? { align: "start" } : {});
  };

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
    const withControl = event.ctrlKey || event.metaKey;
    if (move !== undefined) {
      event.preventDefault();
      go(move, event.shiftKey);
    } else if (hasTools && withControl && event.key.toLowerCase() === "a") {
      event.preventDefault();
      if (order.length > 0) setSelection({ spans: [[0, order.length - 1]], anchor: 0 });
    } else if (hasTools && withControl && event.key.toLowerCase() === "c") {
      event.preventDefault();
      copy();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const row = order[current];
      if (row !== undefined) onChoose?.(row);
    }
  };

  const onRow = (event: MouseEvent, place: number) => {
    setCurrent(place);
    if (hasTools) {
      setSelection(event.shiftKey ? extendTo(selection, place) : event.ctrlKey || event.metaKey ? toggle(selection, place) : selectOne(place));
    }
    const row = order[place];
    if (row !== undefined && !event.shiftKey && !event.ctrlKey && !event.metaKey) onChoose?.(row);
  };

  const grid = (
    <div
      className="table-scroller"
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable={hasTools}
      aria-activedescendant={order.length === 0 ? undefined : `${id}-${current}`}
      onKeyDown={onKeyDown}
    >
      <table className="table" role="presentation" style={{ minWidth: width }}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: `${(column.width / width) * 100}%` }} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} role="row" aria-rowindex={1}>
              {group.headers.map((header) => (
                <HeaderCell
                  key={header.id}
                  header={header}
                  column={columns.find((column) => column.id === header.column.id)}
                  sorting={sorting}
                  filter={filtering ? (rows.filters[header.column.id] ?? "") : null}
                  onFilter={(filter) => rows.setFilter(header.column.id, filter)}
                />
              ))}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {before > 0 && <tr role="presentation" className="table-space" style={{ height: before }} />}
          {table.getRowModel().rows.map((row, index) => {
            const place = firstPlace + index;
            return (
              <tr
                key={row.original.row}
                role="row"
                id={`${id}-${place}`}
                aria-rowindex={place + 2}
                aria-selected={row.original.row === chosen || (hasTools && isSelected(selection, place))}
                data-current={place === current || undefined}
                onMouseDown={(event) => {
                  if (!hasTools || !event.shiftKey) return;
                  // Rows are selected, not their text.
                  event.preventDefault();
                  scroller.current?.focus({ preventScroll: true });
                }}
                onClick={(event) => onRow(event, place)}
              >
                {row.getAllCells().map((cell) => (
                  <td key={cell.id} role="gridcell" className={alignment.get(cell.column.id)}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            );
          })}
          {rest > 0 && <tr role="presentation" className="table-space" style={{ height: rest }} />}
        </tbody>
      </table>
      {order.length === 0 && <p className="table-empty muted">{rows.count === 0 ? "There are no rows." : "No row matches."}</p>}
    </div>
  );
  if (!hasTools) return grid;
  return (
    <div className="table-frame">
      <TableTools
        rows={rows}
        selected={selectedCount(selection)}
        filtering={filtering}
        onFiltering={(on) => {
          setFiltering(on);
          if (!on) rows.clear();
        }}
        onCopy={copy}
      >
        {tools}
      </TableTools>
      {grid}
    </div>
  );
}

/** Numbers as they are, for a spreadsheet; else what is shown. */
function copied(column: Column, row: number): string {
  const value = column.value(row);
  const text = typeof value === "number" && column.text === undefined ? String(value) : textOf(column, row);
  return text.replace(/[\t\n\r]+/g, " ");
}

interface HeaderCellProps {
  header: Header<Features, InSight, unknown>;
  column: Column | undefined;
  sorting: Rows["sorting"];
  /** Null: filters are not shown. */
  filter: string | null;
  onFilter: (filter: string) => void;
}

function HeaderCell({ header, column, sorting, filter, onFilter }: HeaderCellProps) {
  const title = column?.header ?? header.column.id;
  const sorted = sorting.column === header.column.id;
  const direction = sorting.descending ? "descending" : "ascending";
  return (
    <th role="columnheader" scope="col" className={column?.align === "left" ? "" : "right"} aria-sort={sorted ? direction : "none"}>
      <button type="button" title={column?.title ?? title} onClick={header.column.getToggleSortingHandler()}>
        {title}
        <span className="table-sort">{sorted && <Icon name={sorting.descending ? "down" : "up"} size={10} />}</span>
      </button>
      {filter !== null && (
        <input
          className="table-filter"
          aria-label={`Filter ${title}`}
          placeholder={column?.align === "left" ? "contains" : "> 0, 1..2"}
          spellCheck={false}
          autoComplete="off"
          value={filter}
          onChange={(event) => onFilter(event.target.value)}
        />
      )}
    </th>
  );
}
