import type { InputDefinition } from "../api/types";
import type { RawValues } from "../state/url";
import { InputField } from "./InputField";
import { grouped, withRaw } from "./inputs";

interface InputsFormProps {
  title: string;
  definitions: readonly InputDefinition[];
  raw: RawValues;
  errors: ReadonlyMap<string, string>;
  onChange: (raw: RawValues) => void;
}

/** The fields of a strategy's inputs or properties, in their groups. */
export function InputsForm({ title, definitions, raw, errors, onChange }: InputsFormProps) {
  const changed = Object.keys(raw).length;
  return (
    <section className="form-section" aria-label={title}>
      <header className="form-head">
        <h3 className="section-title">{title}</h3>
        {changed > 0 && (
          <button type="button" className="button quiet small" onClick={() => onChange({})}>
            Reset {changed === 1 ? "1 change" : `${changed} changes`}
          </button>
        )}
      </header>
      {definitions.length === 0 && <p className="muted">This strategy has no inputs.</p>}
      {grouped(definitions).map(({ group, members }) => (
        <fieldset key={group} className="form-group">
          {group !== "" && <legend>{group}</legend>}
          {members.map((definition) => (
            <InputField
              key={definition.name}
              definition={definition}
              text={raw[definition.name]}
              error={errors.get(definition.name)}
              onChange={(text) => onChange(withRaw(raw, definition, text))}
            />
          ))}
        </fieldset>
      ))}
    </section>
  );
}
