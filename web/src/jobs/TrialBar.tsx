import type { InputValue } from "../api/types";
import { Icon } from "../ui/Icon";
import { formatNumber } from "../ui/format";
import type { TrialContext } from "./trialContext";
import { formatValue, trialParameters } from "./values";

/** The chosen trial below the table or the heat map, and the way back into the inputs. */
export function TrialBar({ results, objectiveTitle, titleOf, chosen, onUse }: TrialContext & { onUse: (parameters: Record<string, InputValue>) => void }) {
  const parameters = chosen === null ? null : trialParameters(results, chosen);
  return (
    <footer className="trial-bar numbers" aria-live="polite">
      {chosen === null || parameters === null ? (
        <p className="muted">Choose a trial to take its values into the inputs.</p>
      ) : (
        <p>
          <strong>Trial {results.trials.index[chosen]}</strong>
          {Object.entries(parameters).map(([name, value]) => (
            <span key={name} className="trial-bar-value">
              <span className="muted">{titleOf(name)}</span> {formatValue(value)}
            </span>
          ))}
          <span className="trial-bar-value">
            <span className="muted">{objectiveTitle}</span> {formatNumber(results.trials.objective[chosen], 4)}
          </span>
        </p>
      )}
      <button
        type="button"
        className="button primary"
        disabled={parameters === null}
        onClick={() => {
          if (parameters !== null) onUse(parameters);
        }}
      >
        <Icon name="check" size={14} />
        Use these values
      </button>
    </footer>
  );
}
