import { useId } from "react";

interface ChoiceProps<T extends string> {
  label: string;
  items: readonly (readonly [value: T, label: string])[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** A few exclusive choices side by side: radio buttons, so that arrows move between them. */
export function Choice<T extends string>({ label, items, chosen, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="settings-choice">
      <legend className="visually-hidden">{label}</legend>
      {items.map(([value, text]) => (
        <label key={value}>
          <input type="radio" className="visually-hidden" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
