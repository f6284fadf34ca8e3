import type { BacktestResult, MetricValues } from "../api/types";
import { formatDate, formatNumber, formatPercent, formatSigned, formatSignedPercent, formatTime, plural } from "../ui/format";
import { describe, leftOut } from "./describe";
import { formatMetric, formatMetricNamed, kMetricGroups, type MetricRow, metricTitle, otherMetrics, tone } from "./metrics";
import "./backtest.css";

export function Overview({ result, currency }: { result: BacktestResult; currency: string }) {
  const { metrics } = result;
  return (
    <div className="overview">
      <p className="muted">
        {result.symbol}, {result.timeframe}, {plural(result.bar_count, "bar")}, {formatDate(result.first_time)} to{" "}
        {formatDate(result.last_time)}
      </p>
      <dl className="tiles">
        <Tile title="Net profit" value={`${formatSigned(metrics["net_profit"])} ${currency}`} note={formatSignedPercent(metrics["net_profit_percent"])} tone={tone(metrics["net_profit"])} />
        <Tile title="Buy and hold" value={formatSignedPercent(metrics["buy_and_hold_return_percent"])} />
        <Tile title="Largest drawdown" value={formatPercent(metrics["max_drawdown_percent"])} />
        <Tile title="Sharpe ratio" value={formatNumber(metrics["sharpe_ratio"], 3)} />
        <Tile title="Profit factor" value={formatNumber(metrics["profit_factor"], 3)} />
        <Tile title="Closed trades" value={formatNumber(metrics["total_closed_trades"], 0)} note={`${formatPercent(metrics["percent_profitable"], 1)} won`} />
      </dl>
      <p className="overview-words">{describe(result).join(" ")}</p>
      <Notes result={result} />
      <div className="metric-groups">
        {kMetricGroups.map((group) => (
          <MetricTable key={group.title} title={group.title} rows={group.rows} result={result} currency={currency} />
        ))}
        <OtherMetrics values={metrics} />
      </div>
    </div>
  );
}

function Tile({ title, value, note, tone: toneName = "" }: { title: string; value: string; note?: string; tone?: string }) {
  return (
    <div className="tile">
      <dt>{title}</dt>
      <dd className={toneName}>
        {value}
        {note !== undefined && <span className="tile-note">{note}</span>}
      </dd>
    </div>
  );
}

function Notes({ result }: { result: BacktestResult }) {
  return (
    <>
      {result.no_trades_reasons.length > 0 && (
        <div className="notice warning">
          <div>
            <strong>{result.trades.length === 0 ? "There were no trades." : "Some orders were not filled."}</strong>
            <ul>
              {result.no_trades_reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {[...result.warnings, ...leftOut(result)].map((warning) => (
        <p className="notice warning" key={warning}>
          {warning}
        </p>
      ))}
      {result.messages.length > 0 && (
        <details className="messages">
          <summary>{plural(result.messages.length, "message")} from the script</summary>
          <ul>
            {result.messages.slice(0, 200).map((message, index) => (
              // Messages have no identity of their own and never change their order.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index}>
                <span className="muted">
                  {formatTime(message.time)} {message.kind}
                </span>{" "}
                {message.text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface MetricTableProps {
  title: string;
  rows: readonly MetricRow[];
  result: BacktestResult;
  currency: string;
}

function MetricTable({ title, rows, result, currency }: MetricTableProps) {
  const { metrics } = result;
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">
            {title}
            {title === "Return" && `, ${currency}`}
          </th>
          <th scope="col">All</th>
          <th scope="col">Long</th>
          <th scope="col">Short</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" title={row.help}>
              {row.title}
            </th>
            <Figure row={row} values={metrics} />
            <Figure row={row} values={metrics.long} />
            <Figure row={row} values={metrics.short} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figure({ row, values }: { row: MetricRow; values: MetricValues | undefined }) {
  const value = values?.[row.name];
  // A side has only the metrics of its trades; an empty cell says so more quietly than a dash.
  if (value === undefined) return <td />;
  const percent = row.percent === undefined ? undefined : values?.[row.percent];
  return (
    <td className={row.signed === true ? tone(value) : ""}>
      {formatMetric(row, value)}
      {percent !== undefined && (
        <span className="figure-percent">{row.signed === true ? formatSignedPercent(percent) : formatPercent(percent)}</span>
      )}
    </td>
  );
}

function OtherMetrics({ values }: { values: MetricValues }) {
  const names = otherMetrics(values);
  if (names.length === 0) return null;
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">Further</th>
          <th scope="col">All</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{metricTitle(name)}</th>
            <td>{formatMetricNamed(name, values[name])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
