import { EquityView } from "../backtest/EquityView";
import { tone } from "../backtest/metrics";
import type { WalkForward, WalkForwardWindow } from "../api/types";
import { formatDate, formatInteger, formatNumber, formatPercent, formatSignedPercent, kNone } from "../ui/format";
import { formatValue, type TitleOf } from "../jobs/values";
import "./validation.css";

interface WalkForwardViewProps {
  walk: WalkForward;
  currency: string;
  titleOf: TitleOf;
}

/** What searching anew, window after window, would have made on bars that no search had seen. */
export function WalkForwardView({ walk, currency, titleOf }: WalkForwardViewProps) {
  const names = Object.keys(walk.windows.find(({ parameters }) => parameters !== null)?.parameters ?? {});
  return (
    <div className="walk" tabIndex={0} role="region" aria-label="Walk-forward">
      <p className="notice">{walk.statement}</p>
      <section className="walk-equity" aria-label="Equity out of sample">
        <EquityView curve={walk.equity} currency={currency} />
      </section>
      <div className="walk-windows" tabIndex={0} role="region" aria-label="Windows of the walk-forward">
        <table className="figures">
          <caption>
            {walk.mode === "anchored" ? "From the first bar" : `Train ${formatNumber(walk.train_days, 0)} days`}, test{" "}
            {formatNumber(walk.test_days, 0)}, step {formatNumber(walk.step_days, 0)}
          </caption>
          <thead>
            <tr>
              <th scope="col">Train until</th>
              <th scope="col">Test until</th>
              {names.map((name) => (
                <th scope="col" key={name}>
                  {titleOf(name)}
                </th>
              ))}
              <th scope="col">In sample</th>
              <th scope="col">Out of sample</th>
              <th scope="col">Holding</th>
              <th scope="col">Drawdown</th>
              <th scope="col">Trades</th>
            </tr>
          </thead>
          <tbody>
            {walk.windows.map((window) => (
              <WindowRow key={window.test_from} window={window} names={names} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function WindowRow({ window, names }: { window: WalkForwardWindow; names: readonly string[] }) {
  const { in_sample: inside, out_of_sample: outside } = window;
  return (
    <tr>
      <th scope="row">{formatDate(window.train_to)}</th>
      <td>{formatDate(window.test_to)}</td>
      {names.map((name) => (
        <td key={name}>{window.parameters === null ? kNone : formatValue(window.parameters[name])}</td>
      ))}
      <td className="muted">{formatSignedPercent(inside?.return_percent, 1)}</td>
      <td className={tone(outside?.return_percent)}>{formatSignedPercent(outside?.return_percent, 1)}</td>
      <td className="muted">{formatSignedPercent(outside?.holding_return_percent, 1)}</td>
      <td>{formatPercent(outside?.max_drawdown_percent, 1)}</td>
      <td>{formatInteger(outside?.closed_trades)}</td>
    </tr>
  );
}
