// The page's WebSocket: one connection for all channels, opened again when it ends, with what was missed replayed.

/** An envelope of `/ws/realtime`. */
export interface Message {
  readonly messageType: string;
  readonly timestamp: string;
  readonly sequence?: number;
  readonly channel?: string;
  readonly data: unknown;
}

export type LinkState = "connecting" | "live" | "down";

export interface ChannelListener {
  /** What came, in order; at most once a frame. */
  onMessages: (messages: readonly Message[]) => void;
  /** Some messages are lost for good: what was made of them has to be asked for again. */
  onGap?: () => void;
}

interface Channel {
  readonly listeners: Set<ChannelListener>;
  /** The newest sequence that was seen; null before the server told any. */
  last: number | null;
  waiting: Message[];
}

/** As much of WebSocket as the client needs; tests bring their own. */
export interface Socket {
  addEventListener: {
    (type: "open" | "close", listener: () => void): void;
    (type: "message", listener: (event: { data: unknown }) => void): void;
  };
  send: (text: string) => void;
  close: () => void;
}

export interface RealtimeOptions {
  connect: () => Socket;
  /** Calls back when messages should be handed on; a frame later, in a page. */
  soon: (run: () => void) => void;
  /** Seconds until the nth try. */
  delay?: (tries: number) => number;
}

const kWaitingMax = 10_000;

/** Connects with the first subscription; without any, a connection that ends is not opened again. */
export class RealtimeClient {
  readonly #options: RealtimeOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #stateListeners = new Set<() => void>();
  #socket: Socket | null = null;
  #state: LinkState = "connecting";
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #flushing = false;

  constructor(options: RealtimeOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  onState(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Returns what ends the subscription. */
  subscribe(name: string, listener: ChannelListener): () => void {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = { listeners: new Set(), last: null, waiting: [] };
      this.#channels.set(name, channel);
      if (this.#state === "live") this.#send({ action: "subscribe", channel: name });
    }
    channel.listeners.add(listener);
    if (this.#socket === null && this.#timer === null) this.#open();
    return () => {
      channel.listeners.delete(listener);
      if (channel.listeners.size > 0 || this.#channels.get(name) !== channel) return;
      this.#channels.delete(name);
      if (this.#state === "live") this.#send({ action: "unsubscribe", channel: name });
    };
  }

  /** Connects anew, now: another key, or the network came back. */
  reconnect(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#tries = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#channels.size > 0) this.#open();
  }

  #open(): void {
    const socket = this.#options.connect();
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#socket !== socket) return;
      this.#tries = 0;
      this.#setState("live");
      for (const [channel, { last }] of this.#channels) {
        this.#send(last === null ? { action: "subscribe", channel } : { action: "subscribe", channel, after: last });
      }
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket === socket && typeof data === "string") this.#receive(data);
    });
    socket.addEventListener("close", () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#setState("down");
      if (this.#channels.size === 0) return;
      const seconds = (this.#options.delay ?? backOff)(this.#tries++);
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#open();
      }, seconds * 1000);
    });
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as Message;
    const channel = message.channel === undefined ? undefined : this.#channels.get(message.channel);
    if (channel === undefined) return;
    if (message.messageType === "subscribed") {
      // Of a channel joined anew; after a pause the replay brings it there.
      const { sequence } = message.data as { sequence?: number };
      if (channel.last === null) channel.last = sequence ?? message.sequence ?? null;
      return;
    }
    if (message.messageType === "gap") {
      // Of a server whose clock was set back the sequences may be smaller than what was seen.
      channel.last = (message.data as { to: number }).to;
      for (const listener of channel.listeners) listener.onGap?.();
      return;
    }
    if (message.sequence === undefined) return;
    if (channel.last !== null && message.sequence <= channel.last) return;
    channel.last = message.sequence;
    channel.waiting.push(message);
    // A page that is not drawn for long need not keep all: what is lost is told.
    if (channel.waiting.length > kWaitingMax) {
      channel.waiting = [];
      for (const listener of channel.listeners) listener.onGap?.();
    }
    if (this.#flushing) return;
    this.#flushing = true;
    this.#options.soon(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    for (const channel of this.#channels.values()) {
      if (channel.waiting.length === 0) continue;
      const messages = channel.waiting;
      channel.waiting = [];
      for (const listener of channel.listeners) listener.onMessages(messages);
    }
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #setState(next: LinkState): void {
    if (this.#state === next) return;
    this.#state = next;
    for (const listener of this.#stateListeners) listener();
  }
}

/** From half a second up to fifteen, with some chance, so that many pages do not come back at once. */
function backOff(tries: number): number {
  return Math.min(15, 0.5 * 2 ** tries) * (0.75 + Math.random() / 2);
}
