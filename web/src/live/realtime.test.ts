import { describe, expect, test, vi } from "vitest";
import { type Message, RealtimeClient, type Socket } from "./realtime";

class FakeSocket implements Socket {
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  readonly #listeners = new Map<string, ((event: { data: unknown }) => void)[]>();

  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.closed = true;
    this.fire("close");
  }

  fire(type: string, data?: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data: JSON.stringify(data) });
  }

  say(channel: string, messageType: string, sequence: number | undefined, data: object = {}): void {
    this.fire("message", { messageType, version: "1.0", timestamp: "2026-01-02T03:04:05Z", sequence, channel, data });
  }
}

function start() {
  const sockets: FakeSocket[] = [];
  let waiting: (() => void)[] = [];
  const client = new RealtimeClient({
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    soon: (run) => waiting.push(run),
    delay: () => 1,
  });
  const frame = () => {
    const now = waiting;
    waiting = [];
    for (const run of now) run();
  };
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error("nothing was connected");
    return socket;
  };
  return { client, sockets, frame, last };
}

function hearer() {
  const seen: number[] = [];
  return {
    seen,
    gaps: vi.fn(),
    get onMessages() {
      return (messages: readonly Message[]) => seen.push(...messages.map((each) => each.sequence ?? -1));
    },
    get onGap() {
      return this.gaps;
    },
  };
}

describe("the page's connection", () => {
  test("opens with the first subscription, and hands on a frame's messages together", () => {
    const { client, sockets, frame, last } = start();
    expect(sockets).toHaveLength(0);
    const one = { onMessages: vi.fn() };
    client.subscribe("jobs:1", one);
    last().fire("open");
    expect(last().sent).toEqual([{ action: "subscribe", channel: "jobs:1" }]);
    last().say("jobs:1", "subscribed", undefined, { sequence: 9 });
    last().say("jobs:1", "job_progress", 10);
    last().say("jobs:1", "job_progress", 11);
    last().say("jobs:2", "job_progress", 3);
    expect(one.onMessages).not.toHaveBeenCalled();
    frame();
    expect(one.onMessages).toHaveBeenCalledTimes(1);
    expect(one.onMessages.mock.calls[0]?.[0]).toHaveLength(2);
  });

  test("asks for what it missed when it comes back, and drops what it has seen", () => {
    vi.useFakeTimers();
    const { client, sockets, frame, last } = start();
    const one = hearer();
    client.subscribe("jobs:1", one);
    last().fire("open");
    last().say("jobs:1", "job_progress", 10);
    last().fire("close");
    expect(client.state).toBe("down");
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
    last().fire("open");
    expect(client.state).toBe("live");
    expect(last().sent).toEqual([{ action: "subscribe", channel: "jobs:1", after: 10 }]);
    last().say("jobs:1", "subscribed", undefined, { sequence: 12 });
    for (const sequence of [10, 11, 12]) last().say("jobs:1", "job_progress", sequence);
    frame();
    expect(one.seen).toEqual([10, 11, 12]);
    expect(one.gaps).not.toHaveBeenCalled();
    vi.useRealTimers();
  });

  test("tells what cannot be replayed, and goes on from there, even below what was seen", () => {
    const { client, frame, last } = start();
    const one = hearer();
    client.subscribe("bars:SPY:1m", one);
    last().fire("open");
    last().say("bars:SPY:1m", "bar", 100);
    last().say("bars:SPY:1m", "gap", undefined, { from: null, to: 41 });
    last().say("bars:SPY:1m", "bar", 42);
    frame();
    expect(one.gaps).toHaveBeenCalledTimes(1);
    expect(one.seen).toEqual([100, 42]);
  });

  test("leaves a channel with its last listener, and is not opened again for nobody", () => {
    vi.useFakeTimers();
    const { client, sockets, last } = start();
    const [one, two] = [hearer(), hearer()];
    const endOne = client.subscribe("live", one);
    const endTwo = client.subscribe("live", two);
    last().fire("open");
    endOne();
    expect(last().sent).toHaveLength(1);
    endTwo();
    expect(last().sent.at(-1)).toEqual({ action: "unsubscribe", channel: "live" });
    last().fire("close");
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    vi.useRealTimers();
  });

  test("connects anew for another key, with what is heard", () => {
    const { client, sockets, last } = start();
    client.subscribe("live", hearer());
    last().fire("open");
    client.reconnect();
    expect(sockets[0]?.closed).toBe(true);
    expect(sockets).toHaveLength(2);
    last().fire("open");
    expect(last().sent).toEqual([{ action: "subscribe", channel: "live" }]);
  });

  test("does not keep without bound what is not drawn", () => {
    const { client, frame, last } = start();
    const one = hearer();
    client.subscribe("quotes:/ES", one);
    last().fire("open");
    for (let sequence = 1; sequence <= 10_001; ++sequence) last().say("quotes:/ES", "market_data", sequence);
    expect(one.gaps).toHaveBeenCalledTimes(1);
    last().say("quotes:/ES", "market_data", 10_002);
    frame();
    expect(one.seen).toEqual([10_002]);
  });
});
