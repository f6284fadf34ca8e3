import { expect, test } from "vitest";
import type { ApiKey } from "../../api/schema";
import { expiresAt, keyState } from "./scopes";

const kNow = Date.parse("2026-01-05T12:00:00Z");

test("when a key ends", () => {
  expect(expiresAt("30", "", kNow)).toBe("2026-02-04T12:00:00.000Z");
  expect(expiresAt("date", "2026-03-01", kNow)).toBe("2026-03-01T00:00:00Z");
  expect(expiresAt("never", "2026-03-01", kNow)).toBeNull();
});

test("how a key stands", () => {
  const key = (state: string, expires_at: string | null) => ({ state, expires_at }) as ApiKey;
  expect(keyState(key("valid", null), kNow).text).toBe("Valid");
  expect(keyState(key("valid", "2026-01-11T00:00:00Z"), kNow).text).toBe("Ends soon");
  // The list may be older than the end.
  expect(keyState(key("valid", "2026-01-05T11:00:00Z"), kNow).text).toBe("Expired");
  expect(keyState(key("revoked", "2026-01-05T11:00:00Z"), kNow).text).toBe("Revoked");
});
