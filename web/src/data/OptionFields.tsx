import { isIntraday } from "../chart/timeframe";
import type { QueryDraft } from "./draft";
import { CheckField, MomentField, NumberField, SelectField } from "./Field";
import { useSources } from "./useQueries";

interface OptionFieldsProps {
  draft: QueryDraft;
  errors: ReadonlyMap<string, string>;
  onChange: (change: Partial<QueryDraft>) => void;
}

/** How prices are adjusted, what stands where bars are missing, averages. */
export function PriceFields({ draft, errors, onChange }: OptionFieldsProps) {
  return (
    <>
      <SelectField
        title="Prices"
        hint="Earlier prices are multiplied so that a split or a dividend leaves no step; the newest bar keeps its prices."
        value={draft.priceAdjustment}
        choices={[
          ["raw", "As they traded"],
          ["splits", "Adjusted for splits"],
          ["splits_and_dividends", "Splits and dividends"],
        ]}
        error={errors.get("/price_adjustment")}
        onChange={(priceAdjustment) => onChange({ priceAdjustment, ...(priceAdjustment === "raw" ? { factors: false } : {}) })}
      />
      {draft.priceAdjustment !== "raw" && (
        <CheckField title="Columns with the factors" checked={draft.factors} error={errors.get("/factors")} onChange={(factors) => onChange({ factors })} />
      )}
      <SelectField
        title="Fill"
        hint="What stands where bars are missing while the market was open. Straight lines look ahead: no backtest must see them."
        value={draft.fill}
        choices={[
          ["none", "Nothing"],
          ["forward", "The last close"],
          ["interpolate", "A straight line"],
          ["zero_volume", "Quiet time only"],
        ]}
        error={errors.get("/fill")}
        onChange={(fill) => onChange({ fill })}
      />
      <SelectField
        title="VWAP"
        hint="A column of volume-weighted average prices."
        value={draft.vwap}
        choices={[
          ["", "As stored"],
          ["bar", "Of each bar"],
          ["session", "By session"],
          ["rolling", "Rolling"],
          ["anchored", "Anchored"],
        ]}
        error={errors.get("/vwap")}
        onChange={(vwap) => onChange({ vwap })}
      />
      {draft.vwap === "rolling" && <NumberField title="Over bars" value={draft.vwapBars} onChange={(vwapBars) => onChange({ vwapBars })} />}
      {draft.vwap === "anchored" && (
        <MomentField title="From" value={draft.vwapFrom} withTime={isIntraday(draft.frequency)} onChange={(vwapFrom) => onChange({ vwapFrom })} />
      )}
      <CheckField title="Look for gaps" checked={draft.gaps} onChange={(gaps) => onChange({ gaps })} />
      <CheckField
        title="Judge the quality"
        hint="A score from 0 to 100 with what was found: missing and inconsistent bars, outliers, stale prices."
        checked={draft.quality}
        onChange={(quality) => onChange({ quality })}
      />
    </>
  );
}

/** Symbols as roots of futures, joined contract after contract. */
export function ContinuousFields({ draft, errors, onChange }: OptionFieldsProps) {
  return (
    <>
      <CheckField
        title="Continuous futures"
        hint="Symbols are roots then: ES is the series of its contracts, one after another."
        checked={draft.continuous}
        error={errors.get("/continuous_series")}
        onChange={(continuous) => onChange({ continuous })}
      />
      {draft.continuous && (
        <>
          <NumberField title="Rank, 0 is the front" value={draft.rank} error={errors.get("/continuous_rank")} onChange={(rank) => onChange({ rank })} />
          <SelectField
            title="Rolls"
            value={draft.roll}
            choices={[
              ["", "By the calendar"],
              ["calendar", "Days before the last"],
              ["first_of_month", "First of the month"],
              ["volume", "By volume"],
              ["open_interest", "By open interest"],
            ]}
            error={errors.get("/roll_policy")}
            onChange={(roll) => onChange({ roll })}
          />
          {draft.roll === "calendar" && <NumberField title="Trading days before" value={draft.rollDays} onChange={(rollDays) => onChange({ rollDays })} />}
          <SelectField
            title="Gaps at rolls"
            value={draft.adjustment}
            choices={[
              ["none", "Left in"],
              ["difference", "Added, backward"],
              ["forward_difference", "Added, forward"],
              ["ratio", "Multiplied, backward"],
            ]}
            error={errors.get("/adjustment")}
            onChange={(adjustment) => onChange({ adjustment })}
          />
        </>
      )}
    </>
  );
}

/** Where bars come from. */
export function SourceFields({ draft, errors, onChange }: OptionFieldsProps) {
  const sources = useSources();
  const names = sources.data?.sources.map(({ name }) => name) ?? [];
  const provider = sources.data?.providers.find(({ name }) => name === "schwab");
  const choices = [...new Set([...names, ...(draft.source === "" ? [] : [draft.source])])];
  return (
    <>
      <SelectField
        title="Source"
        value={draft.source}
        choices={[["", "Whichever fits best"], ...choices.map((name) => [name, name] as const)]}
        error={errors.get("/source")}
        onChange={(source) => onChange({ source })}
      />
      {(provider?.is_configured === true || draft.provider) && (
        <>
          <CheckField
            title="Bring what is missing from Schwab"
            hint="In the background; needs a key with the scope write."
            checked={draft.provider}
            error={errors.get("/provider")}
            onChange={(on) => onChange({ provider: on })}
          />
          {draft.provider && (
            <>
              <CheckField title="Before and after the session, too" checked={draft.extendedHours} onChange={(extendedHours) => onChange({ extendedHours })} />
              <CheckField title="Ask again for what is stored" checked={draft.again} onChange={(again) => onChange({ again })} />
            </>
          )}
        </>
      )}
    </>
  );
}
