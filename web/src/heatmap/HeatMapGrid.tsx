import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useSize } from "../ui/useSize";
import type { ColorScale } from "./colorScale";
import { drawHeatMap, type HeatMapFrame, heatMapFrame } from "./drawHeatMap";
import type { HeatMap } from "./heatMap";

interface HeatMapGridProps {
  map: HeatMap;
  scale: ColorScale;
  title: string;
  format: (value: number) => string;
  /** A trial; its cell is outlined. */
  chosen: number | null;
  onChoose: (trial: number) => void;
}

/**
 * The cells, drawn on a canvas so that thousands cost nothing. One element stands for the cell in question: it lies
 * over it, carries its name for screen readers, holds the focus, and arrows move it.
 */
export function HeatMapGrid({ map, scale, title, format, chosen, onChoose }: HeatMapGridProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [box, size] = useSize<HTMLDivElement>();
  const [focused, setFocused] = useState<number | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const frame = heatMapFrame(map, size.width, size.height);
  const columns = map.x.labels.length;
  const rows = map.y.labels.length;
  const current = Math.min(focused ?? Math.max(0, map.bestCell), columns * rows - 1);
  const chosenCell = chosen === null ? -1 : (map.y.cellOf[chosen] ?? 0) * columns + (map.x.cellOf[chosen] ?? 0);

  useEffect(() => {
    if (canvas.current !== null && size.width > 0) {
      drawHeatMap(canvas.current, map, scale, heatMapFrame(map, size.width, size.height), chosenCell);
    }
  }, [map, scale, size, chosenCell]);

  const describe = (cell: number) => {
    const value = map.values[cell] ?? Number.NaN;
    const count = map.counts[cell] ?? 0;
    const place = `${map.x.title} ${map.x.labels[cell % columns]}, ${map.y.title} ${map.y.labels[Math.floor(cell / columns)]}`;
    return { place, value: count === 0 ? "not tried" : `${title} ${format(value)}`, count: count > 1 ? `${count} trials` : "" };
  };

  const choose = (cell: number) => {
    const trial = map.bestTrial[cell] ?? -1;
    if (trial >= 0) onChoose(trial);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const column = current % columns;
    const row = Math.floor(current / columns);
    const moves: Partial<Record<string, [number, number]>> = {
      ArrowRight: [column + 1, row],
      ArrowLeft: [column - 1, row],
      ArrowUp: [column, row + 1],
      ArrowDown: [column, row - 1],
      Home: [0, row],
      End: [columns - 1, row],
      PageUp: [column, rows - 1],
      PageDown: [column, 0],
    };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setFocused(Math.min(rows - 1, Math.max(0, move[1])) * columns + Math.min(columns - 1, Math.max(0, move[0])));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(current);
    }
  };

  const cellUnder = (event: PointerEvent<HTMLElement>): number | null => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - bounds.left - frame.left) / frame.cellWidth);
    const rowFromTop = Math.floor((event.clientY - bounds.top - frame.top) / frame.cellHeight);
    const row = rows - 1 - rowFromTop;
    return column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : null;
  };

  const shown = hovered ?? (focused === null ? null : current);
  const cell = describe(current);
  return (
    <div
      className="heatmap-grid"
      ref={box}
      onPointerMove={(event) => setHovered(cellUnder(event))}
      onPointerLeave={() => setHovered(null)}
      onPointerUp={(event) => {
        const under = cellUnder(event);
        if (under !== null) {
          setFocused(under);
          choose(under);
        }
      }}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <div
        className="heatmap-cells"
        role="grid"
        aria-label={`Heat map of ${title}`}
        aria-rowcount={rows}
        aria-colcount={columns}
      >
        <div role="row" aria-rowindex={rows - Math.floor(current / columns)}>
          <div
            role="gridcell"
            className="heatmap-cell"
            tabIndex={0}
            aria-colindex={(current % columns) + 1}
            aria-selected={current === chosenCell}
            aria-label={`${cell.place}: ${cell.value}`}
            data-cell={current}
            style={cellBox(frame, current, columns, rows)}
            onFocus={() => setFocused(current)}
            onBlur={() => setFocused(null)}
            onKeyDown={onKeyDown}
          />
        </div>
      </div>
      {shown !== null && <Tooltip frame={frame} cell={shown} columns={columns} rows={rows} width={size.width} {...describe(shown)} />}
      <span className="visually-hidden" aria-live="polite">
        {focused === null ? "" : `${cell.place}: ${cell.value}`}
      </span>
    </div>
  );
}

function cellBox(frame: HeatMapFrame, cell: number, columns: number, rows: number) {
  return {
    left: frame.left + (cell % columns) * frame.cellWidth,
    top: frame.top + (rows - 1 - Math.floor(cell / columns)) * frame.cellHeight,
    width: frame.cellWidth,
    height: frame.cellHeight,
  };
}

interface TooltipProps {
  frame: HeatMapFrame;
  cell: number;
  columns: number;
  rows: number;
  width: number;
  place: string;
  value: string;
  count: string;
}

function Tooltip({ frame, cell, columns, rows, width, place, value, count }: TooltipProps) {
  const box = cellBox(frame, cell, columns, rows);
  const toLeft = box.left > width / 2;
  const side = toLeft ? { right: width - box.left + 8 } : { left: box.left + box.width + 8 };
  return (
    <div className="heatmap-tooltip" style={{ ...side, top: Math.max(0, box.top - 8) }} data-tooltip>
      <strong>{value}</strong>
      <span>{place}</span>
      {count !== "" && <span className="muted">{count}</span>}
    </div>
  );
}
