import type { Instrument } from "../api/types";
import { Combobox } from "../ui/Combobox";
import { formatInteger } from "../ui/format";
import { Icon } from "../ui/Icon";
import { symbolsIn } from "./draft";

interface SymbolsFieldProps {
  title: string;
  symbols: readonly string[];
  instruments: readonly Instrument[];
  loading: boolean;
  error: string | undefined;
  shortcut?: string;
  onChange: (symbols: string[]) => void;
}

/** Symbols as chips; more are searched for, typed, or pasted as a list. */
export function SymbolsField({ title, symbols, instruments, loading, error, shortcut, onChange }: SymbolsFieldProps) {
  const choices = instruments.filter(({ symbol }) => !symbols.includes(symbol));
  return (
    <div className="data-symbols" role="group" aria-label={title}>
      {symbols.length > 0 && (
        <ul className="data-chips">
          {symbols.map((symbol) => (
            <li key={symbol} className="data-chip">
              {symbol}
              <button type="button" aria-label={`Remove ${symbol}`} onClick={() => onChange(symbols.filter((each) => each !== symbol))}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Combobox
        label="Add a symbol"
        value={null}
        placeholder={loading ? "Loading…" : symbols.length === 0 ? "Choose symbols" : "Add a symbol"}
        choices={choices.map(choice)}
        custom={(text) => (symbolsIn(text).length === 0 ? null : text.trim())}
        onChoose={(text) => onChange([...new Set([...symbols, ...symbolsIn(text)])])}
        emptyText={instruments.length === 0 ? "Nothing is stored yet. Import bars first." : "Type a symbol, or paste several."}
        {...(shortcut === undefined ? {} : { shortcut })}
      />
      {error !== undefined && <p className="error">{error}</p>}
    </div>
  );
}

function choice({ symbol, name, exchange, asset_class: kind, series }: Instrument) {
  const rows = series.reduce((sum, each) => sum + each.row_count, 0);
  const stored = [...new Set(series.map(({ timeframe }) => timeframe))].join(", ");
  const about = [name, exchange, kind, `${formatInteger(rows)} bars ${stored}`].filter((part) => part !== "");
  return { value: symbol, label: symbol, detail: about.join(" · ") };
}
