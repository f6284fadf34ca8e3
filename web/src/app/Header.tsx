import type { UseQueryResult } from "@tanstack/react-query";
import { useRef } from "react";
import type { Instrument } from "../api/types";
import { availableTimeframes, timeframeName, timeframeSeconds } from "../chart/timeframe";
import { JobList } from "../jobs/JobList";
import { isActive, useJobs } from "../jobs/useJobs";
import { toggleTheme, useTheme } from "../state/theme";
import { updatePage, usePageState } from "../state/usePageState";
import { Combobox } from "../ui/Combobox";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { formatInteger } from "../ui/format";
import { Help } from "./Help";
import { signOut, useApiKey } from "../api/key";

interface HeaderProps {
  instruments: UseQueryResult<Instrument[]>;
  instrument: Instrument | undefined;
}

export function Header({ instruments, instrument }: HeaderProps) {
  const page = usePageState();
  const theme = useTheme();
  const help = useRef<HTMLDialogElement>(null);
  const signedIn = useApiKey() !== null;
  return (
    <header className="header">
      <h1 className="brand">
        <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" className="brand-tile" />
          <path d="M10 7v4m0 9v5M22 6v5m0 8v6" className="brand-line" />
          <rect x="7" y="11" width="6" height="9" rx="1.5" className="brand-body" />
          <rect x="19" y="11" width="6" height="8" rx="1.5" className="brand-line" />
        </svg>
        <span>TradeAssist</span>
      </h1>
      <Combobox
        label="Instrument"
        value={page.symbol}
        placeholder={instruments.isPending ? "Loading…" : "Instrument"}
        choices={(instruments.data ?? []).map(instrumentChoice)}
        onChoose={(symbol) => updatePage({ symbol, timeframe: keptTimeframe(instruments.data, symbol, page.timeframe) })}
        emptyText={instruments.data?.length === 0 ? "Nothing is stored yet. Import bars with: tradeassist import" : "No instrument matches."}
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
      <span className="header-space" />
      <JobsButton />
      <button
        type="button"
        className="button quiet icon"
        aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
        title={`${theme === "dark" ? "Light" : "Dark"} theme (D)`}
        data-shortcut="d"
        onClick={toggleTheme}
      >
        <Icon name={theme === "dark" ? "sun" : "moon"} />
      </button>
      <button
        type="button"
        className="button quiet icon"
        aria-label="Help and keyboard shortcuts"
        title="Help and keyboard shortcuts (?)"
        data-shortcut="?"
        onClick={() => help.current?.showModal()}
      >
        <Icon name="help" />
      </button>
      {signedIn && (
        <button
          type="button"
          className="button quiet icon"
          aria-label="Sign out"
          title="Sign out: forget the API key"
          onClick={() => {
            signOut();
            location.reload();
          }}
        >
          <Icon name="exit" />
        </button>
      )}
      <Dialog dialog={help} title="Keyboard and help">
        <Help />
      </Dialog>
    </header>
  );
}

/** Searches wherever one is; says how many run. */
function JobsButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const jobs = useJobs();
  const active = jobs.data?.filter(isActive).length ?? 0;
  return (
    <>
      <button
        type="button"
        className="button quiet"
        title="Searches (J)"
        data-shortcut="j"
        onClick={() => {
          void jobs.refetch();
          dialog.current?.showModal();
        }}
      >
        <Icon name="list" />
        <span className="header-wide">Searches</span>
        {active > 0 && <span className="badge job-state" data-active>{active} running</span>}
      </button>
      <Dialog dialog={dialog} title="Searches">
        <div className="dialog-content">
          <JobList onChosen={() => dialog.current?.close()} />
        </div>
      </Dialog>
    </>
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
