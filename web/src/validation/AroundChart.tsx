import type { ReactNode } from "react";
import type { Stability } from "../api/types";
import type { TitleOf } from "../jobs/values";
import { Chart } from "../ui/charts/Chart";
import { formatNumber, formatSigned } from "../ui/format";

interface AroundChartProps {
  stability: Stability;
  titleOf: TitleOf;
  objectiveTitle: string;
  /** The same figures. */
  table: ReactNode;
}

/** The objective a step or two beside the best values, a line a parameter: a plateau holds, a peak falls off. */
export function AroundChart({ stability, titleOf, objectiveTitle, table }: AroundChartProps) {
  const parameters = [...new Set(stability.rows.map(({ parameter }) => parameter))];
  return (
    <Chart
      label={`${objectiveTitle} around the best values, by steps of each parameter`}
      version={stability}
      height={240}
      option={(palette) => ({
        grid: { left: 8, right: 16, top: 34, bottom: 26, containLabel: true },
        legend: { top: 4, left: 8, right: 72, type: "plain" },
        tooltip: {
          trigger: "item",
          formatter: ({ seriesName, data: [steps, value] }: { seriesName: string; data: number[] }) =>
            `${seriesName}, ${steps === 0 ? "best" : `${formatSigned(steps, 0)} steps`}: ${formatNumber(value, 4)}`,
        },
        xAxis: { type: "value", name: "Steps from the best", nameLocation: "middle", nameGap: 26, min: -2, max: 2, interval: 1, axisLine: { onZero: false } },
        yAxis: { type: "value", scale: true, axisLine: { onZero: false } },
        series: parameters.map((parameter) => ({
          name: titleOf(parameter),
          type: "line",
          symbol: "circle",
          symbolSize: 7,
          data: [
            ...stability.rows.filter((row) => row.parameter === parameter && row.objective !== null).map(({ steps, objective }) => [steps, objective]),
            ...(stability.best === null ? [] : [[0, stability.best]]),
          ].toSorted(([one], [other]) => (one ?? 0) - (other ?? 0)),
        })),
        color: [palette.strategy, palette.unseen, palette.plot3, palette.plot4, palette.hold],
      })}
      table={table}
    />
  );
}
