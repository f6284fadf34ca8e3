import { afterEach, expect, test, vi } from "vitest";

class FakeStorage {
  readonly kept = new Map<string, string>();
  getItem(name: string): string | null {
    return this.kept.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.kept.set(name, value);
  }
  removeItem(name: string): void {
    this.kept.delete(name);
  }
}

async function load(tab = new FakeStorage(), browser = new FakeStorage()) {
  vi.stubGlobal("sessionStorage", tab);
  vi.stubGlobal("localStorage", browser);
  vi.resetModules();
  return { ...(await import("./key")), tab, browser };
}

afterEach(() => vi.unstubAllGlobals());

test("a key lasts for the tab, or in the browser where that was asked for", async () => {
  const { apiKey, signIn, signOut, tab, browser } = await load();
  expect(apiKey()).toBeNull();
  signIn("ta_1", false);
  expect([apiKey(), tab.kept.size, browser.kept.size]).toEqual(["ta_1", 1, 0]);
  signIn("ta_2", true);
  expect([apiKey(), tab.kept.size, browser.kept.size]).toEqual(["ta_2", 0, 1]);
  const again = await load(new FakeStorage(), browser);
  expect(again.apiKey()).toBe("ta_2");
  signOut();
  expect([apiKey(), browser.kept.size]).toEqual([null, 0]);
});

test("storage that is forbidden costs only the memory of the key", async () => {
  const forbidden = () => {
    throw new DOMException("denied", "SecurityError");
  };
  const storage = Object.assign(new FakeStorage(), { getItem: forbidden, setItem: forbidden, removeItem: forbidden });
  const { apiKey, signIn, signOut } = await load(storage, storage);
  signIn("ta_1", true);
  expect(apiKey()).toBe("ta_1");
  signOut();
  expect(apiKey()).toBeNull();
});
