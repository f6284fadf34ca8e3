import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Icon } from "../../ui/Icon";
import "../../ui/dialog.css";

interface ModalProps {
  title: string;
  onClose: () => void;
  /** It is left by its own buttons alone. */
  locked?: boolean;
  children: ReactNode;
}

/** A native modal that is open as long as it is there. */
export function Modal({ title, onClose, locked = false, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The browser would begin at the button that closes.
    element?.querySelector<HTMLElement>(".settings-modal-content :is(input, select, button)")?.focus();
    return () => element?.close();
  }, []);
  return (
    // A click on the backdrop arrives at the dialog itself; Escape is the keyboard's way and is native.
    <dialog
      ref={dialog}
      className="dialog settings-modal"
      aria-label={title}
      onCancel={(event) => {
        if (locked) event.preventDefault();
      }}
      onClose={(event) => {
        if (event.target === event.currentTarget && !event.currentTarget.open) onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget && !locked) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2>{title}</h2>
          {!locked && (
            <button type="button" className="button quiet icon" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        <div className="settings-modal-content">{children}</div>
      </div>
    </dialog>
  );
}
