import type { ReactNode, RefObject } from "react";
import { Icon } from "./Icon";
import "./dialog.css";

interface DialogProps {
  dialog: RefObject<HTMLDialogElement | null>;
  title: string;
  children: ReactNode;
}

/** A native modal: the browser traps the focus, closes on Escape and gives the focus back. */
export function Dialog({ dialog, title, children }: DialogProps) {
  return (
    // A click on the backdrop arrives at the dialog itself; Escape is the keyboard's way and is native.
    <dialog
      ref={dialog}
      className="dialog"
      aria-label={title}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2>{title}</h2>
          <button type="button" className="button quiet icon" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
