import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";

interface ConfirmProps {
  /** The button that asks. */
  children: ReactNode;
  title: string;
  /** What will be lost. */
  text: ReactNode;
  action: string;
  onConfirm: () => void;
}

/** Asks before something that nobody can bring back. */
export function Confirm({ children, title, text, action, onConfirm }: ConfirmProps) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>{children}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="settings-alert-overlay" />
        <AlertDialog.Content className="settings-alert">
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="settings-alert-text">{text}</div>
          </AlertDialog.Description>
          <div className="settings-actions">
            <AlertDialog.Cancel className="button">Cancel</AlertDialog.Cancel>
            <AlertDialog.Action className="button settings-danger" onClick={onConfirm}>
              {action}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
