import { useId } from "react";
import type { InputDefinition } from "../api/types";
import { Hint } from "../ui/Hint";
import { Icon } from "../ui/Icon";
import { sentenceName } from "../ui/format";
import { defaultText, isNumeric, kSources } from "./inputs";

interface InputFieldProps {
  definition: InputDefinition;
  /** As typed; undefined at the default. */
  text: string | undefined;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** One input of a strategy: the control that fits its kind, its limits, its tooltip, and the way back to its default. */
export function InputField({ definition, text, error, onChange }: InputFieldProps) {
  const id = useId();
  const value = text ?? defaultText(definition);
  const title = definition.title === "" ? sentenceName(definition.name) : definition.title;
  const defaultName = definition.default === null ? "the script’s value" : defaultText(definition);
  const describedBy = error === undefined ? undefined : `${id}-error`;
  const hint = [definition.tooltip, limits(definition)].filter((part) => part !== "").join(" ");
  return (
    <div className={`field ${definition.kind === "text_area" ? "field-wide" : ""}`} data-input={definition.name}>
      <span className="label">
        <label htmlFor={id}>{title}</label>
        {hint !== "" && <Hint text={hint} about={title} />}
        {text !== undefined && (
          <button
            type="button"
            className="field-reset"
            aria-label={`Set ${title} back to ${defaultName}`}
            title={`Back to ${defaultName}`}
            onClick={() => onChange(defaultText(definition))}
          >
            <Icon name="undo" size={12} />
          </button>
        )}
      </span>
      <Control id={id} definition={definition} value={value} invalid={error !== undefined} describedBy={describedBy} onChange={onChange} />
      {error !== undefined && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface ControlProps {
  id: string;
  definition: InputDefinition;
  value: string;
  invalid: boolean;
  describedBy: string | undefined;
  onChange: (text: string) => void;
}

function Control({ id, definition, value, invalid, describedBy, onChange }: ControlProps) {
  const common = { id, "aria-invalid": invalid, "aria-describedby": describedBy };
  const options = definition.options ?? (definition.kind === "source" ? kSources : null);
  if (definition.kind === "bool") {
    return (
      <input
        {...common}
        type="checkbox"
        checked={value === "true"}
        onChange={(event) => onChange(String(event.target.checked))}
      />
    );
  }
  if (options !== null) {
    return (
      <select {...common} className="control" value={value} onChange={(event) => onChange(event.target.value)}>
        {definition.default === null && <option value="">As in the script</option>}
        {options.map((option) => (
          <option key={String(option)} value={String(option)}>
            {optionName(String(option))}
          </option>
        ))}
      </select>
    );
  }
  if (definition.kind === "text_area") {
    return <textarea {...common} className="control" rows={3} value={value} onChange={(event) => onChange(event.target.value)} />;
  }
  if (isNumeric(definition)) {
    return (
      <input
        {...common}
        className="control number"
        type="number"
        inputMode="decimal"
        min={definition.minimum ?? undefined}
        max={definition.maximum ?? undefined}
        placeholder={definition.default === null ? "as in the script" : undefined}
        step={definition.step ?? (definition.kind === "float" ? "any" : 1)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <input
      {...common}
      className="control"
      type="text"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** `percent_of_equity` is made readable; what a script's author wrote for people stays as it is. */
function optionName(option: string): string {
  return /^[a-z]+(_[a-z]+)*$/.test(option) ? sentenceName(option) : option;
}

function limits({ minimum, maximum, step }: InputDefinition): string {
  const range =
    minimum !== null && maximum !== null
      ? `${minimum} to ${maximum}`
      : minimum !== null
        ? `${minimum} or more`
        : maximum !== null
          ? `${maximum} or less`
          : "";
  if (range === "") return "";
  return `(${range}${step === null ? "" : `, step ${step}`})`;
}
