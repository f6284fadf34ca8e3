import { describe, expect, test } from "vitest";
import { importQuery, kInitialOptions, symbolOf } from "./options";

describe("an import", () => {
  test("asks with what was said, and with nothing else", () => {
    const query = new URLSearchParams(importQuery({ ...kInitialOptions, symbol: " ES1! ", timezone: "America/New_York", strict: true }, "es minutes.csv"));
    expect(Object.fromEntries(query)).toEqual({ symbol: "ES1!", timezone: "America/New_York", strict: "true", file_name: "es minutes.csv" });
  });

  test("guesses the symbol from the file's name", () => {
    expect(symbolOf("eurusd_1h.csv")).toBe("EURUSD");
    expect(symbolOf("ES-2024 minutes.csv.gz")).toBe("ES");
    expect(symbolOf("BRK.B.csv")).toBe("BRK.B");
    expect(symbolOf("BTC-USD.parquet")).toBe("BTC-USD");
    expect(symbolOf("spx (1).CSV")).toBe("SPX");
    expect(symbolOf("____.csv")).toBe("");
  });
});
