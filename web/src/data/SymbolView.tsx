import { useCallback, useMemo, useRef, useState } from "react";
import { kBarsMax } from "../api/queries";
import type { Instrument } from "../api/types";
import { ChartPanel } from "../chart/ChartPanel";
import { useChannel } from "../live/link";
import type { Message } from "../live/realtime";
import { useStored } from "../state/useStored";
import { decimalsOf, formatTime } from "../ui/format";
import { Splitter } from "../ui/Splitter";
import { Tabs } from "../ui/Tabs";
import { updateData, useDataState } from "./address";
import { type LiveBar, withLive } from "./bars";
import { BarsTable } from "./BarsTable";
import { BarFacts } from "./BarFacts";
import { barOptions, type QueryDraft } from "./draft";
import { ExportMenu } from "./ExportMenu";
import { kNewest, useBarWindow } from "./useBarWindow";
import { type SymbolResult, useActions } from "./useQueries";

interface SymbolViewProps {
  id: string;
  result: SymbolResult;
  draft: QueryDraft;
  instrument: Instrument | undefined;
  milliseconds: number | null;
  onStream: () => void;
}

/** The server's refusal of a range with more bars than an answer holds: they can still be looked at piece by piece. */
const kTooMany = "TOO_MANY_BARS";

/** Bars that a chart gets at once. */
const kChartMax = 150_000;

/** What came of one symbol: its bars, or why there are none. */
export function SymbolView(props: SymbolViewProps) {
  const { result } = props;
  if (result.status === "ok" || result.code === kTooMany || (result.status === "running" && result.streamed)) return <BarsView {...props} />;
  const states: Readonly<Record<string, string>> = {
    empty: `No bars of ${result.symbol} in this range`,
    error: `${result.symbol} could not be answered`,
  };
  return (
    <section className="data-symbol data-message" aria-label={result.symbol}>
      {states[result.status] === undefined ? (
        <p className="muted" role="status">
          {result.symbol} waits for its turn.
        </p>
      ) : (
        <>
          <h3>{states[result.status]}</h3>
          <p>{result.reason}</p>
          {result.code !== null && <code className="muted">{result.code}</code>}
          {result.status === "empty" && <p className="muted">Ask for the newest bars instead, or for another range.</p>}
        </>
      )}
    </section>
  );
}

function BarsView({ id, result, draft, instrument, milliseconds, onStream }: SymbolViewProps) {
  const { view } = useDataState();
  const [share, setShare] = useStored("data-chart-share", 58);
  const options = useMemo(() => barOptions(draft), [draft]);
  const bounds = storedBounds(instrument);
  // A stream is shown while it comes; once an answer can hold it, that brings its gaps and all else, too. A long one is
  // a table as a whole, and the chart has its bars around what is looked at.
  const streamed = result.streamed ? result.bars : null;
  const streamedCount = streamed?.row_count ?? 0;
  const tooMany = result.code === kTooMany;
  const symbol = result.bars?.symbol ?? continuousName(result.symbol, draft);
  const loaded = useBarWindow({
    id,
    symbol,
    timeframe: draft.frequency,
    options,
    seed: streamed === null ? result.bars : null,
    enabled: streamed === null || streamedCount > kChartMax || (result.status === "ok" && (result.barCount ?? 0) <= kBarsMax),
    first: firstOf(result, draft),
    storedFirst: bounds.first,
    storedLast: bounds.last,
  });
  const live = useLiveBars(result.status === "ok" || tooMany ? symbol : null, draft.frequency);
  const charted = streamedCount > kChartMax ? loaded.bars : (loaded.bars ?? streamed);
  const drawn = useMemo(() => (charted === null ? undefined : withLive(charted, live.bars)), [charted, live.bars]);
  const bars = streamedCount > kBarsMax && streamed !== null ? streamed : drawn;
  const actions = useActions(symbol, instrument !== undefined);
  const [at, setAt] = useState<string | null>(null);
  const tickSize = instrument?.tick_size ?? 0.01;

  const chart = (
    <ChartPanel
      bars={drawn}
      loading={loaded.isFetching || result.status === "running"}
      error={loaded.error}
      onRetry={() => void loaded.retry()}
      instrument={instrument}
      result={undefined}
      trade={null}
      name={id}
      story
      at={at}
      {...(actions.data === undefined ? {} : { actions: actions.data })}
      onEdge={loaded.bars === null ? nothing : loaded.onEdge}
    />
  );
  return (
    <section className="data-symbol" aria-label={result.symbol} data-view={view}>
      <header className="data-symbol-head">
        <div className="data-symbol-title">
          <h3>{symbol}</h3>
          <span className="muted">{[instrument?.name, draft.frequency].filter((part) => part !== undefined && part !== "").join(" · ")}</span>
          {live.at !== null && (
            <span className="badge good" title={`Newest live bar: ${formatTime(live.at)} UTC`}>
              Live
            </span>
          )}
        </div>
        <Tabs
          label="View"
          look="segments"
          items={kViews}
          chosen={view}
          onChoose={(next) => updateData({ view: next })}
          panel="data-view"
        />
        {bars !== undefined && bars.row_count > 0 && <ExportMenu bars={bars} options={options} />}
      </header>
      {tooMany && (
        <p className="notice warning">
          <span>{result.reason?.split(". ")[0]}. The newest are shown; older ones come as you drag the chart.</span>
          <button type="button" className="button small" onClick={onStream}>
            Load them all
          </button>
        </p>
      )}
      <BarFacts bars={bars} milliseconds={milliseconds} running={result.status === "running"} />
      <div
        id="data-view"
        role="tabpanel"
        aria-labelledby={`data-view-tab-${view}`}
        className="data-views"
        style={{ "--data-chart": `${share}%` } as React.CSSProperties}
      >
        {view !== "table" && chart}
        {view === "both" && <Splitter label="Height of the chart" share={share} minimum={20} maximum={80} onChange={setShare} />}
        {view !== "chart" && <div className="data-table">{bars !== undefined && <BarsTable bars={bars} decimals={decimalsOf(tickSize)} at={at} onBar={setAt} />}</div>}
      </div>
    </section>
  );
}

const kViews = [
  { id: "both", label: "Both" },
  { id: "chart", label: "Chart" },
  { id: "table", label: "Table" },
] as const;

function nothing(): void {}

/** Bars of the symbol that come while it is shown. */
function useLiveBars(symbol: string | null, timeframe: string) {
  const [bars, setBars] = useState<ReadonlyMap<string, LiveBar>>(new Map());
  const [at, setAt] = useState<string | null>(null);
  const waiting = useRef(new Map<string, LiveBar>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const take = useCallback(() => {
    timer.current = null;
    const came = waiting.current;
    waiting.current = new Map();
    setBars((before) => new Map([...before, ...came]));
    setAt([...came.keys()].at(-1) ?? null);
  }, []);
  useChannel(symbol === null ? null : `bars:${symbol}:${timeframe}`, (messages: readonly Message[]) => {
    for (const { messageType, data } of messages) {
      if (messageType !== "bar") continue;
      const bar = data as LiveBar;
      waiting.current.set(bar.time, bar);
    }
    // A fast replay brings many a second; the chart is drawn anew a few times.
    if (waiting.current.size > 0) timer.current ??= setTimeout(take, kDrawEveryMs);
  });
  return { bars, at };
}

const kDrawEveryMs = 500;

function storedBounds(instrument: Instrument | undefined): { first: string | null; last: string | null } {
  const all = instrument?.series ?? [];
  const first = all.flatMap(({ first_time: time }) => (time === null ? [] : [time])).toSorted()[0];
  const last = all.flatMap(({ last_time: time }) => (time === null ? [] : [time])).toSorted().at(-1);
  return { first: first ?? null, last: last ?? null };
}

/** The first bars that are loaded where an answer brought none. */
function firstOf(result: SymbolResult, draft: QueryDraft): Readonly<Record<string, string>> {
  const { firstTime, lastTime, barCount } = result;
  if (firstTime !== null && lastTime !== null) {
    const before = new Date(Date.parse(lastTime) + 1000).toISOString();
    return (barCount ?? 0) <= kBarsMax ? { from: firstTime, to: before } : { before };
  }
  if (draft.range === "absolute" && draft.end !== "") return { before: `${draft.end.replace(" ", "T")}${draft.end.length > 10 ? ":00Z" : "T00:00:00Z"}` };
  return kNewest;
}

function continuousName(symbol: string, draft: QueryDraft): string {
  return draft.continuous && !symbol.includes(".") ? `${symbol}.c.${draft.rank}` : symbol;
}
