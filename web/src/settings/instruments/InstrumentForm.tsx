import { type FormEvent, useId, useState } from "react";
import { fieldErrors } from "../../api/problem";
import type { Instrument, InstrumentRequest } from "../../api/schema";
import { allZones } from "../../state/zone";
import { Failure } from "../../ui/Failure";
import { Field } from "../parts/Field";
import { useStoreInstrument } from "./useInstrument";

const kClasses = ["stock", "index", "future", "forex", "crypto", "series"] as const;

const kNew: InstrumentRequest = {
  symbol: "",
  name: "",
  asset_class: "stock",
  exchange: "",
  currency: "USD",
  time_zone: "America/New_York",
  session: "",
  tick_size: 0.01,
  point_value: 1,
  quantity_step: 1,
};

interface InstrumentFormProps {
  /** The one that is changed; none: another is made. */
  instrument?: Instrument;
  onDone: (symbol: string) => void;
  onCancel: () => void;
}

/** All that is said of an instrument. */
export function InstrumentForm({ instrument, onDone, onCancel }: InstrumentFormProps) {
  const store = useStoreInstrument();
  const zones = useId();
  const [draft, setDraft] = useState<InstrumentRequest>(() => (instrument === undefined ? kNew : requestOf(instrument)));
  const [numbers, setNumbers] = useState({
    tick_size: String(draft.tick_size),
    point_value: String(draft.point_value),
    quantity_step: String(draft.quantity_step),
  });
  const errors = fieldErrors(store.error);
  const text = (name: "symbol" | "name" | "exchange" | "currency" | "time_zone" | "session") => ({
    className: "control",
    value: draft[name],
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  });
  const number = (name: keyof typeof numbers) => ({
    className: "control number",
    type: "number",
    step: "any",
    min: 0,
    required: true,
    value: numbers[name],
    onChange: (event: { target: { value: string } }) => setNumbers({ ...numbers, [name]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request = {
      ...draft,
      symbol: draft.symbol.trim(),
      tick_size: Number(numbers.tick_size),
      point_value: Number(numbers.point_value),
      quantity_step: Number(numbers.quantity_step),
    };
    store.mutate(request, { onSuccess: () => onDone(request.symbol) });
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <div className="settings-grid">
        {instrument === undefined && (
          <Field label="Symbol" hint="Cannot be changed later" error={errors.get("/symbol")}>
            <input {...text("symbol")} required />
          </Field>
        )}
        <Field label="Name" error={errors.get("/name")}>
          <input {...text("name")} />
        </Field>
        <Field label="Asset class" error={errors.get("/asset_class")}>
          <select
            className="control"
            value={draft.asset_class}
            onChange={(event) => setDraft({ ...draft, asset_class: event.target.value as InstrumentRequest["asset_class"] })}
          >
            {kClasses.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </Field>
        <Field label="Exchange" error={errors.get("/exchange")}>
          <input {...text("exchange")} />
        </Field>
        <Field label="Currency" error={errors.get("/currency")}>
          <input {...text("currency")} required />
        </Field>
        <Field label="Time zone" hint="IANA name, of its dates and sessions" error={errors.get("/time_zone")}>
          <input {...text("time_zone")} list={zones} required />
        </Field>
        <Field label="Session" hint="As 0930-1600; empty: round the clock" error={errors.get("/session")}>
          <input {...text("session")} />
        </Field>
        <Field label="Tick size" hint="Smallest step of a price" error={errors.get("/tick_size")}>
          <input {...number("tick_size")} />
        </Field>
        <Field label="Point value" hint="What one point is worth" error={errors.get("/point_value")}>
          <input {...number("point_value")} />
        </Field>
        <Field label="Quantity step" hint="Smallest step of a quantity" error={errors.get("/quantity_step")}>
          <input {...number("quantity_step")} />
        </Field>
        <datalist id={zones}>
          {allZones().map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      {store.error !== null && errors.size === 0 && <Failure error={store.error} what="The instrument was not stored" />}
      <div className="settings-actions">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={store.isPending}>
          {instrument === undefined ? "Make the instrument" : "Save"}
        </button>
      </div>
    </form>
  );
}

/** A listed instrument has more than a request may say. */
function requestOf(instrument: Instrument): InstrumentRequest {
  const { symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, point_value, quantity_step } = instrument;
  return { symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, point_value, quantity_step };
}
