import type { InputDefinition } from "../api/types";
import { formatInteger, sentenceName } from "../ui/format";
import { canVary, optionsOf, type RangeDraft, type RangeDrafts, rangeOf, readRange, type Spread } from "./ranges";

interface RangeTableProps {
  definitions: readonly InputDefinition[];
  drafts: RangeDrafts;
  /** Messages by input name. */
  problems: ReadonlyMap<string, { field: string; message: string }>;
  onChange: (name: string, draft: RangeDraft) => void;
}

/** One row an input: whether it varies, and over which values. */
export function RangeTable({ definitions, drafts, problems, onChange }: RangeTableProps) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Values of the inputs">
    <table className="ranges">
      <thead>
        <tr>
          <th scope="col">Vary</th>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Step</th>
          <th scope="col">Spread</th>
          <th scope="col">Values</th>
        </tr>
      </thead>
      <tbody>
        {definitions.filter(canVary).map((definition) => (
          <RangeRow
            key={definition.name}
            definition={definition}
            draft={rangeOf(drafts, definition)}
            problem={problems.get(definition.name)}
            onChange={(draft) => onChange(definition.name, draft)}
          />
        ))}
      </tbody>
    </table>
    </div>
  );
}

interface RangeRowProps {
  definition: InputDefinition;
  draft: RangeDraft;
  problem: { field: string; message: string } | undefined;
  onChange: (draft: RangeDraft) => void;
}

function RangeRow({ definition, draft, problem, onChange }: RangeRowProps) {
  const title = definition.title === "" ? sentenceName(definition.name) : definition.title;
  const reading = readRange(definition, draft);
  const errorId = `range-error-${definition.name}`;
  return (
    <>
      <tr data-range={definition.name} data-varied={draft.varied}>
        <th scope="row">
          <label className="ranges-name">
            <input
              type="checkbox"
              checked={draft.varied}
              onChange={(event) => onChange({ ...draft, varied: event.target.checked })}
            />
            {title}
          </label>
        </th>
        {optionsOf(definition) === null ? (
          <>
          {(["from", "to", "step"] as const).map((field) => (
            <td key={field}>
              <input
                className="control number"
                type="number"
                step="any"
                aria-label={`${title}, ${field}`}
                aria-invalid={problem?.field === field}
                aria-describedby={problem?.field === field ? errorId : undefined}
                disabled={!draft.varied || (field === "step" && (draft.spread ?? "steps") !== "steps")}
                value={draft[field]}
                onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
              />
            </td>
          ))}
          <td>
            <select
              className="control ranges-spread"
              aria-label={`${title}, spread`}
              disabled={!draft.varied}
              value={draft.spread ?? "steps"}
              onChange={(event) => onChange({ ...draft, spread: event.target.value as Spread })}
            >
              <option value="steps">Steps</option>
              {definition.kind === "float" && <option value="every">Every number</option>}
              <option value="log">Equal ratios</option>
            </select>
          </td>
          </>
        ) : (
          <td colSpan={4}>
            <OptionPicker definition={definition} title={title} draft={draft} onChange={onChange} />
          </td>
        )}
        <td className="ranges-count">{draft.varied && reading.ok ? (Number.isFinite(reading.count) ? formatInteger(reading.count) : "∞") : "1"}</td>
      </tr>
      {problem !== undefined && (
        <tr>
          <td colSpan={6} className="error" id={errorId}>
            {title}: {problem.message}
          </td>
        </tr>
      )}
    </>
  );
}

interface OptionPickerProps {
  definition: InputDefinition;
  title: string;
  draft: RangeDraft;
  onChange: (draft: RangeDraft) => void;
}

function OptionPicker({ definition, title, draft, onChange }: OptionPickerProps) {
  const toggle = (value: string) =>
    draft.values.includes(value) ? draft.values.filter((each) => each !== value) : [...draft.values, value];
  return (
    <span className="ranges-options" role="group" aria-label={`${title}, values`}>
      {(optionsOf(definition) ?? []).map(String).map((value) => (
        <button
          key={value}
          type="button"
          className="button small"
          disabled={!draft.varied}
          aria-pressed={draft.varied && draft.values.includes(value)}
          onClick={() => onChange({ ...draft, values: toggle(value) })}
        >
          {value}
        </button>
      ))}
    </span>
  );
}
