import type { Job } from "../api/types";
import { Chart } from "../ui/charts/Chart";
import { formatInteger, formatNumber } from "../ui/format";
import type { Sighting } from "./bestSoFar";
import { formatValue, type TitleOf } from "./values";
import "../ui/place.css";

const kRowsMax = 100;

interface BestSoFarProps {
  job: Job;
  found: readonly Sighting[];
  titleOf: TitleOf;
}

/** How the best of a running search rose, and with which values. */
export function BestSoFar({ job, found, titleOf }: BestSoFarProps) {
  const last = found.at(-1);
  const names = Object.keys(last?.parameters ?? {});
  const table = (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">Trial</th>
          <th scope="col" className="number">
            Objective, in sample
          </th>
          {names.map((name) => (
            <th scope="col" className="number" key={name}>
              {titleOf(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {found
          .toReversed()
          .slice(0, kRowsMax)
          .map((each) => (
            <tr key={each.trial}>
              <th scope="row">{formatInteger(each.trial)}</th>
              <td className="number">{formatNumber(each.objective, 4)}</td>
              {names.map((name) => (
                <td className="number" key={name}>
                  {formatValue(each.parameters[name])}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
  return (
    <section className="progress-found" aria-label="Best so far">
      <Chart
        label="Best objective so far, over the trials that were done"
        version={`${found.length} ${job.trials_done}`}
        height={220}
        option={(palette) => ({
          animation: false,
          grid: { left: 8, right: 16, top: 34, bottom: 26, containLabel: true },
          tooltip: {
            trigger: "item",
            formatter: ({ data: [done, value] }: { data: number[] }) => `Trial ${formatInteger(done)}: ${formatNumber(value, 4)}`,
          },
          xAxis: { type: "value", name: "Trial", nameLocation: "middle", nameGap: 26, min: 0, max: Math.max(job.trials_done, 1), axisLabel: { showMaxLabel: false } },
          yAxis: { type: "value", scale: true, name: "Best so far", nameTextStyle: { align: "left" } },
          series: [
            {
              type: "line",
              step: "end",
              symbolSize: 6,
              data: [
                ...found.map(({ trial, objective }) => [trial, objective]),
                ...(last === undefined ? [] : [[job.trials_done, last.objective]]),
              ],
              lineStyle: { color: palette.strategy, width: 2 },
              itemStyle: { color: palette.strategy },
            },
          ],
        })}
        table={table}
      />
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Values that were the best">
        {table}
      </div>
      <p className="muted">
        What was the best while this page looked. All trials, the importance of parameters and the trade-offs are shown when the
        search has ended.
      </p>
    </section>
  );
}
