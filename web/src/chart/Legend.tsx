import type { Plot } from "../api/types";
import { decimalsOf, formatCompact, formatNumber, formatSigned, formatSignedPercent, formatTime } from "../ui/format";
import { type ChartStory, storyAt } from "./story";
import { type ChartBars, plotColorAt, plotValue } from "./seriesData";

interface LegendProps {
  bars: ChartBars;
  /** The bar under the crosshair; null shows the newest. */
  hovered: number | null;
  tickSize: number;
  plots: readonly { plot: Plot; color: string }[];
  offset: number;
  story?: ChartStory | null;
}

/** Prices of one bar and the plots' values on it, in the corner of the chart. */
export function Legend({ bars, hovered, tickSize, plots, offset, story = null }: LegendProps) {
  const bar = hovered ?? bars.time.length - 1;
  const close = bars.close[bar];
  if (close === undefined) return null;
  const before = bars.close[bar - 1];
  const change = before === undefined ? null : close - before;
  const tone = change === null || change === 0 ? "" : change > 0 ? "up" : "down";
  const decimals = decimalsOf(tickSize);
  const told = story === null ? [] : storyAt(story, bar, bars.time.length - 1);
  const price = (value: number | undefined) => formatNumber(value, decimals);
  return (
    <div className="legend">
      <dl className="legend-row">
        <div>
          <dt className="visually-hidden">Time, UTC</dt>
          <dd className="legend-time">{formatTime((bars.time[bar] ?? 0) * 1000)}</dd>
        </div>
        <LegendItem name="O" title="Open" value={price(bars.open[bar])} tone={tone} />
        <LegendItem name="H" title="High" value={price(bars.high[bar])} tone={tone} />
        <LegendItem name="L" title="Low" value={price(bars.low[bar])} tone={tone} />
        <LegendItem name="C" title="Close" value={price(close)} tone={tone} />
        {change !== null && before !== undefined && (
          <LegendItem
            name=""
            title="Change from the bar before"
            value={`${formatSigned(change, decimals)} (${formatSignedPercent(before === 0 ? null : (change / before) * 100)})`}
            tone={tone}
          />
        )}
        <LegendItem name="Vol" title="Volume" value={formatCompact(bars.volume[bar])} tone="" />
      </dl>
      {told.map((text) => (
        <p key={text} className="legend-story">
          {text}
        </p>
      ))}
      {plots.length > 0 && (
        <dl className="legend-row">
          {plots.map(({ plot, color }, order) => (
            <div className="legend-item" key={`${plot.title}-${order}`}>
              <dt>
                <span className="swatch" style={{ background: plot.colors === null ? color : (plotColorAt(plot, bar, offset) ?? "transparent") }} />
                {plot.title}
              </dt>
              <dd>{price(plotValue(plot, bar, offset) ?? undefined)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function LegendItem({ name, title, value, tone }: { name: string; title: string; value: string; tone: string }) {
  return (
    <div className="legend-item">
      <dt title={title}>{name}</dt>
      <dd className={tone}>{value}</dd>
    </div>
  );
}
