import { useEffect, useRef, useSyncExternalStore } from "react";
import { apiKey, onApiKey } from "../api/key";
import { type LinkState, type Message, RealtimeClient } from "./realtime";

const kProtocol = "tradeassist.v1";

/** The connection of this page. */
export const realtime = new RealtimeClient({
  connect: () => {
    const key = apiKey();
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/realtime`;
    return new WebSocket(url, key === null ? [kProtocol] : [kProtocol, `tradeassist.key.${key}`]);
  },
  // A tab in the background draws no frames.
  soon: (run) => {
    if (document.hidden) setTimeout(run, 250);
    else requestAnimationFrame(run);
  },
});

onApiKey(() => realtime.reconnect());
window.addEventListener("online", () => realtime.reconnect());

/**
 * Hears a channel while the component is shown; none: nothing. The functions may change from one drawing to the next.
 * After `onGap`, what was made of the messages has to be asked for again.
 */
export function useChannel(
  channel: string | null,
  onMessages: (messages: readonly Message[]) => void,
  onGap?: () => void,
): void {
  const handlers = useRef({ onMessages, onGap });
  useEffect(() => {
    handlers.current = { onMessages, onGap };
  });
  useEffect(() => {
    if (channel === null) return undefined;
    return realtime.subscribe(channel, {
      onMessages: (messages) => handlers.current.onMessages(messages),
      onGap: () => handlers.current.onGap?.(),
    });
  }, [channel]);
}

export function useLinkState(): LinkState {
  return useSyncExternalStore(
    (listener) => realtime.onState(listener),
    () => realtime.state,
  );
}
