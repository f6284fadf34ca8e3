import type { UseQueryResult } from "@tanstack/react-query";
import type { Instrument } from "../api/types";
import { PlaceHeader } from "../app/PlaceHeader";
import { availableTimeframes, timeframeName, timeframeSeconds } from "../chart/timeframe";
import { updatePage, usePageState } from "../state/usePageState";
import { Combobox } from "../ui/Combobox";
import { formatInteger } from "../ui/format";

interface StrategiesHeaderProps {
  instruments: UseQueryResult<Instrument[]>;
  instrument: Instrument | undefined;
}

/** What the chart and the runs are of. */
export function StrategiesHeader({ instruments, instrument }: StrategiesHeaderProps) {
  const page = usePageState();
  return (
    <PlaceHeader>
      <Combobox
        label="Instrument"
        value={page.symbol}
        placeholder={instruments.isPending ? "Loading…" : "Instrument"}
        choices={(instruments.data ?? []).map(instrumentChoice)}
        onChoose={(symbol) => updatePage({ symbol, timeframe: keptTimeframe(instruments.data, symbol, page.timeframe) })}
        emptyText={instruments.data?.length === 0 ? "Nothing is stored yet. Data, Import takes a file." : "No instrument matches."}
        shortcut="i"
      />
      <Combobox
        label="Timeframe"
        value={page.timeframe}
        placeholder="Timeframe"
        choices={(instrument === undefined ? [] : availableTimeframes(instrument)).map((timeframe) => ({
          value: timeframe,
          label: timeframe,
          detail: timeframeName(timeframe),
        }))}
        custom={(text) => customTimeframe(text, instrument)}
        onChoose={(timeframe) => updatePage({ timeframe })}
        emptyText="Write a count and a unit: 90m, 4h, 3d, 2w, 1M."
        shortcut="t"
      />
      {instrument !== undefined && <span className="header-name">{instrument.name}</span>}
    </PlaceHeader>
  );
}

function instrumentChoice(instrument: Instrument) {
  const rows = instrument.series.reduce((sum, series) => sum + series.row_count, 0);
  const stored = instrument.series.map((series) => series.timeframe).join(", ");
  const about = [instrument.name, instrument.exchange, `${formatInteger(rows)} bars ${stored}`];
  return { value: instrument.symbol, label: instrument.symbol, detail: about.filter((part) => part !== "").join(" · ") };
}

/** The timeframe stays when the other instrument has it; otherwise the page chooses. */
function keptTimeframe(instruments: Instrument[] | undefined, symbol: string, timeframe: string | null): string | null {
  const instrument = instruments?.find((each) => each.symbol === symbol);
  if (instrument === undefined || timeframe === null) return timeframe;
  return customTimeframe(timeframe, instrument);
}

function customTimeframe(text: string, instrument: Instrument | undefined): string | null {
  const seconds = timeframeSeconds(text);
  const finest = instrument === undefined ? undefined : timeframeSeconds(availableTimeframes(instrument)[0] ?? "");
  return seconds === null || (finest !== undefined && finest !== null && seconds < finest) ? null : text;
}
