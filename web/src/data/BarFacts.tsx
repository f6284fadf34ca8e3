import type { BarsInColumns } from "../api/schema";
import { Hint } from "../ui/Hint";
import { formatInteger, formatNumber, formatTime, plural, sentenceName } from "../ui/format";

/** The story of the bars, in a line: how many, from when to when, what is missing, how good they are. */
export function BarFacts({ bars, milliseconds, running }: { bars: BarsInColumns | undefined; milliseconds: number | null; running: boolean }) {
  if (bars === undefined) return <div className="data-facts" aria-busy="true" />;
  const { columns, gaps, quality } = bars;
  const facts: (readonly [string, React.ReactNode])[] = [
    ["Bars", formatInteger(bars.row_count)],
    ["From", formatTime(columns.time[0])],
    ["To", formatTime(columns.time.at(-1))],
  ];
  if (bars.source !== "") facts.push(["Source", bars.base_timeframe === bars.timeframe ? bars.source : `${bars.source}, of ${bars.base_timeframe}`]);
  if (bars.continuous !== undefined) facts.push(["Rolls", formatInteger(bars.continuous.rolls.length)]);
  if (bars.adjusted) facts.push(["Adjusted", sentenceName(bars.price_adjustment)]);
  if (milliseconds !== null && !running) facts.push(["Took", `${formatInteger(Math.max(1, milliseconds))} ms`]);
  return (
    <div className="data-facts">
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {gaps !== undefined && (
          <div>
            <dt>Gaps</dt>
            <dd className="data-gaps">
              {gaps.counts === undefined ? (
                <span className="muted">{gaps.unknown_reason ?? "not known"}</span>
              ) : (
                <>
                  <GapKey kind="missing" count={gaps.bars_missing ?? 0} text="missing" />
                  <GapKey kind="no_trade" count={gaps.bars_without_trade ?? 0} text="without trade" />
                  {gaps.counts.unknown > 0 && <GapKey kind="unknown" count={gaps.counts.unknown} text="unknown" />}
                  {gaps.is_cut === true && <span className="muted">the first are marked</span>}
                </>
              )}
            </dd>
          </div>
        )}
        {quality !== undefined && (
          <div>
            <dt>Quality</dt>
            <dd>
              <span className={`badge ${quality.score >= 95 ? "good" : quality.score >= 80 ? "warning" : "danger"}`}>{formatNumber(quality.score, 1)}</span>
              {quality.findings.length > 0 && (
                <Hint about="Quality" text={quality.findings.map(({ text, count }) => `${plural(count, "bar")}: ${text}`).join("\n")} />
              )}
            </dd>
          </div>
        )}
        {bars.last_is_partial === true && (
          <div>
            <dt className="visually-hidden">Last bar</dt>
            <dd>
              <span className="badge warning">Last bar is partial</span>
            </dd>
          </div>
        )}
      </dl>
      {bars.archived.length > 0 && <p className="notice warning">{plural(bars.archived.length, "partition")} of this range are only in an archive.</p>}
      {bars.adjustment_notes?.map((note) => (
        <p key={note} className="notice warning">
          {note}
        </p>
      ))}
    </div>
  );
}

function GapKey({ kind, count, text }: { kind: string; count: number; text: string }) {
  return (
    <span className="data-gap" data-kind={kind}>
      {formatInteger(count)} {text}
    </span>
  );
}
