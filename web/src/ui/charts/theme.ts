import type { Palette } from "../../chart/palette";

/** The page's own look for ECharts. */
export function chartTheme(palette: Palette): object {
  const axis = {
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.text },
    splitLine: { lineStyle: { color: palette.grid } },
    nameTextStyle: { color: palette.text },
  };
  return {
    color: [palette.strategy, palette.unseen, palette.plot3, palette.plot4, palette.hold, palette.up, palette.down],
    backgroundColor: "transparent",
    textStyle: { fontFamily: palette.fontFamily, fontSize: 11, color: palette.text },
    legend: { textStyle: { color: palette.label }, itemWidth: 14, itemHeight: 8 },
    tooltip: {
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.label, fontSize: 12 },
      confine: true,
    },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
    logAxis: axis,
    parallelAxis: axis,
  };
}
