import type { ECElementEvent, ECharts, EChartsCoreOption } from "echarts/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Palette, readPalette } from "../../chart/palette";
import { useReducedMotion } from "../../state/motion";
import { useTheme } from "../../state/theme";
import { chartTheme } from "./theme";
import "./chart.css";

interface ChartProps {
  /** What it shows, in a sentence, for those who do not see it. */
  label: string;
  /** Of ECharts; made anew when the theme changes, since the canvas does not know custom properties. */
  option: (palette: Palette) => EChartsCoreOption;
  /** Changes when the chart should. The option is read only then, and when the theme changes. */
  version: unknown;
  /** The same figures as a table, shown on demand: every chart has one. */
  table: ReactNode;
  /** Pixels. */
  height?: number;
  onClick?: (event: ECElementEvent) => void;
}

/** Any chart that is not of prices over time. */
export function Chart({ label, option, version, table, height = 260, onClick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef({ option, onClick });
  const [asTable, setAsTable] = useState(false);
  const [ready, setReady] = useState(false);
  const theme = useTheme();
  const still = useReducedMotion();

  useEffect(() => {
    latest.current = { option, onClick };
  });

  useEffect(() => {
    const element = host.current;
    if (element === null || asTable) return undefined;
    let gone = false;
    const watch = new ResizeObserver(() => chart.current?.resize());
    void import("./echarts").then(({ init }) => {
      if (gone) return;
      const made = init(element, chartTheme(readPalette()), { renderer: "canvas" });
      made.on("click", (event) => latest.current.onClick?.(event));
      chart.current = made;
      watch.observe(element);
      setReady(true);
    });
    return () => {
      gone = true;
      watch.disconnect();
      chart.current?.dispose();
      chart.current = null;
      setReady(false);
    };
  }, [asTable, theme]);

  useEffect(() => {
    if (!ready) return;
    chart.current?.setOption({ animation: !still, animationDuration: 200, ...latest.current.option(readPalette()) }, { notMerge: true });
  }, [ready, version, still]);

  return (
    <figure className="figure" aria-label={label}>
      <button type="button" className="button quiet small figure-switch" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
        {asTable ? "Chart" : "Table"}
      </button>
      {/* Keys: ECharts empties its element when it goes, which must not be the table's by then. */}
      {asTable ? (
        <div key="table" className="figure-table" style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={`${label}, as a table`}>
          {table}
        </div>
      ) : (
        <div key="canvas" ref={host} className="figure-canvas" role="img" aria-label={label} data-ready={ready || undefined} style={{ height }} />
      )}
    </figure>
  );
}
