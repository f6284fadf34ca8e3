// What a script draws beyond lines of values: backgrounds, fills, shapes, and its labels, lines and boxes. A primitive of
// Lightweight Charts, attached to a series of the pane it draws on.

import type {
  Coordinate,
  IChartApiBase,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  SeriesType,
  Time,
} from "lightweight-charts";
import type { BoxDrawing, Drawings, LabelDrawing, LineDrawing, Plot } from "../api/types";
import { barsInView, dashes, extended, markPixels, type Point, textPixels } from "./scriptGeometry";
import { type ChartBars, plotColor, plotColorAt, plotIndex, plotValue } from "./seriesData";
import { type Bubble, drawBubble, drawShape, drawText, isShape } from "./shapes";

/** What one pane shows of a run. */
export interface ScriptPicture {
  readonly bars: ChartBars;
  /** Where the run's first bar lies on the chart. */
  readonly offset: number;
  /** All plots of the run: a fill names two of them by their places. */
  readonly plots: readonly Plot[];
  /** The price pane; else the one below. */
  readonly overlay: boolean;
  /** There is no pane below, so what belongs there is here. */
  readonly alone: boolean;
  readonly drawings: Drawings | null;
  readonly text: string;
  readonly fontFamily: string;
}

const kBlue = "#2962FF";
const kLegendHeight = 44; // pixels, over the price pane
const kMarkKinds = new Set(["shape", "char", "arrow"]);

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

export class ScriptPrimitive implements ISeriesPrimitive<Time> {
  #chart: IChartApiBase<Time> | null = null;
  #series: ISeriesApi<SeriesType, Time> | null = null;
  #update: () => void = () => {};
  #picture: ScriptPicture | null = null;
  readonly #views: IPrimitivePaneView[];

  constructor() {
    const view = (zOrder: "bottom" | "normal", draw: (pane: Pane) => void): IPrimitivePaneView => ({
      zOrder: () => zOrder,
      renderer: () => ({ draw: (target) => this.#paint(target, draw) }),
    });
    this.#views = [view("bottom", drawBehind), view("normal", drawBefore)];
  }

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.#chart = chart;
    this.#series = series;
    this.#update = requestUpdate;
  }

  detached(): void {
    this.#chart = this.#series = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  show(picture: ScriptPicture | null): void {
    this.#picture = picture;
    this.#update();
  }

  #paint(target: Target, draw: (pane: Pane) => void): void {
    const picture = this.#picture;
    const scale = this.#chart?.timeScale();
    const range = scale?.getVisibleLogicalRange() ?? null;
    const series = this.#series;
    if (picture === null || series === null || scale === undefined || range === null) return;
    const x = (bar: number): number => scale.logicalToCoordinate(bar as Logical) ?? 0;
    const view = barsInView(range.from, range.to, picture.bars.time.length);
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.save();
      draw({
        ...picture,
        ...view,
        context,
        width: mediaSize.width,
        height: mediaSize.height,
        x,
        y: (price) => series.priceToCoordinate(price),
        spacing: x(1) - x(0),
      });
      context.restore();
    });
  }
}

/** A pane that is being painted: bars are those of the chart. */
interface Pane extends ScriptPicture {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly first: number;
  readonly last: number;
  readonly spacing: number;
  readonly x: (bar: number) => number;
  readonly y: (price: number) => Coordinate | null;
}

function drawBehind(pane: Pane): void {
  const { drawings } = pane;
  for (const plot of pane.plots) {
    if (!plot.visible || !belongs(pane, plot.overlay)) continue;
    if (plot.kind === "background") drawBackground(pane, plot);
    if (plot.kind === "fill") drawFill(pane, plot);
  }
  if (drawings === null) return;
  for (const fill of drawings.linefills) {
    const [one, two] = [drawings.lines[fill.line1 ?? -1], drawings.lines[fill.line2 ?? -1]];
    if (one === undefined || two === undefined || !isHere(pane, one)) continue;
    const [a, b] = [endsOf(pane, one), endsOf(pane, two)];
    if (a !== null && b !== null) area(pane, [a[0], a[1], b[1], b[0]], plotColor(fill.color, `${kBlue}33`));
  }
  for (const box of drawings.boxes) if (isHere(pane, box)) drawBox(pane, box);
}

function drawBefore(pane: Pane): void {
  const { drawings } = pane;
  if (drawings !== null) {
    for (const line of drawings.lines) if (isHere(pane, line)) drawLine(pane, line);
    for (const polyline of drawings.polylines) {
      if (!isHere(pane, polyline)) continue;
      const points = polyline.points.map((point) => place(pane, point.x, point.y)).filter((point) => point !== null);
      if (polyline.fill_color !== null) area(pane, points, plotColor(polyline.fill_color, "transparent"));
      const [start] = points;
      if (polyline.closed === true && start !== undefined) points.push(start);
      stroke(pane, points, plotColor(polyline.line_color, kBlue), polyline.line_width ?? 1, polyline.line_style);
    }
  }
  for (const plot of pane.plots) {
    if (plot.visible && belongs(pane, plot.overlay) && kMarkKinds.has(plot.kind)) drawMarks(pane, plot);
  }
  if (drawings !== null) for (const label of drawings.labels) if (isHere(pane, label)) drawLabel(pane, label);
}

function belongs(pane: Pane, overlay: boolean): boolean {
  return pane.alone || overlay === pane.overlay;
}

function isHere(pane: Pane, drawing: { force_overlay: boolean | null }): boolean {
  return belongs(pane, (pane.drawings?.overlay ?? true) || drawing.force_overlay === true);
}

/** A bar of the run and a price as a point of the pane. */
function place(pane: Pane, bar: number | null, price: number | null): Point | null {
  if (bar === null || price === null) return null;
  const y = pane.y(price);
  return y === null ? null : { x: pane.x(bar + pane.offset), y };
}

function area({ context }: Pane, points: readonly Point[], color: string): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = color;
  context.fill();
}

function stroke({ context }: Pane, points: readonly Point[], color: string, width: number, style: string | null): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  context.strokeStyle = color;
  context.lineWidth = Math.max(1, width);
  context.setLineDash(dashes(style));
  context.stroke();
  context.setLineDash([]);
}

// Plots.

function drawBackground(pane: Pane, plot: Plot): void {
  const half = pane.spacing / 2;
  for (let bar = pane.first; bar <= pane.last; ++bar) {
    const color = plotColorAt(plot, bar, pane.offset) ?? null;
    if (color === null) continue;
    pane.context.fillStyle = color;
    // Whole pixels, so that neighbours leave no seam.
    const from = Math.round(pane.x(bar) - half);
    pane.context.fillRect(from, 0, Math.max(1, Math.round(pane.x(bar) + half) - from), pane.height);
  }
}

function drawFill(pane: Pane, fill: Plot): void {
  const [one, two] = [pane.plots[fill.first ?? -1], pane.plots[fill.second ?? -1]];
  if (one === undefined || two === undefined) return;
  const end = (plot: Plot, bar: number): Point | null => {
    const value = plotValue(plot, bar, pane.offset);
    const y = value === null ? null : pane.y(value);
    return y === null ? null : { x: pane.x(bar), y };
  };
  let before: [Point, Point] | null = null;
  for (let bar = pane.first; bar <= pane.last; ++bar) {
    const [a, b] = [end(one, bar), end(two, bar)];
    const now: [Point, Point] | null = a === null || b === null ? null : [a, b];
    const own = plotColorAt({ ...fill, time_offset: one.time_offset }, bar, pane.offset);
    const color = own === undefined ? `${kBlue}33` : own;
    if (before !== null && now !== null && color !== null) area(pane, [before[0], now[0], now[1], before[1]], color);
    before = now;
  }
}

function drawMarks(pane: Pane, plot: Plot): void {
  const size = plot.kind === "arrow" ? 8 : markPixels(plot.size);
  for (let bar = pane.first; bar <= pane.last; ++bar) {
    const value = plotValue(plot, bar, pane.offset);
    if (value === null || value === 0) continue;
    const up = value > 0;
    const location = plot.kind === "arrow" ? (up ? "belowbar" : "abovebar") : plot.location.replace("location.", "");
    const above = location !== "belowbar" && location !== "bottom";
    const y = markHeight(pane, location, bar, value, size);
    if (y === null) continue;
    const given = plot.kind === "arrow" && !up ? (plot.down_color ?? undefined) : plotColorAt(plot, bar, pane.offset);
    if (given === null) continue;
    const color = given ?? (plot.kind === "arrow" ? (up ? "#4CAF50" : "#F23645") : kBlue);
    const style = plot.kind === "arrow" ? (up ? "arrowup" : "arrowdown") : plot.style.replace("shape.", "") || "xcross";
    drawMark(pane, plot, style, pane.x(bar), y, size, color, above);
  }
}

function markHeight(pane: Pane, location: string, bar: number, value: number, size: number): number | null {
  if (location === "top") return size + (pane.overlay ? kLegendHeight : 8);
  if (location === "bottom") return pane.height - size - 8;
  if (location === "absolute") return pane.y(value);
  const below = location === "belowbar";
  const y = pane.y((below ? pane.bars.low : pane.bars.high)[bar] ?? 0);
  return y === null ? null : y + (below ? 1 : -1) * (size + 6);
}

function drawMark(pane: Pane, plot: Plot, style: string, x: number, y: number, size: number, color: string, above: boolean): void {
  const { context, fontFamily } = pane;
  const pixels = textPixels(plot.size, 11);
  if (plot.kind === "char") {
    const glyph = plot.text === "" ? "★" : plot.text;
    drawText(context, { text: glyph, color, textColor: color, pixels: pixels + 2, fontFamily }, x, y, "center");
    return;
  }
  const text = { text: plot.text, color, textColor: plotColor(plot.text_color, pane.text), pixels, fontFamily };
  if (style === "labelup" || style === "labeldown") {
    const inside: Bubble = { ...text, textColor: plotColor(plot.text_color, "#FFFFFF") };
    drawBubble(context, inside, x, y, style === "labelup" ? "below" : "above");
    return;
  }
  drawShape(context, style, x, y, size, color);
  if (plot.text !== "") drawText(context, text, x, y + (above ? -1 : 1) * (size + pixels), "center");
}

// Drawings.

function endsOf(pane: Pane, line: LineDrawing): [Point, Point] | null {
  const [a, b] = [place(pane, line.x1, line.y1), place(pane, line.x2, line.y2)];
  return a === null || b === null ? null : extended(a, b, line.extend, pane.width);
}

function drawLine(pane: Pane, line: LineDrawing): void {
  const ends = endsOf(pane, line);
  if (ends === null) return;
  const color = plotColor(line.color, kBlue);
  stroke(pane, ends, color, line.width ?? 1, line.style);
  const [a, b] = ends;
  const heads = { both: [[a, b], [b, a]], left: [[b, a]], right: [[a, b]] } as const;
  const arrow = /style_arrow_(both|left|right)$/.exec(line.style ?? "")?.[1] as keyof typeof heads | undefined;
  for (const [from, to] of arrow === undefined ? [] : heads[arrow]) {
    const way = Math.atan2(to.y - from.y, to.x - from.x);
    const corner = (turn: number): Point => ({ x: to.x - 9 * Math.cos(way + turn), y: to.y - 9 * Math.sin(way + turn) });
    area(pane, [to, corner(0.4), corner(-0.4)], color);
  }
}

function drawBox(pane: Pane, box: BoxDrawing): void {
  const [a, b] = [place(pane, box.left, box.top), place(pane, box.right, box.bottom)];
  if (a === null || b === null) return;
  const { context } = pane;
  const extend = box.extend ?? "";
  const left = /left|both/.test(extend) ? Math.min(0, a.x) : Math.min(a.x, b.x);
  const right = /right|both/.test(extend) ? Math.max(pane.width, b.x) : Math.max(a.x, b.x);
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  if (box.bgcolor !== null) {
    context.fillStyle = plotColor(box.bgcolor, "transparent");
    context.fillRect(left, top, right - left, bottom - top);
  }
  const border = box.border_color ?? (box.bgcolor === null ? kBlue : null);
  if (border !== null && box.border_width !== 0) {
    const corners = [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }, { x: left, y: top }];
    stroke(pane, corners, plotColor(border, kBlue), box.border_width ?? 1, box.border_style);
  }
  if (box.text === null || box.text === "") return;
  const pixels = textPixels(box.text_size);
  const lines = box.text.split("\n").length;
  const align = /left|right/.exec(box.text_halign ?? "")?.[0] as "left" | "right" | undefined;
  const x = align === "left" ? left + 4 : align === "right" ? right - 4 : (left + right) / 2;
  const inset = (lines * pixels * 1.25) / 2 + 2;
  const y = /top/.test(box.text_valign ?? "") ? top + inset : /bottom/.test(box.text_valign ?? "") ? bottom - inset : (top + bottom) / 2;
  const text = { text: box.text, color: "", textColor: plotColor(box.text_color, pane.text), pixels, fontFamily: pane.fontFamily };
  drawText(context, text, x, y, align ?? "center");
}

function drawLabel(pane: Pane, label: LabelDrawing): void {
  const bar = label.x === null ? null : label.x + pane.offset;
  const near = bar === null ? 0 : Math.min(pane.bars.time.length - 1, Math.max(0, Math.round(bar)));
  const yloc = label.yloc ?? "";
  const price = yloc === "yloc.abovebar" ? pane.bars.high[near] : yloc === "yloc.belowbar" ? pane.bars.low[near] : label.y;
  const at = place(pane, label.x, price ?? null);
  if (at === null) return;
  const { context, fontFamily } = pane;
  const style = (label.style ?? "").replace("label.style_", "");
  const color = plotColor(label.color, kBlue);
  const plain = style === "none" || style === "text_outline";
  const bubble: Bubble = {
    text: label.text ?? "",
    color,
    textColor: plotColor(label.textcolor, plain ? pane.text : "#FFFFFF"),
    pixels: textPixels(label.size),
    fontFamily,
  };
  if (plain) {
    drawText(context, bubble, at.x, at.y, "center");
  } else if (isShape(style)) {
    const size = markPixels(typeof label.size === "string" ? label.size : "size.normal");
    drawShape(context, style, at.x, at.y, size, color);
    drawText(context, bubble, at.x, at.y - size - bubble.pixels, "center");
  } else {
    drawBubble(context, bubble, at.x, at.y, bubbleSide(style));
  }
}

/** `label_down` points down, so its box is above. */
function bubbleSide(style: string): "above" | "below" | "left" | "right" | "center" {
  if (style === "label_center") return "center";
  if (style === "label_left") return "right";
  if (style === "label_right") return "left";
  return style.includes("up") ? "below" : "above";
}

/** Colours of barcolor() on the chart's bars: the last call that gave one counts. */
export function barColors(plots: readonly Plot[], count: number, offset: number): Map<number, string> {
  const colors = new Map<number, string>();
  for (const plot of plots) {
    if (plot.kind !== "bar_color" || !plot.visible || plot.colors === null) continue;
    for (let bar = Math.max(0, offset); bar < count; ++bar) {
      if (plotIndex(plot, bar, offset) >= plot.colors.index.length) break;
      const color = plotColorAt(plot, bar, offset) ?? null;
      if (color !== null) colors.set(bar, color);
    }
  }
  return colors;
}
