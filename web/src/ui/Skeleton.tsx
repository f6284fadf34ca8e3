/** Grey lines in the place of text that is on its way. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton-line" style={{ width: `${92 - ((line * 37) % 45)}%` }} />
      ))}
    </div>
  );
}
