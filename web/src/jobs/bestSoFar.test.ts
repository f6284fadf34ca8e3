import { expect, test } from "vitest";
import { withSighting } from "./bestSoFar";

const best = (trial: number, objective: number | null) => ({ trial, objective, parameters: { x: trial } });

test("each new best is kept with the trials that were done, the same one once", () => {
  let seen = withSighting([], { best: null, trials_done: 5 });
  expect(seen).toEqual([]);
  seen = withSighting(seen, { best: best(3, 1), trials_done: 10 });
  const same = withSighting(seen, { best: best(3, 1), trials_done: 20 });
  expect(same).toBe(seen);
  seen = withSighting(seen, { best: best(25, 2), trials_done: 30 });
  expect(seen.map(({ done, objective }) => [done, objective])).toEqual([
    [10, 1],
    [30, 2],
  ]);
});

test("an answer that is older than what was seen changes nothing", () => {
  const seen = withSighting([], { best: best(8, 1), trials_done: 10 });
  expect(withSighting(seen, { best: best(2, 0.5), trials_done: 6 })).toBe(seen);
});
