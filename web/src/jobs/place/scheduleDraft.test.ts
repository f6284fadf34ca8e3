import { expect, test } from "vitest";
import { draftLike, kEmptyDraft, readDraft } from "./scheduleDraft";

const kDraft = { ...draftLike("optimize", { strategy: "RSIStrategy" }), name: " nightly ", cron: " 0  2 * * * " };

test("a draft is sent without what is around its words", () => {
  expect(readDraft(kDraft)).toEqual({
    name: "nightly",
    body: { cron: "0 2 * * *", time_zone: "UTC", kind: "optimize", request: { strategy: "RSIStrategy" }, priority: 1, enabled: true },
  });
});

test("what cannot be sent is named with its field", () => {
  const wrongs = [
    [kEmptyDraft, "name"],
    [{ ...kDraft, cron: "0 2 * *" }, "cron"],
    [{ ...kDraft, request: "{" }, "request"],
    [{ ...kDraft, request: "[1]" }, "request"],
  ] as const;
  for (const [draft, field] of wrongs) expect(readDraft(draft)).toMatchObject({ wrong: { field } });
});
