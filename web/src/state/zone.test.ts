import { expect, test } from "vitest";
import { allZones, isZone } from "./zone";

test("time zones are known by their IANA names", () => {
  expect([isZone("America/New_York"), isZone("UTC"), isZone("Mars/Base"), isZone(""), isZone(5)]).toEqual([true, true, false, false, false]);
  expect(allZones()[0]).toBe("UTC");
  expect(allZones().filter((zone) => zone === "UTC")).toHaveLength(1);
  expect(allZones()).toContain("Europe/Berlin");
});
