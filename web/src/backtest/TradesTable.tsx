import { useMemo } from "react";
import type { BacktestResult, Trade } from "../api/types";
import { type Column, DataTable } from "../ui/table/DataTable";
import { formatNumber, formatPlain, formatSigned, formatSignedPercent, formatTime } from "../ui/format";
import { useRows } from "../ui/table/useRows";
import { tone } from "./metrics";

interface TradesTableProps {
  result: BacktestResult;
  currency: string;
  decimals: number;
  chosen: Trade | null;
  onChoose: (trade: Trade) => void;
}

/** Every trade of the run; choosing one moves the chart to it. */
export function TradesTable({ result, currency, decimals, chosen, onChoose }: TradesTableProps) {
  const { trades } = result;
  const columns = useMemo(() => tradeColumns(trades, currency, decimals), [trades, currency, decimals]);
  const rows = useRows(trades.length, columns, { column: "number", descending: false });
  if (trades.length === 0) {
    return (
      <div className="tab-empty">
        <p>The strategy made no trades here.</p>
        {result.no_trades_reasons.map((reason) => (
          <p className="muted" key={reason}>
            {reason}
          </p>
        ))}
      </div>
    );
  }
  return (
    <div className="fill-column">
      {result.trades_truncated && (
        <p className="notice warning">Only the first {trades.length} trades are listed; the metrics count all of them.</p>
      )}
      <DataTable
        label="Trades, times in UTC"
        columns={columns}
        rows={rows}
        chosen={chosen === null ? null : trades.indexOf(chosen)}
        onChoose={(row) => {
          const trade = trades[row];
          if (trade !== undefined) onChoose(trade);
        }}
      />
    </div>
  );
}

function tradeColumns(trades: readonly Trade[], currency: string, decimals: number): Column[] {
  const column = (
    id: keyof Trade,
    header: string,
    width: number,
    show: (trade: Trade) => React.ReactNode,
    more: Partial<Column> = {},
  ): Column => ({
    id,
    header,
    width,
    value: (row) => trades[row]?.[id],
    cell: (row) => {
      const trade = trades[row];
      return trade === undefined ? null : show(trade);
    },
    ...more,
  });
  const signed = (value: number, text: string) => <span className={tone(value)}>{text}</span>;
  return [
    column("number", "#", 56, (trade) => trade.number),
    column("side", "Side", 66, (trade) => (trade.side === "long" ? "Long" : "Short"), { align: "left" }),
    column("entry_time", "Entry, UTC", 128, (trade) => formatTime(trade.entry_time), { align: "left" }),
    column("entry_price", "Entry price", 100, (trade) => formatNumber(trade.entry_price, decimals)),
    column("exit_time", "Exit, UTC", 128, (trade) => (trade.exit_time === null ? "open" : formatTime(trade.exit_time)), {
      align: "left",
    }),
    column("exit_price", "Exit price", 100, (trade) => formatNumber(trade.exit_price, decimals)),
    column("quantity", "Quantity", 92, (trade) => formatPlain(trade.quantity)),
    column("profit", `Profit, ${currency}`, 118, (trade) => signed(trade.profit, formatSigned(trade.profit))),
    column("profit_percent", "Profit, %", 88, (trade) =>
      signed(trade.profit_percent ?? 0, formatSignedPercent(trade.profit_percent)),
    ),
    column("run_up", "Run-up", 100, (trade) => formatNumber(trade.run_up), { title: "Largest open profit" }),
    column("drawdown", "Drawdown", 100, (trade) => formatNumber(trade.drawdown), { title: "Largest open loss" }),
    column("commission", "Commission", 100, (trade) => formatNumber(trade.commission)),
    column("cumulative_profit", `Total, ${currency}`, 124, (trade) => formatSigned(trade.cumulative_profit), {
      title: "Profit of this and all earlier trades",
    }),
  ];
}
