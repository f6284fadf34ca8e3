// Equity against buy and hold, with the fall below the peak in a pane of its own.

import {
  AreaSeries,
  ColorType,
  createChart,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type LineData,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { EquityCurve } from "../api/types";
import { readPalette } from "../chart/palette";
import { toSeconds } from "../chart/seriesData";
import { formatCompact, formatPercent, formatTime } from "../ui/format";
import { drawdownPercent } from "./drawdown";

export class EquityChart {
  readonly #chart: IChartApi;
  readonly #hold: ISeriesApi<"Line">;
  readonly #seen: ISeriesApi<"Line">;
  readonly #unseen: ISeriesApi<"Line">;
  readonly #drawdown: ISeriesApi<"Area">;

  constructor(container: HTMLElement, onHover: (point: number | null) => void) {
    this.#chart = createChart(container, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: false } },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.08 } },
      timeScale: { borderVisible: false, minBarSpacing: 0.01, fixLeftEdge: true, fixRightEdge: true },
      localization: {
        locale: "en-GB",
        timeFormatter: (time: Time) => (typeof time === "number" ? formatTime(time * 1000) : ""),
      },
    });
    const line = { lineWidth: 2, priceLineVisible: false, lastValueVisible: false } as const;
    const money = { type: "custom", formatter: formatCompact, minMove: 0.01 } as const;
    this.#hold = this.#chart.addSeries(LineSeries, { ...line, lineWidth: 1, priceFormat: money });
    this.#seen = this.#chart.addSeries(LineSeries, { ...line, priceFormat: money });
    this.#unseen = this.#chart.addSeries(LineSeries, { ...line, priceFormat: money });
    this.#drawdown = this.#chart.addSeries(
      AreaSeries,
      {
        ...line,
        lineWidth: 1,
        invertFilledArea: true,
        priceFormat: { type: "custom", formatter: (value: number) => formatPercent(value, 1), minMove: 0.01 },
      },
      1,
    );
    this.#chart.panes()[0]?.setStretchFactor(3);
    this.#chart.panes()[1]?.setStretchFactor(1);
    this.refreshColors();
    this.#chart.subscribeCrosshairMove((event) => {
      onHover(event.point === undefined || event.logical === undefined ? null : Math.round(event.logical));
    });
  }

  /** `split`: the first point that the search did not see; null when there is none. */
  setCurve(curve: EquityCurve, split: number | null): void {
    const time = curve.time.map(toSeconds);
    const end = split ?? time.length;
    this.#hold.setData(points(time, curve.buy_and_hold, 0, time.length));
    // Both parts share the point at the split, so that the line has no hole.
    this.#seen.setData(points(time, curve.equity, 0, Math.min(time.length, split === null ? end : end + 1)));
    this.#unseen.setData(split === null ? [] : points(time, curve.equity, end, time.length));
    this.#drawdown.setData(points(time, drawdownPercent(curve.equity, split), 0, time.length));
    this.#chart.timeScale().fitContent();
  }

  refreshColors(): void {
    const palette = readPalette();
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: palette.surface },
        textColor: palette.text,
        fontFamily: palette.fontFamily,
        panes: { separatorColor: palette.line },
      },
      grid: { vertLines: { visible: false }, horzLines: { color: palette.grid } },
      crosshair: {
        vertLine: { color: palette.crosshair, labelBackgroundColor: palette.label, style: LineStyle.Dashed },
        horzLine: { color: palette.crosshair, labelBackgroundColor: palette.label, style: LineStyle.Dashed },
      },
    });
    this.#hold.applyOptions({ color: palette.hold });
    this.#seen.applyOptions({ color: palette.strategy });
    this.#unseen.applyOptions({ color: palette.unseen });
    this.#drawdown.applyOptions({
      lineColor: palette.down,
      topColor: palette.downVolume,
      bottomColor: palette.downVolume,
    });
  }

  remove(): void {
    this.#chart.remove();
  }
}

function points(time: readonly UTCTimestamp[], values: readonly (number | null)[], from: number, to: number): LineData<Time>[] {
  const data: LineData<Time>[] = [];
  for (let point = from; point < to; ++point) {
    const value = values[point] ?? null;
    if (value !== null) data.push({ time: time[point] as UTCTimestamp, value });
  }
  return data;
}
