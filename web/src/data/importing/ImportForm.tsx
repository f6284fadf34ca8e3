import { fieldErrors } from "../../api/problem";
import { formatInteger } from "../../ui/format";
import { Field, SelectField } from "../Field";
import { type ImportOptions, kSeparators, kTimeFormats } from "./options";

interface ImportFormProps {
  file: File;
  options: ImportOptions;
  error: Error | null;
  onChange: (options: ImportOptions) => void;
  onOther: () => void;
}

const kTimeFormatTitles: Readonly<Record<ImportOptions["timeFormat"], string>> = {
  "": "As found",
  mdy: "Month, day, year",
  dmy: "Day, month, year",
  ymd: "Year, month, day",
  s: "Seconds since 1970",
  ms: "Milliseconds",
  us: "Microseconds",
  ns: "Nanoseconds",
};

const kSeparatorTitles: Readonly<Record<ImportOptions["separator"], string>> = {
  "": "As found",
  ",": "Comma",
  ";": "Semicolon",
  tab: "Tab",
  "|": "Vertical bar",
  space: "Blank",
};

/** What to make of the file; what is left open is found out. */
export function ImportForm({ file, options, error, onChange, onOther }: ImportFormProps) {
  const errors = fieldErrors(error);
  const of = (name: string) => errors.get(`/${name}`) ?? errors.get(name);
  const text = (title: string, field: "symbol" | "timeframe" | "timezone" | "source" | "columns", name: string, placeholder: string, hint: string) => (
    <Field title={title} hint={hint} error={of(name)}>
      {(control) => (
        <input
          {...control}
          className="control"
          value={options[field]}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ ...options, [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form className="importing-form" aria-label="Import" onSubmit={(event) => event.preventDefault()}>
      <div className="importing-file">
        <strong>{file.name}</strong>
        <span className="muted">{formatInteger(Math.ceil(file.size / 1024))} KiB</span>
        <button type="button" className="button small" onClick={onOther}>
          Another file
        </button>
      </div>
      {text("Symbol", "symbol", "symbol", "ES, EURUSD, SPY…", "The instrument that the rows are of; it is made where it is new.")}
      {text("Timeframe", "timeframe", "timeframe", "as found", "How long a bar is: 1m, 1h, 1d. Found out from the rows where they are regular.")}
      {text("Time zone", "timezone", "timezone", "as found", "Of the times in the file: UTC, America/New_York. Asked for where times have no zone.")}
      {text("Source", "source", "source", "csv", "Where the rows are from; each source of an instrument is kept apart.")}
      <details className="importing-more">
        <summary>How the file is written</summary>
        {text("Columns", "columns", "columns", "time=Date,open=O", "Which column is what, where the names do not say it.")}
        <SelectField
          title="Times"
          value={options.timeFormat}
          choices={kTimeFormats.map((each) => [each, kTimeFormatTitles[each]] as const)}
          error={of("time_format")}
          onChange={(timeFormat) => onChange({ ...options, timeFormat })}
        />
        <SelectField
          title="A bar's time is its"
          value={options.barTime}
          choices={[["", "As found"], ["start", "Start"], ["end", "End"]]}
          error={of("bar_time")}
          onChange={(barTime) => onChange({ ...options, barTime })}
        />
        <SelectField
          title="Separator"
          value={options.separator}
          choices={kSeparators.map((each) => [each, kSeparatorTitles[each]] as const)}
          error={of("separator")}
          onChange={(separator) => onChange({ ...options, separator })}
        />
        <SelectField
          title="Decimal sign"
          value={options.decimal}
          choices={[["", "As found"], ["dot", "Point"], ["comma", "Comma"]]}
          error={of("decimal")}
          onChange={(decimal) => onChange({ ...options, decimal })}
        />
        <label className="importing-strict">
          <input type="checkbox" checked={options.strict} onChange={(event) => onChange({ ...options, strict: event.target.checked })} />
          Refuse the whole file for a single bad row
        </label>
      </details>
    </form>
  );
}
