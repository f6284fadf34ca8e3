import type { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { Problem } from "../api/problem";
import type { Finding } from "../api/schema";
import { goTo, pineEditor, showFindings, showScript } from "./editor/pineEditor";
import type { PineCheck } from "./usePineCheck";

interface ScriptEditorProps {
  script: string;
  /** What the server had against the last run. */
  error: Error | null;
  /** What its compiler says of the script as it stands; undefined while that is not known. */
  check: PineCheck | undefined;
  onChange: (script: string) => void;
}

const kShownMax = 20;

/** The Pine editor; what the compiler finds is marked where it stands, listed, and one click away. */
export function ScriptEditor({ script, error, check, onChange }: ScriptEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef({ script, onChange });
  useEffect(() => {
    latest.current = { script, onChange };
  });

  useEffect(() => {
    if (host.current === null) return undefined;
    const view = pineEditor(host.current, latest.current.script, (text) => latest.current.onChange(text));
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, []);
  useEffect(() => {
    if (editor.current !== null) showScript(editor.current, script);
  }, [script]);

  const findings = check?.findings ?? refused(error);
  useEffect(() => {
    if (check !== undefined && editor.current !== null) showFindings(editor.current, check.findings);
  }, [check]);

  return (
    <section className="script" aria-label="Pine script">
      <div className="script-host" ref={host} />
      {findings.length > 0 && (
        <div role={error === null ? "status" : "alert"}>
          <ul className="script-errors">
            {findings.slice(0, kShownMax).map((each) => (
              <li key={`${each.line}:${each.column} ${each.message}`}>
                <button type="button" data-severity={each.severity} onClick={() => editor.current !== null && goTo(editor.current, each.line, each.column)}>
                  <strong>
                    Line {each.line}, column {each.column}
                  </strong>
                  <span>{each.message}</span>
                  {each.hint !== undefined && each.hint !== "" && <span className="muted">{each.hint}</span>}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="muted">
        It stays in this browser. Ctrl Space completes, Ctrl F searches; Tab indents, after Escape it leaves the editor.
      </p>
    </section>
  );
}

/** The compiler's errors of a run that was refused, where the script was not looked at by itself yet. */
function refused(error: Error | null): Finding[] {
  if (!(error instanceof Problem)) return [];
  return error.errors.flatMap(({ line, column = 1, message, hint }) =>
    line === undefined ? [] : [{ file: "script.pine", line, column, severity: "error", message, ...(hint === undefined || hint === null ? {} : { hint }) }],
  );
}
