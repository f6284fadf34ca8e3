// The heat map's canvas: cells, axis labels, the outline of the best and of the chosen cell.

import { readPalette } from "../chart/palette";
import { type ColorScale, colorAt, cssColor } from "./colorScale";
import type { HeatMap } from "./heatMap";

export interface HeatMapFrame {
  left: number;
  top: number;
  cellWidth: number;
  cellHeight: number;
}

const kBottom = 40;
const kTop = 4;
const kRight = 12;
const kLetter = 6.6;
const kCellMax = 72;

/** Where the cells lie in a box of this size, in CSS pixels. */
export function heatMapFrame(map: HeatMap, width: number, height: number): HeatMapFrame {
  const longest = map.y.labels.reduce((most, label) => Math.max(most, label.length), 1);
  const left = Math.min(150, 34 + longest * kLetter);
  const cell = (room: number, count: number) => Math.max(1, Math.min(kCellMax, room / Math.max(1, count)));
  return {
    left,
    top: kTop,
    cellWidth: cell(width - left - kRight, map.x.labels.length),
    cellHeight: cell(height - kTop - kBottom, map.y.labels.length),
  };
}

export function drawHeatMap(canvas: HTMLCanvasElement, map: HeatMap, scale: ColorScale, frame: HeatMapFrame, chosen: number): void {
  const ratio = window.devicePixelRatio;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);

  const palette = readPalette();
  const columns = map.x.labels.length;
  const rows = map.y.labels.length;
  const { left, top, cellWidth, cellHeight } = frame;
  const gap = cellWidth > 6 && cellHeight > 6 ? 1 : 0;
  const place = (cell: number) => ({
    x: left + (cell % columns) * cellWidth,
    y: top + (rows - 1 - Math.floor(cell / columns)) * cellHeight,
  });

  for (let cell = 0; cell < columns * rows; ++cell) {
    const value = map.values[cell] ?? Number.NaN;
    const { x, y } = place(cell);
    if (Number.isNaN(value)) {
      // Not tried is not zero: an empty frame instead of the neutral colour.
      context.strokeStyle = palette.grid;
      context.strokeRect(x + 0.5, y + 0.5, cellWidth - 1 - gap, cellHeight - 1 - gap);
      continue;
    }
    context.fillStyle = cssColor(colorAt(scale, value));
    context.fillRect(x, y, cellWidth - gap, cellHeight - gap);
  }

  const outline = (cell: number, color: string, dashed: boolean) => {
    if (cell < 0) return;
    const { x, y } = place(cell);
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.setLineDash(dashed ? [3, 2] : []);
    context.strokeRect(x, y, cellWidth - gap, cellHeight - gap);
  };
  outline(map.bestCell, palette.label, true);
  outline(chosen, palette.label, false);

  const bottom = top + rows * cellHeight;
  context.setLineDash([]);
  context.fillStyle = palette.text;
  context.font = `11px ${palette.fontFamily}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  everyNth(rows, 16 / cellHeight).forEach((row) => {
    context.fillText(map.y.labels[row] ?? "", left - 8, top + (rows - row - 0.5) * cellHeight);
  });
  context.textAlign = "center";
  const longest = map.x.labels.reduce((most, label) => Math.max(most, label.length), 1);
  everyNth(columns, (longest * kLetter + 10) / cellWidth).forEach((column) => {
    context.fillText(map.x.labels[column] ?? "", left + (column + 0.5) * cellWidth, bottom + 11);
  });

  context.fillStyle = palette.label;
  context.font = `500 11px ${palette.fontFamily}`;
  context.fillText(map.x.title, left + (columns * cellWidth) / 2, bottom + 29);
  context.save();
  context.translate(9, top + (rows * cellHeight) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(map.y.title, 0, 0);
  context.restore();
}

/** Labels that do not touch: each `apart` cells at least. */
function everyNth(count: number, apart: number): number[] {
  const step = Math.max(1, Math.ceil(apart));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}
