import type { ReactNode } from "react";
import { tone } from "../backtest/metrics";
import type { Assessment, OptimizeResults, OtherInstruments, RandomPeriods, Regimes, Stability } from "../api/types";
import { formatInteger, formatNumber, formatPercent, formatSigned, formatSignedPercent, sentenceName } from "../ui/format";
import { formatValue, type TitleOf } from "../jobs/values";
import { AroundChart } from "./AroundChart";
import { isDoubted, judgedTests, shownFigures, type Outcome, type TestLine } from "./verdict";
import "./validation.css";

interface VerdictViewProps {
  results: OptimizeResults;
  titleOf: TitleOf;
  objectiveTitle: string;
}

/** Whether what a search found means anything: a sentence, the tests behind it, and how the result holds up elsewhere. */
export function VerdictView({ results, titleOf, objectiveTitle }: VerdictViewProps) {
  const { assessment, stability, regimes, random_periods: periods, cross_validation: cross, other_instruments: others } = results;
  if (assessment === null || assessment === undefined) {
    return <p className="tab-empty">Nobody asked what this result is worth. A new search does.</p>;
  }
  return (
    <div className="verdict" tabIndex={0} role="region" aria-label="What the result is worth">
      <Verdict assessment={assessment} />
      <section className="verdict-tests" aria-label="Tests">
        <TestTable caption="What the verdict rests on" lines={judgedTests(assessment)} />
        <TestTable caption="What else is known" lines={shownFigures(assessment)} />
        {assessment.unknown.map((why) => (
          <p className="muted" key={why}>
            Not known: {why}
          </p>
        ))}
      </section>
      <section className="verdict-elsewhere" aria-label="How it holds up">
        {cross !== null && cross !== undefined && <Finding title="Chosen on other days" statement={cross.statement} />}
        {stability !== null && stability !== undefined && (
          <Around stability={stability} titleOf={titleOf} objectiveTitle={objectiveTitle} />
        )}
        {regimes !== null && regimes !== undefined && <InRegimes regimes={regimes} />}
        {periods !== null && periods !== undefined && <InPeriods periods={periods} />}
        {others !== null && others !== undefined && <OnOthers others={others} />}
      </section>
    </div>
  );
}

export function Verdict({ assessment, onMore }: { assessment: Assessment; onMore?: () => void }) {
  return (
    <div className={isDoubted(assessment) ? "notice warning verdict-text" : "notice verdict-text"}>
      <p>{assessment.verdict}</p>
      {onMore !== undefined && (
        <button type="button" className="button small" onClick={onMore}>
          Why
        </button>
      )}
    </div>
  );
}

const kOutcomes: Record<Outcome, { text: string; className: string }> = {
  passed: { text: "Passed", className: "badge outcome-passed" },
  failed: { text: "Failed", className: "badge outcome-failed" },
  unknown: { text: "Not known", className: "badge" },
  shown: { text: "", className: "" },
};

function TestTable({ caption, lines }: { caption: string; lines: readonly TestLine[] }) {
  const judges = lines.some(({ outcome }) => outcome !== "shown");
  return (
    <table className="figures tests">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Value</th>
          {judges && <th scope="col">Asked</th>}
          {judges && <th scope="col">Outcome</th>}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ title, figure, asked, meaning, outcome }) => (
          <tr key={title} data-outcome={outcome}>
            <th scope="row">
              {title}
              <span className="tests-meaning">{meaning}</span>
            </th>
            <td>{figure}</td>
            {judges && <td className="muted">{asked}</td>}
            {judges && (
              <td>
                <span className={kOutcomes[outcome].className}>{kOutcomes[outcome].text}</span>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A table of figures; its rows begin with what they are of. */
function Figures({ columns, children }: { columns: readonly string[]; children: ReactNode }) {
  return (
    <table className="figures">
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Finding({ title, statement, children }: { title: string; statement: string; children?: ReactNode }) {
  return (
    <section className="finding">
      <h3 className="section-title">{title}</h3>
      <p>{statement}</p>
      {children}
    </section>
  );
}

function Around({ stability, titleOf, objectiveTitle }: { stability: Stability; titleOf: TitleOf; objectiveTitle: string }) {
  return (
    <Finding title="Around the best values" statement={stability.statement}>
      {stability.rows.length > 0 && (
        <AroundChart
          stability={stability}
          titleOf={titleOf}
          objectiveTitle={objectiveTitle}
          table={
            <Figures columns={["Parameter", "Steps", "Value", objectiveTitle]}>
              {stability.rows.map(({ parameter, steps, value, objective }) => (
                <tr key={`${parameter} ${steps}`}>
                  <th scope="row">{titleOf(parameter)}</th>
                  <td className="muted">{formatSigned(steps, 0)}</td>
                  <td>{formatValue(value)}</td>
                  <td>{formatNumber(objective, 4)}</td>
                </tr>
              ))}
            </Figures>
          }
        />
      )}
    </Finding>
  );
}

function InRegimes({ regimes }: { regimes: Regimes }) {
  return (
    <Finding title="In market regimes" statement={regimes.statement}>
      <Figures columns={["Regime", "Days", "Strategy", "Holding", "Sharpe ratio"]}>
        {regimes.rows.map((row) => (
          <tr key={row.regime}>
            <th scope="row">{sentenceName(row.regime)}</th>
            <td className="muted">{formatInteger(row.days)}</td>
            <td className={tone(row.return_percent)}>{formatSignedPercent(row.return_percent, 1)}</td>
            <td className="muted">{formatSignedPercent(row.holding_return_percent, 1)}</td>
            <td>{formatNumber(row.sharpe)}</td>
          </tr>
        ))}
      </Figures>
      <p className="muted">{sentenceName(regimes.rule)}.</p>
    </Finding>
  );
}

function OnOthers({ others }: { others: OtherInstruments }) {
  return (
    <Finding title="On other instruments" statement={others.statement}>
      <Figures columns={["Instrument", "Strategy", "Holding", "Drawdown", "Trades"]}>
        {others.rows.map((row) => (
          <tr key={row.symbol}>
            <th scope="row">{row.symbol}</th>
            {row.failure === null ? (
              <>
                <td className={tone(row.return_percent)}>{formatSignedPercent(row.return_percent, 1)}</td>
                <td className="muted">{formatSignedPercent(row.holding_return_percent, 1)}</td>
                <td>{formatPercent(row.max_drawdown_percent, 1)}</td>
                <td>{formatInteger(row.closed_trades)}</td>
              </>
            ) : (
              <td colSpan={4}>{row.failure}</td>
            )}
          </tr>
        ))}
      </Figures>
    </Finding>
  );
}

const kSpreadTitles: Record<string, string> = { strategy_return_percent: "Strategy", holding_return_percent: "Holding" };

function InPeriods({ periods }: { periods: RandomPeriods }) {
  return (
    <Finding title="In random periods" statement={periods.statement}>
      <Figures columns={["Return", "Worst", "5%", "Middle", "95%", "Best"]}>
        {periods.rows.map((row) => (
          <tr key={row.of}>
            <th scope="row">{kSpreadTitles[row.of] ?? sentenceName(row.of)}</th>
            {[row.worst, row.p05, row.median, row.p95, row.best].map((value, index) => (
              <td key={index} className={tone(value)}>
                {formatSignedPercent(value, 1)}
              </td>
            ))}
          </tr>
        ))}
      </Figures>
    </Finding>
  );
}
