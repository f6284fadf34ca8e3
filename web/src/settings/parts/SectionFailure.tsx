import { signOut } from "../../api/key";
import { Problem } from "../../api/problem";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Command } from "./Copy";

interface SectionFailureProps {
  error: Error;
  what: string;
  /** The scope that the section needs. */
  scope: string;
  onRetry: () => void;
}

/** A section that could not be loaded: a key that may not see it is no error, but needs to be told what would help. */
export function SectionFailure({ error, what, scope, onRetry }: SectionFailureProps) {
  if (!(error instanceof Problem) || error.status !== 403) return <Failure error={error} what={what} onRetry={onRetry} />;
  return (
    <div className="card settings-empty" role="alert">
      <Icon name="warning" size={20} />
      <h4>
        Your key lacks the scope <code>{scope}</code>
      </h4>
      <p className="muted">Use a key that has it, or have one made where the server runs:</p>
      <Command text={`tradeassist key create --name desk --scope ${scope}`} />
      <button type="button" className="button" onClick={signOut}>
        Sign in with another key
      </button>
    </div>
  );
}
