import { type Choice, Combobox } from "../../ui/Combobox";
import { Icon } from "../../ui/Icon";

interface ChipsProps {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  custom?: (text: string) => string | null;
  onChange: (chosen: string[]) => void;
}

/** Several of a list: each chosen one can be taken out again. */
export function Chips({ label, chosen, choices, custom, onChange }: ChipsProps) {
  const nameOf = (value: string) => choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <div className="chips">
      {chosen.map((value) => (
        <button
          key={value}
          type="button"
          className="button small"
          aria-label={`Leave out ${nameOf(value)}`}
          title="Leave out"
          onClick={() => onChange(chosen.filter((each) => each !== value))}
        >
          {nameOf(value)}
          <Icon name="close" size={10} />
        </button>
      ))}
      <Combobox
        label={label}
        value={null}
        placeholder={label}
        choices={choices.filter(({ value }) => !chosen.includes(value))}
        {...(custom === undefined ? {} : { custom })}
        onChoose={(value) => {
          if (!chosen.includes(value)) onChange([...chosen, value]);
        }}
        emptyText="Nothing more to add."
      />
    </div>
  );
}
