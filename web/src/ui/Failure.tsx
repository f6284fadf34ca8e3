import { Problem } from "../api/problem";
import { Icon } from "./Icon";
import "./failure.css";

interface FailureProps {
  error: Error;
  /** What did not happen, as a sentence without a full stop. */
  what: string;
  onRetry?: () => void;
}

/** A refused or failed request: what did not happen, the server's reason, each of its errors, and a way on. */
export function Failure({ error, what, onRetry }: FailureProps) {
  const problem = error instanceof Problem ? error : null;
  if (problem?.status === 401) return null; // the page asks for a key already
  return (
    <div className="failure" role="alert">
      <p className="failure-title">
        <Icon name="warning" />
        {what}
      </p>
      <p>{error.message}</p>
      {problem !== null && problem.errors.length > 0 && (
        <ul className="failure-list">
          {problem.errors.slice(0, 20).map((item) => (
            <li key={`${item.pointer} ${item.line}:${item.column} ${item.message}`}>
              {item.line === undefined ? (
                item.pointer !== undefined && <code>{item.pointer}</code>
              ) : (
                <code>
                  line {item.line}
                  {item.column !== undefined && `, column ${item.column}`}
                </code>
              )}{" "}
              {item.message}
              {item.hint !== undefined && item.hint !== null && item.hint !== "" && (
                <span className="muted"> {item.hint}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className="failure-actions">
        {onRetry !== undefined && (
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        )}
        {problem !== null && problem.code !== "" && <code className="muted">{problem.code}</code>}
      </p>
    </div>
  );
}
