import { useEffect, useRef, useState } from "react";
import type { EquityCurve } from "../api/types";
import { useTheme } from "../state/theme";
import { formatNumber, formatPercent, formatTime } from "../ui/format";
import { drawdownPercent } from "./drawdown";
import { EquityChart } from "./equityChart";
import "../chart/chart.css";
import "./backtest.css";

interface EquityViewProps {
  curve: EquityCurve;
  /** First point out of sample, when the curve has one. */
  split?: number | null;
  currency: string;
}

/** The equity curve with its legend; the legend follows the crosshair and shows the end otherwise. */
export function EquityView({ curve, split = null, currency }: EquityViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EquityChart | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const theme = useTheme();

  useEffect(() => {
    if (host.current === null) return undefined;
    const created = new EquityChart(host.current, setHovered);
    setChart(created);
    return () => created.remove();
  }, []);
  useEffect(() => chart?.refreshColors(), [chart, theme]);
  useEffect(() => chart?.setCurve(curve, split), [chart, curve, split]);

  const last = curve.time.length - 1;
  if (last < 0) return <p className="tab-empty">There is no equity curve: the run had no bars.</p>;
  const point = hovered === null ? last : Math.min(last, Math.max(0, hovered));
  const drawdown = drawdownPercent(curve.equity.slice(0, point + 1), split).at(-1);
  const unseen = split !== null && point >= split;
  return (
    <figure className="equity" data-points={curve.time.length}>
      <figcaption className="equity-legend numbers">
        <span className="muted">{formatTime(curve.time[point])} UTC</span>
        <LegendItem className={unseen ? "swatch-unseen" : "swatch-strategy"} title={split === null ? "Strategy" : unseen ? "Strategy, out of sample" : "Strategy, in sample"} value={`${formatNumber(curve.equity[point])} ${currency}`} />
        <LegendItem className="swatch-hold" title="Buy and hold" value={`${formatNumber(curve.buy_and_hold[point])} ${currency}`} />
        <LegendItem className="swatch-drawdown" title="Below peak" value={formatPercent(drawdown)} />
      </figcaption>
      <div className="equity-host" ref={host} role="img" aria-label="Equity of the strategy against buy and hold, and drawdown below" />
    </figure>
  );
}

function LegendItem({ className, title, value }: { className: string; title: string; value: string }) {
  return (
    <span className="equity-item">
      <span className={`swatch ${className}`} />
      <span className="muted">{title}</span> {value}
    </span>
  );
}
