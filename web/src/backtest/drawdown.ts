/** How far each value lies below the highest before it, in percent, zero or negative. */
export function drawdownPercent(equity: readonly number[]): number[] {
  let peak = -Infinity;
  return equity.map((value) => {
    peak = Math.max(peak, value);
    return peak > 0 ? Math.min(0, (value / peak - 1) * 100) : 0;
  });
}
