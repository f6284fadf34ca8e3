/**
 * How far each value lies below the highest before it, in percent, zero or negative. At `restart` the account begins
 * anew, and what was before it does not count.
 */
export function drawdownPercent(equity: readonly number[], restart: number | null = null): number[] {
  let peak = -Infinity;
  return equity.map((value, index) => {
    peak = index === restart ? value : Math.max(peak, value);
    return peak > 0 ? Math.min(0, (value / peak - 1) * 100) : 0;
  });
}
