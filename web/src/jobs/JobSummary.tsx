import { Fragment } from "react";
import { formatMetric, kMetricGroups, type MetricRow, tone } from "../backtest/metrics";
import { EquityView } from "../backtest/EquityView";
import type { HoldMetrics, InputValue, Job, MetricValues, OptimizeResults, PeriodMetrics } from "../api/types";
import { Icon } from "../ui/Icon";
import { formatDate, formatInteger, formatPercent, formatSignedPercent, kNone } from "../ui/format";
import { Verdict } from "../validation/VerdictView";
import { Exports } from "./Exports";
import { formatValue, type TitleOf } from "./values";

interface JobSummaryProps {
  /** null: one of a tournament's, which has no files of its own. */
  job: Job | null;
  results: OptimizeResults;
  currency: string;
  titleOf: TitleOf;
  onUse: (parameters: Record<string, InputValue>) => void;
  onVerdict: () => void;
  /** Back to the form with what was asked for; null where that is not known. */
  onAgain: (() => void) | null;
}

/** The best values, and what they did where the search looked and where it did not. */
export function JobSummary({ job, results, currency, titleOf, onUse, onVerdict, onAgain }: JobSummaryProps) {
  return (
    <div className="summary" data-parts={comparedPeriods(results).length}>
      <div className="summary-text">
        {job !== null && job.note !== null && job.note !== "" && <p className="notice">{job.note}</p>}
        {results.assessment && <Verdict assessment={results.assessment} onMore={onVerdict} />}
        <p className="notice summary-statement">{results.statement}</p>
        {results.stopped && <p className="notice">{kStopped[results.stopped] ?? `It was stopped: ${results.stopped}.`}</p>}
        {results.warnings?.map((warning) => (
          <p className="notice warning" key={warning}>
            {warning}
          </p>
        ))}
      </div>
      <section className="summary-values" aria-label="Best values">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Default</th>
              <th scope="col">Best</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(results.parameters).map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{titleOf(name)}</th>
                <td className="muted">{formatValue(results.default_parameters[name])}</td>
                <td>
                  <strong>{formatValue(value)}</strong>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <button type="button" className="button primary" onClick={() => onUse(results.parameters)}>
          <Icon name="check" size={14} />
          Use these values
        </button>
        {onAgain !== null && (
          <button type="button" className="button" onClick={onAgain}>
            <Icon name="refresh" size={14} />
            Change and search again
          </button>
        )}
        <p className="muted">
          {formatInteger(results.trials_tried)} trials{results.combinations === null ? "" : ` of ${formatInteger(results.combinations)} combinations`}, {results.sampler}, seed{" "}
          {results.seed}. Data <code title={results.data_fingerprint}>{results.data_fingerprint.slice(0, 12)}</code>
        </p>
        {job?.state === "completed" && <Exports job={job} />}
      </section>
      <section className="summary-compare" aria-label="In sample and out of sample" tabIndex={0}>
        <Comparison results={results} />
      </section>
      <section className="summary-equity" aria-label="Equity">
        <EquityView curve={results.equity} split={results.equity.split_index} currency={currency} />
      </section>
    </div>
  );
}

const kStopped: Partial<Record<string, string>> = {
  no_better: "It ended early: for as many trials as were asked, none was better than the best before.",
  time_limit: "It ended early: its time was over. Such a search is not the same on every machine.",
};

const kCompared = [
  "net_profit_percent",
  "max_drawdown_percent",
  "sharpe_ratio",
  "sortino_ratio",
  "profit_factor",
  "total_closed_trades",
  "percent_profitable",
  "average_trade",
];

const kPercentRows: readonly MetricRow[] = [
  { name: "net_profit_percent", title: "Return", unit: "percent", signed: true },
  { name: "max_drawdown_percent", title: "Largest drawdown", unit: "percent" },
];

function comparedRows(): MetricRow[] {
  const all = [...kPercentRows, ...kMetricGroups.flatMap((group) => group.rows)];
  return kCompared.flatMap((name) => all.find((row) => row.name === name) ?? []);
}

interface ComparedPeriod {
  title: string;
  swatch: string;
  period: PeriodMetrics;
  hold: HoldMetrics | null;
}

/** The parts that the bars were cut into, in their order. */
function comparedPeriods({ in_sample: seen, validation_sample: chosen, out_of_sample: unseen, buy_and_hold: hold }: OptimizeResults): ComparedPeriod[] {
  const periods: ComparedPeriod[] = [{ title: "In sample", swatch: "swatch-strategy", period: seen, hold: hold.in_sample }];
  if (chosen) periods.push({ title: "Validation", swatch: "swatch-unseen", period: chosen, hold: hold.validation_sample ?? null });
  if (unseen) periods.push({ title: "Out of sample", swatch: "swatch-unseen", period: unseen, hold: hold.out_of_sample });
  return periods;
}

function Comparison({ results }: { results: OptimizeResults }) {
  const periods = comparedPeriods(results);
  return (
    <table className="figures comparison">
      <thead>
        <tr>
          <td aria-hidden="true" />
          {periods.map(({ title, swatch, period }) => (
            <PeriodHead key={title} title={title} swatch={swatch} period={period} />
          ))}
        </tr>
        <tr>
          <th scope="col">Metric</th>
          {periods.map(({ title }) => (
            <Fragment key={title}>
              <th scope="col">Strategy</th>
              <th scope="col">Buy and hold</th>
            </Fragment>
          ))}
        </tr>
      </thead>
      <tbody>
        {comparedRows().map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.title}</th>
            {periods.map(({ title, period, hold }) => (
              <PeriodFigures key={title} row={row} values={period.metrics} hold={hold} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PeriodHead({ title, swatch, period }: { title: string; swatch: string; period: PeriodMetrics }) {
  return (
    <th scope="colgroup" colSpan={2} className="comparison-period">
      <span className={`swatch ${swatch}`} />
      {title}
      <span className="comparison-dates">
        {formatDate(period.from)} to {formatDate(period.to)}
      </span>
    </th>
  );
}

function PeriodFigures({ row, values, hold }: { row: MetricRow; values: MetricValues; hold: HoldMetrics | null }) {
  const value = values[row.name];
  const signed = row.signed === true;
  return (
    <>
      <td className={signed ? tone(value) : ""}>{formatMetric(row, value)}</td>
      <td className="muted">{holdFigure(row.name, hold)}</td>
    </>
  );
}

function holdFigure(name: string, hold: HoldMetrics | null): string {
  if (hold === null) return kNone;
  if (name === "net_profit_percent") return formatSignedPercent(hold.return_percent);
  return name === "max_drawdown_percent" ? formatPercent(hold.max_drawdown_percent) : "";
}
