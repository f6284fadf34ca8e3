import { useEffect, useMemo, useRef, useState } from "react";
import type { BarsInColumns } from "../api/schema";
import type { BacktestResult, Instrument, Trade } from "../api/types";
import { useStored } from "../state/useStored";
import { useTheme } from "../state/theme";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { decimalsOf, plural } from "../ui/format";
import { isIntraday } from "./timeframe";
import { Legend } from "./Legend";
import { type Edge, isLine, PriceChart } from "./priceChart";
import { ScriptTables } from "./ScriptTables";
import { type ChartBars, chartBars, runOffset, toSeconds } from "./seriesData";
import { chartStory, type PriceAction } from "./story";
import "./chart.css";

interface ChartPanelProps {
  bars: BarsInColumns | undefined;
  loading: boolean;
  error: Error | null;
  onRetry: () => void;
  instrument: Instrument | undefined;
  result: BacktestResult | undefined;
  trade: Trade | null;
  /** What the bars are, where symbol and timeframe do not say it all: another one moves the view to the newest bars. */
  name?: string;
  /** Gaps, rolls, splits, dividends and a partial last bar are shown. */
  story?: boolean;
  actions?: readonly PriceAction[];
  /** A bar that is brought into view. */
  at?: string | null;
  /** Somebody moved the view to where the bars end. */
  onEdge?: (edge: Edge) => void;
}

const kNoActions: readonly PriceAction[] = [];

export function ChartPanel({ bars, loading, error, onRetry, instrument, result, trade, name, story, actions = kNoActions, at = null, onEdge }: ChartPanelProps) {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<PriceChart | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [logScale, setLogScale] = useStored("log-scale", false);
  const [colors, setColors] = useState<string[]>([]);
  const shown = useRef("");
  const theme = useTheme();
  const edgeHandler = useRef(onEdge);
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

  const told = useMemo(
    () => (story === true && bars !== undefined && data !== null ? chartStory(bars, data.time, actions, decimalsOf(tickSize)) : null),
    [story, bars, data, actions, tickSize],
  );

  useEffect(() => {
    edgeHandler.current = onEdge;
  });

  useEffect(() => {
    if (host.current === null) return undefined;
    const created = new PriceChart(host.current, setHovered, (edge) => edgeHandler.current?.(edge));
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
    const what = `${bars.symbol} ${bars.timeframe} ${name ?? ""}`;
    chart.setBars(data, { intraday: isIntraday(bars.timeframe), tickSize, fresh: shown.current !== what });
    shown.current = what;
  }, [chart, data, bars, tickSize, name]);

  useEffect(() => chart?.setStory(told), [chart, told]);

  useEffect(() => {
    if (at !== null) chart?.showBar(toSeconds(at));
  }, [chart, at]);

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
    <section className="chart-panel" aria-label="Chart" aria-busy={loading} data-bars={data?.time.length ?? 0} data-markers={fitting?.trades.length ?? 0} data-gaps={told?.gaps.length} data-rolls={told?.rolls.length} data-actions={told?.actions.length} data-partial={told?.partial}>
      <div className="chart-host" ref={host} role="img" aria-label={label} />
      {data !== null && !empty && (
        <Legend
          bars={data}
          hovered={hovered}
          tickSize={tickSize}
          offset={offset ?? 0}
          story={told}
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
          <p>{bars.empty_reason ?? "No bars are stored for this instrument yet. Data, Import takes a file."}</p>
        </div>
      )}
    </section>
  );
}
