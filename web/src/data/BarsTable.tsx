import { useMemo } from "react";
import type { BarColumns, BarsInColumns } from "../api/schema";
import { formatInteger, formatNumber, formatPlain, formatTime, sentenceName } from "../ui/format";
import { type Column, DataTable } from "../ui/table/DataTable";
import { useRows } from "../ui/table/useRows";
import { barFlags } from "./bars";

interface BarsTableProps {
  bars: BarsInColumns;
  decimals: number;
  /** The bar that was chosen last, and that the chart shows. */
  at: string | null;
  onBar: (time: string) => void;
}

/** Bars as rows, the newest first; as many as there are. */
export function BarsTable({ bars, decimals, at, onBar }: BarsTableProps) {
  const columns = useMemo(() => barColumns(bars, decimals), [bars, decimals]);
  const rows = useRows(bars.row_count, columns, { column: "time", descending: true });
  // Bars that come live, or at an edge of the chart, must not take the reader away from where they are.
  const start = JSON.stringify([rows.sorting, rows.filters, rows.search]);
  const { time } = bars.columns;
  return (
    <DataTable
      label={`Bars of ${bars.symbol}, times in UTC`}
      columns={columns}
      rows={rows}
      startOn={start}
      chosen={at === null ? null : time.indexOf(at)}
      onChoose={(row) => onBar(time[row] ?? "")}
      tools={<span className="muted data-table-note">Enter shows a bar on the chart</span>}
    />
  );
}

type NumberColumn = Exclude<keyof BarColumns, "time" | "filled" | "contract">;

const kMore: readonly NumberColumn[] = ["vwap", "open_interest", "trade_count", "unadjusted_close", "split_factor", "dividend_factor"];

function barColumns({ columns, ...bars }: BarsInColumns, decimals: number): Column[] {
  const milliseconds = columns.time.map((time) => Date.parse(time));
  const flags = barFlags({ columns, ...bars });
  const price = (id: NumberColumn, header: string): Column => ({
    id,
    header,
    width: 96,
    value: (row) => columns[id]?.[row],
    cell: (row) => formatNumber(columns[id]?.[row], decimals),
  });
  const whole = new Set<NumberColumn>(["open_interest", "trade_count"]);
  const factors = new Set<NumberColumn>(["split_factor", "dividend_factor"]);
  return [
    {
      id: "time",
      header: "Time, UTC",
      width: 140,
      align: "left",
      value: (row) => milliseconds[row],
      text: (row) => formatTime(milliseconds[row]),
    },
    price("open", "Open"),
    price("high", "High"),
    price("low", "Low"),
    price("close", "Close"),
    {
      id: "change",
      header: "Change, %",
      title: "From the close before",
      width: 88,
      value: (row) => changeAt(columns.close, row),
      cell: (row) => <Change value={changeAt(columns.close, row)} />,
    },
    { id: "volume", header: "Volume", width: 138, value: (row) => columns.volume[row], cell: (row) => formatPlain(columns.volume[row]) },
    ...kMore
      .filter((id) => columns[id] !== undefined)
      .map((id): Column => {
        const header = id === "vwap" ? "VWAP" : sentenceName(id);
        if (!whole.has(id) && !factors.has(id)) return price(id, header);
        const show = whole.has(id) ? formatInteger : formatPlain;
        return { id, header, width: 112, value: (row) => columns[id]?.[row], cell: (row) => show(columns[id]?.[row]) };
      }),
    ...(columns.contract === undefined
      ? []
      : [{ id: "contract", header: "Contract", width: 96, align: "left" as const, value: (row: number) => columns.contract?.[row] }]),
    {
      id: "flags",
      header: "Flags",
      title: "What is to be said of the bar: gaps before it, rolls, splits, filled, partial or doubtful prices",
      width: 190,
      align: "left",
      value: (row) => flags.get(row)?.join(", ") ?? null,
      cell: (row) => flags.get(row)?.map((flag) => <span key={flag} className="badge warning data-flag">{flag}</span>) ?? null,
    },
  ];
}

function changeAt(close: readonly (number | null)[], row: number): number | null {
  const before = close[row - 1] ?? null;
  const now = close[row] ?? null;
  return before === null || now === null || before === 0 ? null : (now / before - 1) * 100;
}

function Change({ value }: { value: number | null }) {
  if (value === null) return null;
  return <span className={value > 0 ? "up" : value < 0 ? "down" : ""}>{value > 0 ? "+" : ""}{formatNumber(value)}</span>;
}
