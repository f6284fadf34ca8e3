import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

export const kPlaceHeaderId = "place-header";

/** What a place puts into the page's header: its title or its main controls. */
export function PlaceHeader({ children }: { children: ReactNode }) {
  const slot = useSyncExternalStore(
    () => () => undefined,
    () => document.getElementById(kPlaceHeaderId),
  );
  return slot === null ? null : createPortal(children, slot);
}
