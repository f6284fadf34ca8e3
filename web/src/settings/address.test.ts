import { expect, test } from "vitest";
import { formatSettings, parseSettings } from "./address";

test("an address opens the section and what was chosen in it", () => {
  const text = "section=webhooks&webhook=wh_1&state=failed&delivery=dlv_2";
  expect(parseSettings(`?${text}`)).toEqual({
    section: "webhooks",
    ended: false,
    webhook: "wh_1",
    state: "failed",
    delivery: "dlv_2",
    symbol: null,
  });
  expect(formatSettings(parseSettings(text))).toBe(text);
});

test("what belongs to another section is left out, and what is not known is the default", () => {
  expect(formatSettings(parseSettings("section=instruments&symbol=ES&webhook=wh_1&ended=1"))).toBe("section=instruments&symbol=ES");
  expect(formatSettings(parseSettings("section=nonsense"))).toBe("section=appearance");
});
