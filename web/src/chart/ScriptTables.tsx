import type { CSSProperties } from "react";
import type { TableCell, TableDrawing } from "../api/types";
import { textPixels } from "./scriptGeometry";
import { plotColor } from "./seriesData";

/** The tables of a script, over the chart at the places it chose. */
export function ScriptTables({ tables }: { tables: readonly TableDrawing[] }) {
  return (
    <>
      {tables.map((table, order) => (
        // Tables have no identity of their own and are drawn anew with every run.
        // oxlint-disable-next-line react/no-array-index-key
        <ScriptTable key={order} table={table} />
      ))}
    </>
  );
}

function ScriptTable({ table }: { table: TableDrawing }) {
  const [vertical = "top", horizontal = "right"] = (table.position ?? "").replace("position.", "").split("_");
  const frame: CSSProperties = {
    background: plotColor(table.bgcolor, "transparent"),
    ...(table.frame_color === null ? {} : { border: `${table.frame_width ?? 0}px solid ${plotColor(table.frame_color, "transparent")}` }),
  };
  const border = table.border_color === null ? undefined : `${table.border_width ?? 0}px solid ${plotColor(table.border_color, "transparent")}`;
  const rows = [...new Set(table.cells.map((cell) => cell.row))].toSorted((a, b) => a - b);
  const hidden = new Set(table.cells.flatMap(covered));
  return (
    <table className={`script-table ${vertical} ${horizontal}`} style={frame}>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            {cellsOf(table, row).map(({ column, cell }) =>
              hidden.has(`${row} ${column}`) ? null : <Cell key={column} cell={cell} border={border} />,
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The cells of a row, with empty ones up to its last. */
function cellsOf(table: TableDrawing, row: number): { column: number; cell: TableCell | undefined }[] {
  const cells = new Map(table.cells.filter((cell) => cell.row === row).map((cell) => [cell.column, cell]));
  const count = Math.max(-1, ...cells.keys()) + 1;
  return Array.from({ length: count }, (_, column) => ({ column, cell: cells.get(column) }));
}

/** The places that a merged cell takes beside its own. */
function covered(cell: TableCell): string[] {
  const places: string[] = [];
  for (let row = cell.row; row <= (cell.end_row ?? cell.row); ++row) {
    for (let column = cell.column; column <= (cell.end_column ?? cell.column); ++column) {
      if (row !== cell.row || column !== cell.column) places.push(`${row} ${column}`);
    }
  }
  return places;
}

function Cell({ cell, border }: { cell: TableCell | undefined; border: string | undefined }) {
  if (cell === undefined) return <td style={border === undefined ? {} : { border }} />;
  const align = /left|right/.exec(cell.text_halign ?? "")?.[0] as "left" | "right" | undefined;
  return (
    <td
      rowSpan={(cell.end_row ?? cell.row) - cell.row + 1}
      colSpan={(cell.end_column ?? cell.column) - cell.column + 1}
      title={cell.tooltip ?? undefined}
      style={{
        background: plotColor(cell.bgcolor, "transparent"),
        ...(cell.text_color === null ? {} : { color: plotColor(cell.text_color, "inherit") }),
        ...(border === undefined ? {} : { border }),
        fontSize: textPixels(cell.text_size),
        textAlign: align ?? "center",
      }}
    >
      {cell.text}
    </td>
  );
}
