import { MutationCache, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connectTabs, type TabChannel } from "./tabs";

/** Channels of one name: what one posts, the others hear. */
function channels(count: number): (TabChannel & { posted: number })[] {
  const all = Array.from({ length: count }, () => {
    const listeners: ((event: { data: unknown }) => void)[] = [];
    return {
      listeners,
      posted: 0,
      addEventListener: (_type: "message", listener: (event: { data: unknown }) => void) => void listeners.push(listener),
      postMessage(message: unknown) {
        this.posted += 1;
        for (const each of all) if (each !== this) for (const listener of each.listeners) listener({ data: message });
      },
    };
  });
  return all;
}

function shown(queries: QueryClient, queryKey: readonly unknown[], staleTime = 0) {
  const queryFn = vi.fn(() => Promise.resolve(1));
  new QueryObserver(queries, { queryKey, queryFn, staleTime }).subscribe(() => undefined);
  return queryFn;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a change in one tab makes the others ask again for what they show, once for many", async () => {
  const [one, two] = channels(2);
  if (one === undefined || two === undefined) throw new Error("no channels");
  const here = connectTabs(one);
  const there = new QueryClient();
  connectTabs(two).follow(there);
  const listed = shown(there, ["instruments"], 60_000);
  const computed = shown(there, ["backtest"], Infinity);
  await vi.advanceTimersByTimeAsync(1);
  expect([listed.mock.calls.length, computed.mock.calls.length]).toEqual([1, 1]);

  here.tellChange();
  here.tellChange();
  here.tellChange({ changes: false });
  await vi.advanceTimersByTimeAsync(200);
  expect(one.posted).toBe(1);
  expect([listed.mock.calls.length, computed.mock.calls.length]).toEqual([2, 1]);
  here.tellChange();
  await vi.advanceTimersByTimeAsync(200);
  expect(listed).toHaveBeenCalledTimes(3);
});

test("only mutations that succeed and change something are told", async () => {
  const [one] = channels(1);
  if (one === undefined) throw new Error("no channel");
  const here = connectTabs(one);
  const cache = new MutationCache({ onSuccess: (_data, _variables, _context, mutation) => here.tellChange(mutation.meta) });
  const queries = new QueryClient({ mutationCache: cache });
  const run = async (works: boolean, meta?: { changes: boolean }) => {
    const mutationFn = () => (works ? Promise.resolve(1) : Promise.reject(new Error("refused")));
    await cache.build(queries, { mutationFn, ...(meta === undefined ? {} : { meta }) }).execute(undefined).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(200);
    return one.posted;
  };
  expect(await run(false)).toBe(0);
  expect(await run(true, { changes: false })).toBe(0);
  expect(await run(true)).toBe(1);
});

test("a browser without channels works by itself", () => {
  const alone = connectTabs(null);
  alone.tellChange();
  alone.follow(new QueryClient());
  expect(vi.getTimerCount()).toBe(0);
});
