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

/** Tabs of one browser: a storage event tells the others. */
function fakeWindow(browser: FakeStorage) {
  const listeners: ((event: object) => void)[] = [];
  const window = { addEventListener: (_type: string, listener: (event: object) => void) => void listeners.push(listener) };
  const change = (key: string | null, value: string | null) => {
    if (value === null) browser.kept.delete("tradeassist.api-key");
    else browser.kept.set("tradeassist.api-key", value);
    for (const listener of listeners) listener({ key, newValue: value, storageArea: browser });
  };
  return { window, change };
}

test("a key that is kept in another tab is used here, and forgotten with it", async () => {
  const [tab, browser] = [new FakeStorage(), new FakeStorage()];
  const { window, change } = fakeWindow(browser);
  vi.stubGlobal("window", window);
  const { apiKey, askForKey, keyWanted, onApiKey } = await load(tab, browser);
  const told = vi.fn();
  onApiKey(told);
  askForKey("a key is wanted");
  change("tradeassist.api-key", "ta_1_a");
  expect([apiKey(), keyWanted(), told.mock.calls.length]).toEqual(["ta_1_a", null, 1]);
  change("tradeassist.theme", "ta_9_z");
  expect(apiKey()).toBe("ta_1_a");
  change("tradeassist.api-key", null);
  expect([apiKey(), told.mock.calls.length]).toEqual([null, 2]);
});

test("a tab with a key of its own keeps it while it holds", async () => {
  const [tab, browser] = [new FakeStorage(), new FakeStorage()];
  const { window, change } = fakeWindow(browser);
  vi.stubGlobal("window", window);
  const { apiKey, askForKey, signIn } = await load(tab, browser);
  signIn("ta_own_a", false);
  change("tradeassist.api-key", "ta_kept_b");
  change("tradeassist.api-key", null);
  expect(apiKey()).toBe("ta_own_a");
  askForKey("it has ended");
  change("tradeassist.api-key", "ta_kept_b");
  expect([apiKey(), tab.kept.size]).toEqual(["ta_kept_b", 0]);
});

test("the public part of a token is told from its secret", async () => {
  const { keyId } = await load();
  expect([keyId("ta_3f9c2d71a04b_5ec7e7"), keyId("nonsense"), keyId(null)]).toEqual(["3f9c2d71a04b", null, null]);
});

test("signing out counts for the tabs that have the same key, kept or not", async () => {
  const listeners: ((event: { data: unknown }) => void)[] = [];
  const posted: unknown[] = [];
  class FakeChannel {
    addEventListener(_type: string, listener: (event: { data: unknown }) => void) {
      listeners.push(listener);
    }
    postMessage(message: unknown) {
      posted.push(message);
    }
  }
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  const { apiKey, signIn, signOut } = await load();
  const tell = (data: unknown) => {
    for (const listener of listeners) listener({ data });
  };
  signIn("ta_one_secret", false);
  tell("another");
  expect(apiKey()).toBe("ta_one_secret");
  tell("one");
  expect(apiKey()).toBeNull();
  signIn("ta_two_secret", false);
  signOut();
  // The secret stays here.
  expect(posted).toEqual(["two"]);
});
