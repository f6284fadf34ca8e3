// Draws a chart's story (story.ts): a primitive of Lightweight Charts, attached to the candles.

import type {
  IChartApiBase,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from "lightweight-charts";
import type { Palette } from "./palette";
import type { BarMark, ChartStory } from "./story";

const kBandWidthMin = 3; // pixels
const kLabelHeight = 16;

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

interface Pane {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly x: (bar: number) => number;
}

export class StoryPrimitive implements ISeriesPrimitive<Time> {
  #chart: IChartApiBase<Time> | null = null;
  #update: () => void = () => {};
  #story: ChartStory | null = null;
  #palette: Palette | null = null;
  readonly #views: IPrimitivePaneView[] = [
    { zOrder: () => "bottom", renderer: () => ({ draw: (target) => this.#paint(target, drawBands) }) },
    { zOrder: () => "top", renderer: () => ({ draw: (target) => this.#paint(target, drawMarks) }) },
  ];

  attached({ chart, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.#chart = chart;
    this.#update = requestUpdate;
  }

  detached(): void {
    this.#chart = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  show(story: ChartStory | null, palette: Palette): void {
    this.#story = story;
    this.#palette = palette;
    this.#update();
  }

  #paint(target: Target, draw: (pane: Pane, story: ChartStory, palette: Palette) => void): void {
    const [story, palette] = [this.#story, this.#palette];
    const scale = this.#chart?.timeScale();
    const origin = scale?.logicalToCoordinate(0 as Logical) ?? null;
    const next = scale?.logicalToCoordinate(1 as Logical) ?? null;
    if (story === null || palette === null || origin === null || next === null) return;
    target.useMediaCoordinateSpace(({ context, mediaSize: { width, height } }) => {
      context.save();
      draw({ context, width, height, x: (bar) => origin + bar * (next - origin) }, story, palette);
      context.restore();
    });
  }
}

function drawBands({ context, width, height, x }: Pane, { gaps }: ChartStory, palette: Palette): void {
  const colors = { missing: palette.down, no_trade: palette.hold, unknown: palette.plot2 };
  context.globalAlpha = 0.22;
  for (const { kind, from, to } of gaps) {
    const left = x(from);
    const size = Math.max(kBandWidthMin, x(to) - left);
    if (left > width || left + size < 0) continue;
    context.fillStyle = colors[kind];
    context.fillRect(left, 0, size, height);
  }
}

function drawMarks(pane: Pane, { rolls, actions }: ChartStory, palette: Palette): void {
  const { context, height } = pane;
  context.font = `10px ${palette.fontFamily}`;
  context.textBaseline = "middle";
  context.strokeStyle = palette.plot3;
  context.setLineDash([4, 4]);
  for (const [mark, at] of inView(pane, rolls, -0.5)) {
    context.beginPath();
    context.moveTo(at, kLabelHeight);
    context.lineTo(at, height);
    context.stroke();
    drawLabel(pane, mark.label, at, height - kLabelHeight, palette.plot3, palette.surface);
  }
  context.setLineDash([]);
  for (const [mark, at] of inView(pane, actions, 0)) {
    drawLabel(pane, mark.label, at, height - 2.2 * kLabelHeight, mark.label === "S" ? palette.plot1 : palette.plot4, palette.surface);
  }
}

/** The marks that can be seen, far enough from one another that their labels can be read. */
function* inView({ width, x }: Pane, marks: readonly BarMark[], shift: number): Generator<[BarMark, number]> {
  for (const mark of marks) {
    const at = x(mark.bar + shift);
    if (at >= 0 && at <= width) yield [mark, at];
  }
}

function drawLabel({ context, width }: Pane, text: string, at: number, y: number, color: string, textColor: string): void {
  const size = context.measureText(text).width + 8;
  const left = Math.min(width - size, Math.max(0, at - size / 2));
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(left, y - kLabelHeight / 2, size, kLabelHeight, 3);
  context.fill();
  context.fillStyle = textColor;
  context.textAlign = "left";
  context.fillText(text, left + 4, y);
}
