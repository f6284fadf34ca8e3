import { formatSigned, kNone } from "../../ui/format";
import { tone } from "../metrics";
import type { YearReturns } from "./periods";

const kMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Percent at which a cell has its full colour. */
const kStrong = 8;

/** The return of every month, percent; colours only repeat what the figures say. */
export function MonthlyTable({ years }: { years: readonly YearReturns[] }) {
  if (years.length === 0) return <p className="muted">There is no equity curve: the run had no bars.</p>;
  return (
    <section className="section" aria-label="Monthly returns">
      <h3 className="section-title">Monthly returns of the equity, %</h3>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Monthly returns, as a table">
        <table className="figures months">
          <thead>
            <tr>
              <th scope="col">Year</th>
              {kMonths.map((month) => (
                <th scope="col" key={month}>
                  {month}
                </th>
              ))}
              <th scope="col">Year</th>
            </tr>
          </thead>
          <tbody>
            {years.toReversed().map(({ year, months, total }) => (
              <tr key={year}>
                <th scope="row">{year}</th>
                {months.map((value, month) => (
                  <Cell key={kMonths[month]} value={value} />
                ))}
                <td className={`months-total ${tone(total)}`}>{formatSigned(total, 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ value }: { value: number | null }) {
  if (value === null) return <td className="muted">{kNone}</td>;
  const strength = Math.min(1, Math.abs(value) / kStrong);
  // What is written as zero is neither a gain nor a loss.
  const shown = Math.round(value * 10) / 10 + 0;
  return (
    <td className={tone(shown)} style={{ "--strength": `${Math.round(strength * 100)}%` } as React.CSSProperties}>
      {formatSigned(shown, 1)}
    </td>
  );
}
