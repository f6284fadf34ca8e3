import { expect, test } from "vitest";
import { loginLeft } from "./login";

test("how long a login still lasts", () => {
  const now = Date.parse("2026-01-05T12:00:00Z");
  const left = (state: string, ends_at: string | null) => loginLeft({ state, ends_at }, now);
  expect(left("valid", "2026-01-10T13:00:00Z")).toMatchObject({ text: "5 days left", look: "good" });
  expect(left("valid", "2026-01-12T12:00:00Z").share).toBe(1);
  expect(left("ends_soon", "2026-01-06T11:00:00Z")).toMatchObject({ text: "23 hours left", look: "warning" });
  expect(left("ends_soon", "2026-01-05T12:10:00Z").text).toBe("Less than an hour left");
  expect(left("ended", "2026-01-04T12:00:00Z")).toMatchObject({ text: "The login has ended", look: "danger" });
  expect(left("valid", "2026-01-05T11:00:00Z").look).toBe("danger");
  expect(left("none", null)).toMatchObject({ text: "Not logged in", share: null });
});
