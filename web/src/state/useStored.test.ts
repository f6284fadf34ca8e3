import { afterEach, expect, test, vi } from "vitest";
import { onStored, readStored, writeStored } from "./useStored";

afterEach(() => vi.unstubAllGlobals());

function storage(): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
  return kept;
}

test("a preference is kept, and those who follow it are told", () => {
  const kept = storage();
  const told = vi.fn();
  const end = onStored(told);
  expect(readStored("share", 52)).toBe(52);
  writeStored("share", 40);
  expect([readStored("share", 52), kept.get("tradeassist.share"), told.mock.calls.length]).toEqual([40, "40", 1]);
  end();
  writeStored("share", 41);
  expect(told).toHaveBeenCalledTimes(1);
});

test("the same text is the same object, and another tab's text is read", () => {
  const kept = storage();
  writeStored("ranges", { fast: 1 });
  const first = readStored<object>("ranges", {});
  expect(readStored<object>("ranges", {})).toBe(first);
  kept.set("tradeassist.ranges", '{"fast":2}');
  expect(readStored<object>("ranges", {})).toEqual({ fast: 2 });
  kept.set("tradeassist.ranges", "no JSON");
  expect(readStored<object | null>("ranges", null)).toBeNull();
});

test("storage that is full costs only the memory of it", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  writeStored("notes", "many");
  expect(readStored("notes", "")).toBe("many");
});
