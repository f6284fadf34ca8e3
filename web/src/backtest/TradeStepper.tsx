import type { Trade } from "../api/types";
import { Icon } from "../ui/Icon";
import { formatInteger } from "../ui/format";

interface TradeStepperProps {
  trades: readonly Trade[];
  chosen: Trade | null;
  onChoose: (trade: Trade) => void;
}

/** From trade to trade along the chart. */
export function TradeStepper({ trades, chosen, onChoose }: TradeStepperProps) {
  const index = chosen === null ? -1 : trades.indexOf(chosen);
  const step = (by: number) => {
    // Without a chosen one, backwards starts at the newest.
    const next = index < 0 ? (by < 0 ? trades.length - 1 : 0) : index + by;
    const trade = trades[Math.min(trades.length - 1, Math.max(0, next))];
    if (trade !== undefined) onChoose(trade);
  };
  return (
    <span className="stepper header-wide">
      <button type="button" className="button quiet icon small" aria-label="Previous trade" title="Previous trade ([)" data-shortcut="[" onClick={() => step(-1)}>
        <span className="stepper-left">
          <Icon name="chevron" size={14} />
        </span>
      </button>
      <span className="stepper-text">{chosen === null ? "Trade" : `Trade ${formatInteger(chosen.number)}`}</span>
      <button type="button" className="button quiet icon small" aria-label="Next trade" title="Next trade (])" data-shortcut="]" onClick={() => step(1)}>
        <span className="stepper-right">
          <Icon name="chevron" size={14} />
        </span>
      </button>
    </span>
  );
}
