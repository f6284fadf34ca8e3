// A tooltip over the call that is being written.

import { StateField } from "@codemirror/state";
import type { EditorState } from "@codemirror/state";
import { showTooltip, type Tooltip } from "@codemirror/view";
import { openCall, signatures, type ShownSignature } from "./complete";

const kBeforeMax = 4000;

function tooltip(state: EditorState): Tooltip | null {
  const { head, empty } = state.selection.main;
  if (!empty) return null;
  const from = Math.max(0, head - kBeforeMax);
  const call = openCall(state.sliceDoc(from, head));
  if (call === null) return null;
  const shown = signatures(call);
  if (shown.length === 0) return null;
  return { pos: from + call.at, above: true, create: () => ({ dom: drawn(shown) }) };
}

function drawn(shown: readonly ShownSignature[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "pine-signatures";
  for (const { name, before, current, after } of shown) {
    const line = document.createElement("div");
    const bold = document.createElement("strong");
    bold.textContent = current;
    line.append(name + before, bold, after);
    box.append(line);
  }
  return box;
}

export const signatureHelp = StateField.define<Tooltip | null>({
  create: tooltip,
  update: (before, transaction) => (transaction.docChanged || transaction.selection !== undefined ? tooltip(transaction.state) : before),
  provide: (field) => showTooltip.from(field),
});
