// The editor itself: CodeMirror with Pine and the page's look.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Finding } from "../../api/schema";
import { completePine } from "./complete";
import { pine } from "./pineLanguage";
import { signatureHelp } from "./signatureHelp";
import "./editor.css";

const kStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool], class: "pine-keyword" },
  { tag: [tags.typeName, tags.namespace], class: "pine-type" },
  { tag: tags.standard(tags.function(tags.variableName)), class: "pine-function" },
  { tag: tags.standard(tags.variableName), class: "pine-builtin" },
  { tag: tags.definition(tags.variableName), class: "pine-definition" },
  { tag: tags.string, class: "pine-string" },
  { tag: [tags.number, tags.color], class: "pine-number" },
  { tag: tags.comment, class: "pine-comment" },
  { tag: tags.meta, class: "pine-meta" },
  { tag: [tags.operator, tags.punctuation], class: "pine-operator" },
]);

export function pineEditor(parent: HTMLElement, script: string, onChange: (script: string) => void): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: script,
      extensions: [
        // The page runs the script with it.
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => true }, { key: "Tab", run: acceptCompletion }])),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        foldGutter({ openText: "⌄", closedText: "›" }),
        codeFolding({ placeholderText: "…" }),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        syntaxHighlighting(kStyle),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [completePine], maxRenderedOptions: 60 }),
        signatureHelp,
        highlightActiveLine(),
        highlightSelectionMatches(),
        lintGutter(),
        pine(),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": "Pine script", spellcheck: "false", autocapitalize: "off", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
}

/** Another script from outside; what is the same already stays as it is, with its cursor. */
export function showScript(view: EditorView, script: string): void {
  if (view.state.doc.toString() === script) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: script } });
}

/** A place of the server (from 1) in the editor's text. */
export function positionOf(view: EditorView, line: number, column: number): number {
  const { doc } = view.state;
  const there = doc.line(Math.min(doc.lines, Math.max(1, line)));
  return Math.min(there.to, there.from + Math.max(0, column - 1));
}

export function showFindings(view: EditorView, findings: readonly Finding[]): void {
  const diagnostics = findings
    .filter(({ file }) => file === "script.pine")
    .map(({ line, column, severity, message, hint }): Diagnostic => {
      const from = positionOf(view, line, column);
      const word = /^[\w.]+/.exec(view.state.sliceDoc(from, from + 80))?.[0].length ?? 1;
      return {
        from,
        to: Math.min(view.state.doc.length, from + word),
        severity: severity === "error" ? "error" : severity === "warning" ? "warning" : "info",
        message: hint === undefined || hint === "" ? message : `${message} (${hint})`,
      };
    });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

export function goTo(view: EditorView, line: number, column: number): void {
  view.dispatch({ selection: { anchor: positionOf(view, line, column) }, scrollIntoView: true });
  view.focus();
}
