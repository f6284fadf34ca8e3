import { Icon } from "../../ui/Icon";
import { updateOptimise } from "./address";

/** The head of a form that takes the place of the list. */
export function FormHead({ title }: { title: string }) {
  return (
    <header className="section-head">
      <button type="button" className="button small" onClick={() => updateOptimise({ making: null })}>
        <Icon name="back" size={14} />
        All searches
      </button>
      <h3>{title}</h3>
    </header>
  );
}
