import { type ReactNode, useId, useState } from "react";
import { fieldErrors } from "../api/problem";
import { useInstruments } from "../api/queries";
import type { Instrument } from "../api/types";
import { availableTimeframes, timeframeName } from "../chart/timeframe";
import { Combobox } from "../ui/Combobox";
import { sentenceName } from "../ui/format";
import { Icon } from "../ui/Icon";
import { isFrequency, kAssetClasses, kInitialDraft, type QueryDraft } from "./draft";
import { Field, SelectField } from "./Field";
import { ContinuousFields, PriceFields, SourceFields } from "./OptionFields";
import { RangeFields } from "./RangeFields";
import { SymbolsField } from "./SymbolsField";

interface QueryFormProps {
  draft: QueryDraft;
  /** What is wrong with the draft, by pointers; shown of a field that was touched, and of all after a try. */
  errors: ReadonlyMap<string, string>;
  refusal: Error | null;
  onChange: (change: Partial<QueryDraft>) => void;
  onSubmit: () => void;
  /** Chips for several symbols; another form chooses them itself. */
  symbols?: ReactNode;
  /** False where the range is said elsewhere. */
  range?: boolean;
  /** The buttons below. */
  children: ReactNode;
  label: string;
}

/** Everything that a question for bars can say. */
export function QueryForm({ draft, errors: own, refusal, onChange, onSubmit, symbols, range = true, children, label }: QueryFormProps) {
  const id = useId();
  const instruments = useInstruments();
  const errors = new Map([...fieldErrors(refusal), ...own]);
  const fields = { draft, errors, onChange };
  const advanced = ["/price_adjustment", "/factors", "/fill", "/vwap", "/continuous_series", "/continuous_rank", "/roll_policy", "/adjustment", "/source", "/provider"];
  const [more, setMore] = useState(() => !isPlain(draft));
  const wrong = advanced.some((pointer) => errors.has(pointer));
  return (
    <form
      className="data-form"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className="data-form-fields">
        <section className="data-section" aria-labelledby={`${id}-symbols`}>
          <h3 className="section-title" id={`${id}-symbols`}>
            {symbols === undefined ? "Symbols" : "What is compared"}
          </h3>
          {symbols ?? (
            <SymbolsField
              title="Symbols"
              symbols={draft.symbols}
              instruments={(instruments.data ?? []).filter((each) => draft.assetClass === "" || each.asset_class === draft.assetClass)}
              loading={instruments.isPending}
              error={errors.get("/symbols") ?? symbolError(errors)}
              shortcut="i"
              onChange={(chosen) => onChange({ symbols: chosen })}
            />
          )}
          <SelectField
            title="Asset class"
            value={draft.assetClass}
            choices={[["", "Any"], ...kAssetClasses.map((kind) => [kind, sentenceName(kind)] as const)]}
            error={errors.get("/asset_class")}
            onChange={(assetClass) => onChange({ assetClass })}
          />
          <Field title="Frequency" error={errors.get("/frequency")} hint="A count and a unit: 30s, 5m, 4h, 1d, 2w, 1M; of ticks 500t (trades), 1000v (volume), 10r (range), 5000000$ (money).">
            {() => (
              <Combobox
                label="Frequency"
                value={draft.frequency}
                placeholder="Frequency"
                choices={frequencies(instruments.data ?? [], draft.symbols).map((frequency) => ({
                  value: frequency,
                  label: frequency,
                  detail: timeframeName(frequency),
                }))}
                custom={(text) => (isFrequency(text) ? text : null)}
                onChoose={(frequency) => onChange({ frequency })}
                emptyText="Write a count and a unit: 90m, 4h, 3d, 2w, 1M, 500t."
                shortcut="t"
              />
            )}
          </Field>
        </section>
        {range && (
          <section className="data-section" aria-labelledby={`${id}-range`}>
            <h3 className="section-title" id={`${id}-range`}>
              Range
            </h3>
            <RangeFields {...fields} panel={`${id}-range-panel`} />
          </section>
        )}
        <details className="data-more" open={more || wrong} onToggle={(event) => setMore(event.currentTarget.open)}>
          <summary>
            <Icon name="chevron" size={12} />
            Prices, gaps, futures, source
          </summary>
          <section className="data-section" aria-label="Prices and gaps">
            <PriceFields {...fields} />
          </section>
          <section className="data-section" aria-label="Continuous futures">
            <ContinuousFields {...fields} />
          </section>
          <section className="data-section" aria-label="Source">
            <SourceFields {...fields} />
          </section>
        </details>
      </div>
      <footer className="data-form-foot">{children}</footer>
    </form>
  );
}

/** The server points at one symbol of the list. */
function symbolError(errors: ReadonlyMap<string, string>): string | undefined {
  for (const [pointer, message] of errors) if (pointer.startsWith("/symbols/")) return message;
  return undefined;
}

function isPlain(draft: QueryDraft): boolean {
  const fields = ["priceAdjustment", "factors", "fill", "vwap", "continuous", "source", "provider", "gaps", "quality"] as const;
  return fields.every((field) => draft[field] === kInitialDraft[field]);
}

/** What can be made of all that is chosen; without a choice, of anything. */
function frequencies(instruments: readonly Instrument[], symbols: readonly string[]): string[] {
  const chosen = instruments.filter(({ symbol }) => symbols.includes(symbol));
  const lists = (chosen.length > 0 ? chosen : instruments).map(availableTimeframes);
  const [first = [], ...others] = lists;
  return chosen.length > 0 ? first.filter((frequency) => others.every((list) => list.includes(frequency))) : [...new Set(lists.flat())];
}
