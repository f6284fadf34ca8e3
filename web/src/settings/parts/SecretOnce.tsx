import type { ReactNode } from "react";
import { Copy } from "./Copy";
import { Modal } from "./Modal";

export interface Issued {
  title: string;
  /** What it is: "token", "secret". */
  kind: string;
  secret: string;
  about: ReactNode;
}

/** A secret that the server tells once; the dialog is left on purpose only. */
export function SecretOnce({ issued, onDone }: { issued: Issued; onDone: () => void }) {
  return (
    <Modal title={issued.title} onClose={onDone} locked>
      <p className="notice warning" role="status">
        This {issued.kind} is told only now. Put it where it belongs before you go on; nobody can show it again.
      </p>
      <div className="settings-secret">
        <code data-secret>{issued.secret}</code>
        <Copy text={issued.secret} what={`the ${issued.kind}`} primary />
      </div>
      <div className="muted">{issued.about}</div>
      <div className="settings-actions">
        <button type="button" className="button" onClick={onDone}>
          I have stored it
        </button>
      </div>
    </Modal>
  );
}
