import { Toast } from "radix-ui";
import { Icon } from "./Icon";
import { dropToast, useToasts } from "./toast";
import "./toast.css";

const kShownMs = 8000;

/** Where the notices of `toast` are shown; they wait while they are looked at. */
export function Toasts() {
  const toasts = useToasts();
  return (
    <Toast.Provider duration={kShownMs} label="Notice">
      {toasts.map(({ id, title, detail, look, action }) => (
        <Toast.Root
          key={id}
          className="toast"
          data-look={look ?? "plain"}
          type={look === "danger" ? "foreground" : "background"}
          onOpenChange={(open) => {
            if (!open) dropToast(id);
          }}
        >
          <div className="toast-text">
            <Toast.Title>{title}</Toast.Title>
            {detail !== undefined && <Toast.Description className="muted">{detail}</Toast.Description>}
          </div>
          {action !== undefined && (
            <Toast.Action className="button small" altText={action.label} onClick={action.run}>
              {action.label}
            </Toast.Action>
          )}
          <Toast.Close className="button quiet icon small" aria-label="Dismiss">
            <Icon name="close" size={14} />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="toasts" />
    </Toast.Provider>
  );
}
