import { useMemo } from "react";
import type { BacktestResult } from "../../api/types";
import { isIntraday } from "../../chart/timeframe";
import { plural } from "../../ui/format";
import { Distributions } from "./Distributions";
import { MonthlyTable } from "./MonthlyTable";
import { byHour, byWeekday } from "./distribution";
import { monthlyReturns } from "./periods";
import { TimesChart } from "./TimesChart";
import "../../ui/place.css";
import "./analysis.css";

interface AnalysisProps {
  result: BacktestResult;
  currency: string;
}

/** When the strategy earned, with what kind of trades, and at which times. */
export function Analysis({ result, currency }: AnalysisProps) {
  const closed = useMemo(() => result.trades.filter((trade) => trade.exit_time !== null), [result.trades]);
  const years = useMemo(() => monthlyReturns(result.equity), [result.equity]);
  const days = useMemo(() => byWeekday(closed), [closed]);
  const hours = useMemo(() => byHour(closed), [closed]);
  return (
    <div className="analysis">
      <MonthlyTable years={years} />
      {closed.length === 0 ? (
        <p className="muted">No trade was closed, so there is nothing to count.</p>
      ) : (
        <>
          {result.trades_truncated && (
            <p className="notice warning">Of the trades only the first {plural(result.trades.length, "trade")} are known here and counted.</p>
          )}
          <Distributions trades={closed} currency={currency} />
          <div className="analysis-pair">
            <TimesChart title="By weekday of the entry" first="Weekday" shares={days} currency={currency} />
            {isIntraday(result.timeframe) && <TimesChart title="By hour of the entry, UTC" first="Hour, UTC" shares={hours} currency={currency} />}
          </div>
        </>
      )}
    </div>
  );
}
