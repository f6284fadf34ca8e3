import { isIntraday } from "../chart/timeframe";
import { Tabs } from "../ui/Tabs";
import { kPresets, kRelativeUnits, type QueryDraft, type RangeKind } from "./draft";
import { MomentField, NumberField, SelectField } from "./Field";

interface RangeFieldsProps {
  draft: QueryDraft;
  errors: ReadonlyMap<string, string>;
  onChange: (change: Partial<QueryDraft>) => void;
  panel: string;
}

const kKinds: readonly { id: RangeKind; label: string }[] = [
  { id: "last", label: "Last N" },
  { id: "preset", label: "Preset" },
  { id: "relative", label: "Relative" },
  { id: "absolute", label: "Dates" },
];

const kPresetNames: Readonly<Record<string, string>> = { ytd: "YTD", max: "All" };

/** Which bars: the newest, or those of a time. */
export function RangeFields({ draft, errors, onChange, panel }: RangeFieldsProps) {
  return (
    <>
      <Tabs label="Kind of range" look="segments" items={kKinds} chosen={draft.range} onChoose={(range) => onChange({ range })} panel={panel} />
      <div id={panel} role="tabpanel" aria-labelledby={`${panel}-tab-${draft.range}`} className="data-range">
        {draft.range === "last" && (
          <NumberField title="Number of bars" value={draft.last} error={errors.get("/last")} onChange={(last) => onChange({ last })} />
        )}
        {draft.range === "preset" && (
          <div className="data-presets" role="group" aria-label="Preset">
            {kPresets.map((preset) => (
              <button
                key={preset}
                type="button"
                className="button small"
                aria-pressed={draft.preset === preset}
                onClick={() => onChange({ preset })}
              >
                {kPresetNames[preset] ?? preset}
              </button>
            ))}
          </div>
        )}
        {draft.range === "relative" && (
          <>
            <NumberField title="Up to now, the last" value={draft.relative} error={errors.get("/relative")} onChange={(relative) => onChange({ relative })} />
            <SelectField
              title="Unit"
              value={draft.relativeUnit}
              choices={kRelativeUnits.map((unit) => [unit, unit] as const)}
              onChange={(relativeUnit) => onChange({ relativeUnit })}
            />
          </>
        )}
        {draft.range === "absolute" && (
          <>
            <MomentField
              title="From"
              value={draft.start}
              withTime={isIntraday(draft.frequency)}
              error={errors.get("/start")}
              onChange={(start) => onChange({ start })}
            />
            <MomentField
              title="Before"
              hint="Bars that start before this day or time. A day begins at midnight in the instrument's time zone, or with the session that begins the evening before; times of day are UTC."
              value={draft.end}
              withTime={isIntraday(draft.frequency)}
              error={errors.get("/end")}
              onChange={(end) => onChange({ end })}
            />
          </>
        )}
      </div>
    </>
  );
}
