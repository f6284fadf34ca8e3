// The price chart: candles, volume, the strategy's plots and its trades. React owns when, this class owns how; it
// touches the canvas only through Lightweight Charts.

import {
  AreaSeries,
  BarSeries,
  CandlestickSeries,
  type CandlestickData,
  ColorType,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  type HistogramData,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineSeries,
  LineStyle,
  LineType,
  PriceScaleMode,
  type SeriesType,
  type Time,
} from "lightweight-charts";
import type { Drawings, Plot, Trade } from "../api/types";
import { decimalsOf, formatTime } from "../ui/format";
import { type Palette, readPalette } from "./palette";
import { type MarkDetail, markDetail, marksBetween } from "./markDetail";
import { barColors, ScriptPrimitive } from "./scriptPrimitive";
import {
  barIndexAt,
  type ChartBars,
  plotColor,
  plotColorAt,
  plotIndex,
  plotPoints,
  tradeMarks,
  toSeconds,
  type TradeMark,
} from "./seriesData";
import type { ChartStory } from "./story";
import { StoryPrimitive } from "./storyPrimitive";

/** How many bars a fresh chart shows. */
const kBarsShown = 180;

/** With fewer bars than this before the view, more are asked for. */
const kEdgeBars = 60;

export type Edge = "older" | "newer";

const kLineKinds = new Set(["plot", "line", "hline"]);

export class PriceChart {
  readonly #container: HTMLElement;
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #chosen: ISeriesApi<"Line">;
  #palette: Palette;
  #bars: ChartBars | null = null;
  #plots: { plot: Plot; color: string | null; order: number; series: ISeriesApi<SeriesType> }[] = [];
  readonly #script = new ScriptPrimitive();
  #below: { series: ISeriesApi<SeriesType>; primitive: ScriptPrimitive } | null = null;
  #shown: { plots: readonly Plot[]; drawings: Drawings | null; offset: number } = { plots: [], drawings: null, offset: 0 };
  #marks: TradeMark[] = [];
  #detail: MarkDetail = "marks";
  #trade: Trade | null = null;
  readonly #storyPrimitive = new StoryPrimitive();
  #story: ChartStory | null = null;
  #touched = false;
  #colored = false;

  /** `onEdge`: somebody moved the view to where the bars end that are there. */
  constructor(container: HTMLElement, onHover: (bar: number | null) => void, onEdge: (edge: Edge) => void = () => {}) {
    this.#container = container;
    const touch = (event: PointerEvent | WheelEvent) => {
      if (event.type === "wheel" || event.buttons !== 0) this.#touched = true;
    };
    for (const event of ["wheel", "pointerdown", "pointermove"] as const) {
      container.addEventListener(event, touch, { passive: true, capture: true });
    }
    this.#palette = readPalette();
    this.#chart = createChart(container, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: true } },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.22 } },
      timeScale: { borderVisible: false, rightOffset: 6, minBarSpacing: 0.02, enableConflation: true },
      localization: { locale: "en-GB" },
    });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: "volume",
      priceFormat: { type: "volume" },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.#candles.attachPrimitive(this.#script);
    this.#candles.attachPrimitive(this.#storyPrimitive);
    this.#markers = createSeriesMarkers<Time>(this.#candles, []);
    this.#chosen = this.#chart.addSeries(LineSeries, {
      lineWidth: 2,
      lineStyle: LineStyle.Dashed,
      lastValueVisible: false,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
      pointMarkersVisible: true,
      pointMarkersRadius: 4,
      autoscaleInfoProvider: () => null,
    });
    this.#applyPalette();

    this.#chart.subscribeCrosshairMove((event) => {
      const count = this.#bars?.time.length ?? 0;
      const bar = event.point === undefined || event.logical === undefined ? null : Math.round(event.logical);
      onHover(bar !== null && bar >= 0 && bar < count ? bar : null);
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      // Which bars are in view, for whoever looks at the page without seeing the canvas (tests do).
      const time = this.#bars?.time;
      if (range !== null && time !== undefined) {
        const bar = (index: number) => time[Math.min(time.length - 1, Math.max(0, Math.round(index)))] ?? 0;
        container.dataset["inView"] = `${formatTime(bar(range.from) * 1000)}/${formatTime(bar(range.to) * 1000)}`;
      }
      if (range !== null && this.#detailFor(range.from, range.to) !== this.#detail) this.#drawMarks();
      if (range === null || time === undefined || !this.#touched) return;
      if (range.from < kEdgeBars) onEdge("older");
      else if (range.to >= time.length - 1) onEdge("newer");
    });
  }

  /** Takes the page's colours anew, after the theme changed. */
  refreshColors(): void {
    this.#palette = readPalette();
    this.#applyPalette();
    if (this.#bars !== null) this.#volume.setData(this.#volumeData(this.#bars));
    for (const { plot, color, order, series } of this.#plots) {
      if (isLine(plot)) series.applyOptions(colorOptions(plot, this.#plotColor(color, order)));
    }
    this.#showScript();
    this.#drawMarks();
    this.showTrade(this.#trade);
    this.setStory(this.#story);
  }

  /** What is missing, rolls, splits and dividends; of the bars that were set. */
  setStory(story: ChartStory | null): void {
    const pale = this.#story?.partial === true || story?.partial === true;
    this.#story = story;
    this.#storyPrimitive.show(story, this.#palette);
    if (pale) this.#colorBars();
  }

  #colorBars(): void {
    const bars = this.#bars;
    if (bars === null) return;
    const colors = this.#barColors(bars);
    // Many bars take long to set, and mostly none has a colour of its own.
    if (colors.size === 0 && !this.#colored) return;
    this.#colored = colors.size > 0;
    this.#candles.setData(candleData(bars, colors));
  }

  /** Of a script; a bar that is not whole yet is pale. */
  #barColors(bars: ChartBars): ReadonlyMap<number, string> {
    const { plots, offset } = this.#shown;
    const colors = barColors(plots, bars.time.length, offset);
    if (this.#story?.partial !== true) return colors;
    const last = bars.time.length - 1;
    const rising = (bars.close[last] ?? 0) >= (bars.open[last] ?? 0);
    return new Map([...colors, [last, rising ? this.#palette.upVolume : this.#palette.downVolume]]);
  }

  /**
   * `fresh`: another instrument or timeframe, so the view moves to its newest bars. Else it stays on the bars that it
   * showed, however many came before them; at the newest bar it follows.
   */
  setBars(bars: ChartBars, options: { intraday: boolean; tickSize: number; fresh: boolean }): void {
    const view = options.fresh ? null : this.#viewOn(bars);
    this.#bars = bars;
    // Until somebody moves it again, the view is where the bars put it.
    this.#touched = false;
    const intraday = options.intraday;
    this.#candles.applyOptions({
      priceFormat: { type: "price", precision: decimalsOf(options.tickSize), minMove: options.tickSize },
    });
    this.#chart.applyOptions({
      timeScale: { timeVisible: intraday, secondsVisible: false },
      localization: {
        timeFormatter: (time: Time) =>
          typeof time === "number" ? `${formatTime(time * 1000)}${intraday ? " UTC" : ""}` : "",
      },
    });
    // Zoomed far out, the library keeps summaries of a series, which are wrong once another has moved its places.
    this.#volume.setData([]);
    this.#candles.setData(candleData(bars));
    this.#colored = false;
    this.#volume.setData(this.#volumeData(bars));
    if (options.fresh) this.showNewest();
    else if (view !== null) this.#chart.timeScale().setVisibleLogicalRange(view);
  }

  /** Where the bars in view are among others. */
  #viewOn(bars: ChartBars): { from: number; to: number } | null {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    const before = this.#bars?.time ?? [];
    if (range === null || before.length === 0 || bars.time.length === 0) return null;
    const follows = range.to >= before.length - 1 && bars.time[0] === before[0];
    const anchor = follows ? before.length - 1 : Math.min(before.length - 1, Math.max(0, Math.round(range.from)));
    const shift = follows ? bars.time.length - before.length : barIndexAt(bars.time, before[anchor] ?? 0) - anchor;
    return { from: range.from + shift, to: range.to + shift };
  }

  showNewest(): void {
    const count = this.#bars?.time.length ?? 0;
    this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(-2, count - kBarsShown), to: count + 5 });
  }

  fit(): void {
    this.#chart.timeScale().fitContent();
  }

  setLogScale(on: boolean): void {
    this.#chart
      .priceScale("right")
      .applyOptions({ mode: on ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal });
  }

  /**
   * What the run shows: plots on the price or in a pane of their own below, and what the script draws on both; `offset`
   * as runOffset() says. Returns the colour of each line.
   */
  setScript(plots: readonly Plot[], drawings: Drawings | null, offset: number): string[] {
    // The pane below goes with its last series, and what was drawn on it too.
    for (const { series } of this.#plots) this.#chart.removeSeries(series);
    this.#plots = [];
    this.#below = null;
    const bars = this.#bars;
    if (bars === null) return [];
    this.#shown = { plots, drawings, offset };
    const colors = plots.filter(isLine).map((plot, order) => {
      const color = this.#plotColor(plot.color, order);
      const series = this.#addLine(plot, color);
      series.setData(plotPoints(bars.time, plot, offset));
      this.#plots.push({ plot, color: plot.color, order, series });
      return color;
    });
    for (const plot of plots) {
      if (!plot.visible || (plot.kind !== "candle" && plot.kind !== "bar")) continue;
      const series =
        plot.kind === "candle"
          ? this.#chart.addSeries(CandlestickSeries, kQuiet, plot.overlay ? 0 : 1)
          : this.#chart.addSeries(BarSeries, kQuiet, plot.overlay ? 0 : 1);
      series.setData(plottedCandles(bars, plot, offset));
      this.#plots.push({ plot, color: null, order: 0, series });
    }
    const lower = this.#plots.find(({ plot }) => !plot.overlay);
    if (lower !== undefined) {
      this.#below = { series: lower.series, primitive: new ScriptPrimitive() };
      lower.series.attachPrimitive(this.#below.primitive);
    }
    this.#colorBars();
    this.#showScript();
    return colors;
  }

  #showScript(): void {
    const bars = this.#bars;
    if (bars === null) return;
    const { text, fontFamily } = this.#palette;
    const picture = { ...this.#shown, bars, text, fontFamily, alone: this.#below === null };
    this.#script.show({ ...picture, overlay: true });
    this.#below?.primitive.show({ ...picture, overlay: false });
  }

  #addLine(plot: Plot, color: string): ISeriesApi<SeriesType> {
    const options = {
      ...kQuiet,
      ...colorOptions(plot, color),
      title: "",
      lastValueVisible: !plot.overlay,
      crosshairMarkerVisible: false,
      // Far plots (a stop at zero) must not flatten the candles.
      ...(plot.overlay ? { autoscaleInfoProvider: () => null } : {}),
    };
    const pane = plot.overlay ? 0 : 1;
    const width = Math.min(4, Math.max(plot.kind === "hline" ? 1 : 2, plot.line_width)) as 1 | 2 | 3 | 4;
    const style = plot.style.replace("plot.style_", "");
    if (style === "histogram" || style === "columns") return this.#chart.addSeries(HistogramSeries, options, pane);
    if (style.startsWith("area")) return this.#chart.addSeries(AreaSeries, { ...options, lineWidth: width }, pane);
    const dots = style === "circles" || style === "cross";
    return this.#chart.addSeries(
      LineSeries,
      {
        ...options,
        lineWidth: width,
        lineType: style.startsWith("stepline") ? LineType.WithSteps : LineType.Simple,
        lineStyle: lineStyle(plot),
        lineVisible: !dots,
        ...(dots ? { pointMarkersVisible: true, pointMarkersRadius: width } : {}),
      },
      pane,
    );
  }

  setTrades(trades: readonly Trade[]): void {
    this.#marks = this.#bars === null ? [] : tradeMarks(this.#bars.time, trades);
    this.#drawMarks();
  }

  /** Draws the line from a trade's entry to its exit; null removes it. */
  showTrade(trade: Trade | null): void {
    this.#trade = trade;
    const time = this.#bars?.time;
    const last = time?.at(-1);
    // An open trade is drawn up to the newest close.
    const exitPrice = trade?.exit_price ?? this.#bars?.close.at(-1);
    if (trade === null || time === undefined || last === undefined || exitPrice === undefined) {
      this.#chosen.setData([]);
      return;
    }
    const entry = toSeconds(trade.entry_time);
    const exit = trade.exit_time === null ? last : toSeconds(trade.exit_time);
    this.#chosen.applyOptions({ color: trade.profit >= 0 ? this.#palette.up : this.#palette.down });
    this.#chosen.setData(
      exit > entry && entry >= (time[0] ?? Infinity)
        ? [
            { time: entry, value: trade.entry_price },
            { time: exit, value: exitPrice },
          ]
        : [],
    );
  }

  /** Moves the view so that the whole trade is seen with some bars around it. */
  moveTo(trade: Trade): void {
    const time = this.#bars?.time;
    if (time === undefined || time.length === 0) return;
    const entry = Math.max(0, barIndexAt(time, toSeconds(trade.entry_time)));
    const exit = trade.exit_time === null ? time.length - 1 : Math.max(0, barIndexAt(time, toSeconds(trade.exit_time)));
    const margin = Math.max(24, Math.round((exit - entry) * 0.6));
    this.#chart.timeScale().setVisibleLogicalRange({ from: entry - margin, to: exit + margin });
  }

  /** Moves the view to a bar, as wide as it is, unless the bar is seen already. */
  showBar(time: number): void {
    const scale = this.#chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    const bar = barIndexAt(this.#bars?.time ?? [], time);
    if (range === null || bar < 0 || (bar >= range.from && bar <= range.to)) return;
    const half = (range.to - range.from) / 2;
    scale.setVisibleLogicalRange({ from: bar - half, to: bar + half });
  }

  remove(): void {
    this.#chart.remove();
  }

  #plotColor(color: string | null, order: number): string {
    const { plot1, plot2, plot3, plot4 } = this.#palette;
    const fallback = [plot1, plot2, plot3, plot4][order % 4] ?? plot1;
    return plotColor(color, fallback);
  }

  #volumeData(bars: ChartBars): HistogramData<Time>[] {
    const { upVolume, downVolume } = this.#palette;
    const data: HistogramData<Time>[] = [];
    for (let bar = 0; bar < bars.time.length; ++bar) {
      const value = bars.volume[bar] ?? null;
      if (value === null) continue;
      const rising = (bars.close[bar] as number) >= (bars.open[bar] as number);
      data.push({ time: bars.time[bar] as Time, value, color: rising ? upVolume : downVolume });
    }
    return data;
  }

  #detailFor(from: number, to: number): MarkDetail {
    const time = this.#bars?.time ?? [];
    const at = (bar: number) => time[Math.min(time.length - 1, Math.max(0, Math.round(bar)))] ?? 0;
    return markDetail(to - from, marksBetween(this.#marks, at(from), at(to)));
  }

  #drawMarks(): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    this.#detail = range === null ? "marks" : this.#detailFor(range.from, range.to);
    const detail = this.#detail;
    this.#container.dataset["marks"] = detail;
    if (detail === "none") {
      this.#markers.setMarkers([]);
      return;
    }
    const small = detail === "small" ? 0.5 : 1;
    const { up, down, long, short } = this.#palette;
    const colors = { long, short, gain: up, loss: down };
    this.#markers.setMarkers(
      this.#marks.map(({ time, position, shape, role, text }) => ({
        time,
        position,
        shape,
        color: colors[role],
        size: small * (shape === "circle" ? 0.7 : 1),
        ...(detail === "text" ? { text } : {}),
      })),
    );
  }

  #applyPalette(): void {
    const { surface, text, fontFamily, grid, line, crosshair, label, up, down } = this.#palette;
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: surface },
        textColor: text,
        fontFamily,
        panes: { separatorColor: line, separatorHoverColor: line },
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: {
        vertLine: { color: crosshair, labelBackgroundColor: label, style: LineStyle.Dashed },
        horzLine: { color: crosshair, labelBackgroundColor: label, style: LineStyle.Dashed },
      },
    });
    this.#candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
  }
}

const kQuiet = { lastValueVisible: false, priceLineVisible: false };

export function isLine(plot: Plot): boolean {
  return plot.visible && kLineKinds.has(plot.kind);
}

/** A horizontal line is dashed unless it says otherwise. */
function lineStyle({ kind, style }: Plot): LineStyle {
  if (style.endsWith("_dashed") || (kind === "hline" && style === "")) return LineStyle.Dashed;
  return style.endsWith("_dotted") ? LineStyle.Dotted : LineStyle.Solid;
}

function colorOptions(plot: Plot, color: string): Record<string, string> {
  if (!plot.style.startsWith("plot.style_area")) return { color };
  const soft = /^#[\da-f]{6,8}$/i.test(color) ? `${color.slice(0, 7)}40` : "transparent";
  return { lineColor: color, topColor: soft, bottomColor: soft };
}

function candleData(bars: ChartBars, colors: ReadonlyMap<number, string> = new Map()): CandlestickData<Time>[] {
  return bars.time.map((time, bar) => {
    const color = colors.get(bar);
    return {
      time,
      open: bars.open[bar] as number,
      high: bars.high[bar] as number,
      low: bars.low[bar] as number,
      close: bars.close[bar] as number,
      ...(color === undefined ? {} : { color, wickColor: color, borderColor: color }),
    };
  });
}

/** The candles of plotcandle() and the bars of plotbar(). */
function plottedCandles(bars: ChartBars, plot: Plot, offset: number): CandlestickData<Time>[] {
  const candles: CandlestickData<Time>[] = [];
  bars.time.forEach((time, bar) => {
    const at = plotIndex(plot, bar, offset);
    const [open, high, low, close] = [plot.open?.[at], plot.high?.[at], plot.low?.[at], plot.values[at]];
    const color = plotColorAt(plot, bar, offset) ?? undefined;
    if (typeof open !== "number" || typeof high !== "number" || typeof low !== "number" || typeof close !== "number") return;
    candles.push({ time, open, high, low, close, ...(color === undefined ? {} : { color, wickColor: color, borderColor: color }) });
  });
  return candles;
}
