import { useRef } from "react";
import { Problem } from "../api/problem";
import type { ProblemError } from "../api/types";

interface ScriptEditorProps {
  script: string;
  error: Error | null;
  onChange: (script: string) => void;
}

/** A plain editor with line numbers; the compiler's errors lead to their places. */
export function ScriptEditor({ script, error, onChange }: ScriptEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const errors = error instanceof Problem ? error.errors.filter((each) => each.line !== undefined) : [];
  const wrong = new Set(errors.map((each) => each.line));
  const lines = script.split("\n").length;

  const goTo = ({ line = 1, column = 1 }: ProblemError) => {
    const start = script.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start + column - 1, start + column - 1);
  };

  return (
    <section className="script" aria-label="Pine script">
      <div className="script-edit mono">
        <pre className="script-lines" ref={gutter} aria-hidden="true">
          {Array.from({ length: lines }, (_, line) => (
            <span key={line} data-wrong={wrong.has(line + 1) || undefined}>
              {line + 1}
            </span>
          ))}
        </pre>
        <textarea
          ref={area}
          className="script-text"
          aria-label="Pine script"
          aria-invalid={errors.length > 0}
          spellCheck={false}
          autoCapitalize="off"
          wrap="off"
          rows={16}
          value={script}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
        />
      </div>
      {errors.length > 0 && (
        <ul className="script-errors" role="alert">
          {errors.slice(0, 20).map((each) => (
            <li key={`${each.line}:${each.column} ${each.message}`}>
              <button type="button" onClick={() => goTo(each)}>
                <strong>
                  Line {each.line}
                  {each.column !== undefined && `, column ${each.column}`}
                </strong>
                <span>{each.message}</span>
                {each.hint !== undefined && each.hint !== null && <span className="muted">{each.hint}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="muted">The script’s inputs keep the values that it gives them. It stays in this browser.</p>
    </section>
  );
}
