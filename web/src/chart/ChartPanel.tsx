import { useEffect, useMemo, useRef, useState } from "react";
import type { BacktestResult, Bars, Instrument, Trade } from "../api/types";
import { useStored } from "../state/useStored";
import { useTheme } from "../state/theme";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { plural } from "../ui/format";
import { isIntraday } from "./timeframe";
import { Legend } from "./Legend";
import { isLine, PriceChart } from "./priceChart";
import { ScriptTables } from "./ScriptTables";
import { type ChartBars, chartBars, runOffset } from "./seriesData";
import "./chart.css";

interface ChartPanelProps {
  bars: Bars | undefined;
  loading: boolean;
  error: Error | null;
  onRetry: () => void;
  instrument: Instrument | undefined;
  result: BacktestResult | undefined;
  trade: Trade | null;
}

export function ChartPanel({ bars, loading, error, onRetry, instrument, result, trade }: ChartPanelProps) {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<PriceChart | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [logScale, setLogScale] = useStored("log-scale", false);
  const [colors, setColors] = useState<string[]>([]);
  const shown = useRef("");
  const theme = useTheme();
  const tickSize = instrument?.tick_size ?? 0.01;

  const data: ChartBars | null = useMemo(() => (bars === undefined ? null : chartBars(bars)), [bars]);
  // A result of another instrument is on its way out; its trades do not belong on these bars.
  const fitting =
    bars !== undefined && result?.symbol === bars.symbol && result.timeframe === bars.timeframe ? result : undefined;
  const offset = useMemo(
    () => (data === null || fitting === undefined ? null : runOffset(data.time, fitting)),
    [data, fitting],
  );
  const plots = useMemo(() => (offset === null ? [] : (fitting?.plots ?? [])), [fitting, offset]);
  const lines = useMemo(() => plots.filter(isLine), [plots]);
  const drawings = offset === null ? null : (fitting?.drawings ?? null);

  useEffect(() => {
    if (host.current === null) return undefined;
    const created = new PriceChart(host.current, setHovered);
    setChart(created);
    return () => {
      shown.current = "";
      created.remove();
    };
  }, []);

  useEffect(() => chart?.refreshColors(), [chart, theme]);
  useEffect(() => chart?.setLogScale(logScale), [chart, logScale]);

  useEffect(() => {
    if (chart === null || data === null || bars === undefined) return;
    const name = `${bars.symbol} ${bars.timeframe}`;
    chart.setBars(data, { intraday: isIntraday(bars.timeframe), tickSize, fresh: shown.current !== name });
    shown.current = name;
  }, [chart, data, bars, tickSize]);

  useEffect(() => {
    if (chart !== null && data !== null) setColors(chart.setScript(plots, drawings, offset ?? 0));
  }, [chart, data, plots, drawings, offset, theme]);

  useEffect(() => {
    if (data !== null) chart?.setTrades(fitting?.trades ?? []);
  }, [chart, data, fitting]);

  useEffect(() => {
    if (chart === null || data === null) return;
    const own = fitting === undefined ? null : trade;
    chart.showTrade(own);
    if (own !== null) chart.moveTo(own);
  }, [chart, data, fitting, trade]);

  const empty = bars !== undefined && bars.row_count === 0;
  const label = bars === undefined ? "Price chart" : `Price chart of ${bars.symbol}, ${bars.timeframe}, ${plural(bars.row_count, "bar")}`;

  return (
    <section className="chart-panel" aria-label="Chart" aria-busy={loading} data-bars={data?.time.length ?? 0} data-markers={fitting?.trades.length ?? 0}>
      <div className="chart-host" ref={host} role="img" aria-label={label} />
      {data !== null && !empty && (
        <Legend
          bars={data}
          hovered={hovered}
          tickSize={tickSize}
          offset={offset ?? 0}
          plots={lines
            .map((plot, order) => ({ plot, color: colors[order] ?? "" }))
            .filter(({ plot }) => plot.kind !== "hline")}
        />
      )}
      {drawings !== null && <ScriptTables tables={drawings.tables} />}
      <div className="chart-tools">
        <button
          type="button"
          className="button quiet small"
          aria-pressed={logScale}
          title="Logarithmic price scale (L)"
          data-shortcut="l"
          onClick={() => setLogScale(!logScale)}
        >
          Log
        </button>
        <button
          type="button"
          className="button quiet icon small"
          aria-label="Show the whole history"
          title="Show the whole history (F)"
          data-shortcut="f"
          onClick={() => chart?.fit()}
        >
          <Icon name="fit" />
        </button>
        <button
          type="button"
          className="button quiet icon small"
          aria-label="Go to the newest bars"
          title="Go to the newest bars (N)"
          data-shortcut="n"
          onClick={() => chart?.showNewest()}
        >
          <Icon name="up" />
        </button>
      </div>
      <span className="chart-zone">UTC</span>
      {loading && <div className="chart-progress" role="status"><span className="visually-hidden">Loading bars</span></div>}
      {error !== null && (
        <div className="chart-cover">
          <Failure error={error} what="The bars could not be loaded" onRetry={onRetry} />
        </div>
      )}
      {error === null && empty && (
        <div className="chart-cover">
          <p>{bars.empty_reason ?? "No bars are stored for this instrument yet. Import some with: tradeassist import FILE --symbol S"}</p>
        </div>
      )}
    </section>
  );
}
