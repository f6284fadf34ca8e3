import { useQueryClient } from "@tanstack/react-query";
import type { EChartsCoreOption } from "echarts/core";
import { useEffect, useId } from "react";
import type { BenchmarkStory, Comparison, InsertRates, Measurement, StoredRun, Trend } from "../api/schema";
import type { Palette } from "../chart/palette";
import { Chart } from "../ui/charts/Chart";
import { formatInteger, formatNumber, formatPercent, formatSignedPercent, formatTime, plural, sentenceName } from "../ui/format";
import { TableScroll } from "../ui/table/TableScroll";
import { monitorState } from "./address";
import { BenchmarkForm } from "./BenchmarkForm";
import { isWorking, useBenchmark, usePerformance } from "./monitorApi";
import { Answer, Facts, measured } from "./parts";
import { formatBytes, formatSeconds, formatUtc, formatWithUnit } from "./values";

/** Inserts and calculation now and in the newest benchmark, beside the stored baseline. */
export function Performance() {
  const { benchmark } = monitorState.use();
  const performance = usePerformance();
  const status = useBenchmark(benchmark);
  const queries = useQueryClient();
  const state = status.data?.state;
  const working = isWorking(status.data);
  useEffect(() => {
    if (state !== undefined && !working) void queries.invalidateQueries({ queryKey: ["health", "performance"] });
  }, [state, working, queries]);
  return (
    <>
      <section className="section" aria-label="Inserts">
        <div className="section-head">
          <h3>Inserts now</h3>
        </div>
        <Answer query={performance} what="The speed could not be loaded" lines={3}>
          {({ inserts, unmeasured }) => <Inserts inserts={inserts} unmeasured={unmeasured} />}
        </Answer>
      </section>
      <section className="section" aria-label="Benchmark">
        <div className="section-head">
          <h3>Benchmark</h3>
        </div>
        <BenchmarkForm status={status} />
        <Answer query={performance} what="The benchmarks could not be loaded" lines={8}>
          {(answer) => <Story story={answer.benchmark} unmeasured={answer.unmeasured} />}
        </Answer>
      </section>
    </>
  );
}

function Inserts({ inserts, unmeasured }: { inserts: InsertRates; unmeasured: Partial<Record<string, string>> }) {
  return (
    <div className="card">
      <Facts
        facts={[
          ["Bars stored since the start", formatInteger(inserts.bars_stored)],
          measured("Since the start", formatWithUnit(inserts.bars_per_second, "bars/s"), unmeasured["inserts.bars_per_second"]),
          measured("In the last minute", formatWithUnit(inserts.bars_per_second_last_minute, "bars/s"), unmeasured["inserts.bars_per_second_last_minute"]),
        ]}
      />
    </div>
  );
}

function Story({ story, unmeasured }: { story: BenchmarkStory; unmeasured: Partial<Record<string, string>> }) {
  if (story.run === null) {
    return (
      <div className="place-empty">
        <h3>No benchmark yet</h3>
        <p className="muted">
          The first one in which everything was measured is the baseline that later ones are compared with. It measures inserts,
          reads, calculation, an index and the connections of the database that you use, and touches nothing of yours.
        </p>
      </div>
    );
  }
  const regressions = story.regressions ?? [];
  return (
    <>
      {regressions.length > 0 && (
        <p className="notice warning" role="status">
          Worse than the baseline: {regressions.map((name) => sentenceName(name).toLowerCase()).join(", ")}. Measure once more on a quiet
          machine before you believe it.
        </p>
      )}
      <p className="muted">
        {about("Newest run", story.run)}
        {story.baseline === null
          ? `; no baseline: ${unmeasured["benchmark.baseline"] ?? "none was measured yet"}`
          : story.baseline.id === story.run.id
            ? "; it is the baseline"
            : `; ${about("baseline", story.baseline)}`}
      </p>
      <Runs run={story.run} baseline={story.baseline} comparisons={story.comparisons ?? []} />
      <Newest trends={story.trend} />
      <Machine run={story.run} />
    </>
  );
}

function about(what: string, { run }: StoredRun): string {
  return `${what} of ${formatUtc(run.started_at)}, version ${run.program_version}, took ${formatSeconds(run.seconds)}`;
}

interface RunsProps {
  run: StoredRun;
  baseline: StoredRun | null;
  comparisons: readonly Comparison[];
}

function Runs({ run, baseline, comparisons }: RunsProps) {
  const isBaseline = baseline?.id === run.id;
  return (
    <TableScroll label="Benchmark beside the baseline">
      <table className="plain-table monitor-table numbers" aria-label="Benchmark beside the baseline">
        <thead>
          <tr>
            <th scope="col">Measured</th>
            <th scope="col" className="number">Now</th>
            <th scope="col" className="number">Baseline</th>
            <th scope="col" className="number" title="Above 0 is better">Better by</th>
            <th scope="col" className="number">Spread</th>
            <th scope="col" className="number" title="Of the design with a row and a transaction a bar; above 1 ours is better">Against the rival</th>
          </tr>
        </thead>
        <tbody>
          {run.run.measurements.map((each) => (
            <Row
              key={each.name}
              measurement={each}
              baseline={isBaseline ? undefined : baseline?.run.measurements.find(({ name }) => name === each.name)}
              comparison={isBaseline ? undefined : comparisons.find(({ name }) => name === each.name)}
            />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Row({ measurement, baseline, comparison }: { measurement: Measurement; baseline: Measurement | undefined; comparison: Comparison | undefined }) {
  const { name, description, value, unit, spread, ratio, reason } = measurement;
  const change = comparison?.change ?? null;
  return (
    <tr data-measurement={name}>
      <td className="monitor-measured">
        {sentenceName(name)}
        <span className="monitor-why">{description}</span>
      </td>
      {value === null ? (
        <td colSpan={5} className="monitor-wrap muted">
          Not measured: {reason ?? "no reason is known"}
        </td>
      ) : (
        <>
          <td className="number">
            <strong>{formatWithUnit(value, unit)}</strong>
          </td>
          <td className="number">{formatWithUnit(baseline?.value, unit)}</td>
          <td className="number" title={comparison?.reason ?? undefined}>
            {change === null ? (
              <span className="muted">{comparison?.reason == null ? "–" : "not comparable"}</span>
            ) : (
              <span className={comparison?.is_regression === true ? "down" : undefined}>
                {formatSignedPercent(change * 100, 0)}
                {comparison?.is_regression === true && " (worse)"}
              </span>
            )}
          </td>
          <td className="number">{spread === null ? "–" : `±${formatPercent(spread * 100, 0)}`}</td>
          <td className="number" title={measurement.rival}>
            {ratio === null ? "–" : `${formatNumber(ratio, ratio < 10 ? 2 : 0)} times`}
          </td>
        </>
      )}
    </tr>
  );
}

/** One measurement over the newest runs. */
function Newest({ trends }: { trends: readonly Trend[] }) {
  const { measure } = monitorState.use();
  const id = useId();
  const trend = trends.find((each) => each.name === measure) ?? trends[0];
  if (trend === undefined) return null;
  return (
    <div className="card">
      <div className="section-head">
        <h4>Over the newest {plural(trend.times.length, "run")}</h4>
        <div className="monitor-measure">
          <label className="muted" htmlFor={id}>
            Measurement
          </label>
          <select id={id} className="control" value={trend.name} onChange={(event) => monitorState.update({ measure: event.target.value })}>
            {trends.map((each) => (
              <option key={each.name} value={each.name}>
                {sentenceName(each.name)}
              </option>
            ))}
          </select>
        </div>
      </div>
      {trend.values.every((value) => value === null) ? (
        <p className="muted monitor-nothing">No run measured this.</p>
      ) : (
        <Chart
          label={`${sentenceName(trend.name)} over the newest runs`}
          option={(palette) => trendOption(palette, trend)}
          version={trend}
          height={200}
          table={
            <table className="plain-table numbers">
              <thead>
                <tr>
                  <th scope="col">Run, UTC</th>
                  <th scope="col" className="number">{sentenceName(trend.name)}</th>
                </tr>
              </thead>
              <tbody>
                {trend.times.map((time, run) => (
                  <tr key={time}>
                    <td>{formatUtc(time).replace(" UTC", "")}</td>
                    <td className="number">{trend.values[run] === null ? "not measured" : formatWithUnit(trend.values[run], trend.unit)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          }
        />
      )}
    </div>
  );
}

function trendOption(palette: Palette, trend: Trend): EChartsCoreOption {
  return {
    grid: { left: 4, right: 12, top: 34, bottom: 2, containLabel: true },
    xAxis: { type: "category", data: trend.times.map((time) => formatTime(Math.floor(Date.parse(time) / 60_000) * 60_000)) },
    yAxis: { type: "value", min: 0, splitNumber: 3, axisLabel: { formatter: (value: number) => formatWithUnit(value, trend.unit) } },
    tooltip: { trigger: "axis", valueFormatter: (value: unknown) => (typeof value === "number" ? formatWithUnit(value, trend.unit) : "not measured") },
    series: [
      {
        type: "line",
        data: trend.values,
        symbolSize: 6,
        lineStyle: { width: 1.5, color: palette.strategy },
        itemStyle: { color: palette.strategy },
      },
    ],
  };
}

function Machine({ run: { run } }: { run: StoredRun }) {
  const { hardware } = run;
  return (
    <div className="card">
      <Facts
        facts={[
          ["Database", `${run.database_kind} ${run.database_version}`],
          ["Processor", `${hardware.cpu_model ?? "not known"}, ${plural(hardware.cores, "core")}`],
          measured("Memory", formatBytes(hardware.memory_bytes), "nothing is known of the machine"),
          ["Disk", [hardware.disk, hardware.file_system].filter((each) => each !== null).join(", ") || "not known"],
          ["Kernel", hardware.kernel ?? "not known"],
        ]}
      />
    </div>
  );
}
