import { type FormEvent, useDeferredValue, useMemo, useState } from "react";
import { useInstruments } from "../../api/queries";
import type { Instrument } from "../../api/types";
import { type Command, useCommands } from "../../app/commands";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { formatCompact, formatDate, formatInteger, kNone } from "../../ui/format";
import { toast } from "../../ui/toast";
import { updateSettings, useSettings } from "../useSettings";
import { Field } from "../parts/Field";
import { Modal } from "../parts/Modal";
import { SectionFailure } from "../parts/SectionFailure";
import { InstrumentForm } from "./InstrumentForm";
import { InstrumentView } from "./InstrumentView";
import { useRestoreInstrument } from "./useInstrument";

/** More rows than this are found by typing. */
const kRowsMax = 200;

/** What there are bars of, or may be. */
export function InstrumentsSection() {
  const instruments = useInstruments();
  const { symbol } = useSettings();
  const [open, setOpen] = useState<"new" | "restore" | null>(null);
  const [wanted, setWanted] = useState("");
  const filter = useDeferredValue(wanted.trim().toLowerCase());
  const commands = useMemo(
    (): Command[] => [
      { id: "new instrument", title: "New instrument", group: "Settings", keys: "N", run: () => setOpen("new") },
      { id: "restore instrument", title: "Bring back a hidden instrument", group: "Settings", run: () => setOpen("restore") },
    ],
    [],
  );
  useCommands(commands);
  const chosen = instruments.data?.find((each) => each.symbol === symbol);
  const found = instruments.data?.filter((each) => `${each.symbol} ${each.name} ${each.exchange} ${each.asset_class}`.toLowerCase().includes(filter)) ?? [];
  return (
    <>
      {chosen !== undefined && <InstrumentView key={chosen.symbol} instrument={chosen} />}
      {symbol !== null && instruments.isPending && <Skeleton lines={12} />}
      {(symbol === null || (chosen === undefined && !instruments.isPending)) && (
        <section className="section">
          <div className="section-head">
            <h3>Instruments</h3>
            {instruments.data !== undefined && (
              <>
                <input
                  type="search"
                  className="control settings-search"
                  aria-label="Find an instrument"
                  placeholder="Find"
                  data-shortcut="/"
                  value={wanted}
                  onChange={(event) => setWanted(event.target.value)}
                />
                <button type="button" className="button" onClick={() => setOpen("restore")}>
                  <Icon name="undo" size={14} />
                  Bring back
                </button>
                <button type="button" className="button primary" data-shortcut="n" onClick={() => setOpen("new")}>
                  <Icon name="plus" size={14} />
                  New instrument
                </button>
              </>
            )}
          </div>
          {symbol !== null && instruments.data !== undefined && (
            <p className="notice warning">
              There is no instrument <code>{symbol}</code>. If it was hidden, it can be brought back.
            </p>
          )}
          {instruments.isPending && <Skeleton lines={8} />}
          {instruments.error !== null && instruments.data === undefined && (
            <SectionFailure error={instruments.error} what="The instruments could not be loaded" scope="read" onRetry={() => void instruments.refetch()} />
          )}
          {instruments.data?.length === 0 && (
            <div className="card settings-empty">
              <h4>No instrument yet</h4>
              <p className="muted">An import makes the instruments that it needs; others can be made here.</p>
            </div>
          )}
          {instruments.data !== undefined && instruments.data.length > 0 && <InstrumentsTable instruments={found.slice(0, kRowsMax)} />}
          {found.length > kRowsMax && (
            <p className="muted">
              {formatInteger(kRowsMax)} of {formatInteger(found.length)} are shown; type to find the others.
            </p>
          )}
          {found.length === 0 && filter !== "" && <p className="muted">None fits &ldquo;{wanted}&rdquo;.</p>}
        </section>
      )}
      {open === "new" && (
        <Modal title="New instrument" onClose={() => setOpen(null)}>
          <InstrumentForm
            onCancel={() => setOpen(null)}
            onDone={(made) => {
              setOpen(null);
              updateSettings({ symbol: made });
            }}
          />
        </Modal>
      )}
      {open === "restore" && <BringBack onClose={() => setOpen(null)} />}
    </>
  );
}

function BringBack({ onClose }: { onClose: () => void }) {
  const restore = useRestoreInstrument();
  const [symbol, setSymbol] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = symbol.trim();
    restore.mutate(wanted, {
      onSuccess: () => {
        onClose();
        toast({ title: `${wanted} is back with its series` });
        updateSettings({ symbol: wanted });
      },
    });
  };
  return (
    <Modal title="Bring back a hidden instrument" onClose={onClose}>
      <form className="settings-form" onSubmit={submit}>
        <p className="muted">It comes back as it was, with all that is stored of it. The server does not list what is hidden, so type its symbol.</p>
        <Field label="Symbol">
          <input className="control" value={symbol} required autoComplete="off" spellCheck={false} onChange={(event) => setSymbol(event.target.value)} />
        </Field>
        {restore.error !== null && <Failure error={restore.error} what="It was not brought back" />}
        <div className="settings-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={restore.isPending}>
            Bring back
          </button>
        </div>
      </form>
    </Modal>
  );
}

function InstrumentsTable({ instruments }: { instruments: readonly Instrument[] }) {
  return (
    <div className="card settings-table-card">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Instruments">
        <table className="plain-table settings-table">
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <th scope="col">Class</th>
              <th scope="col">Exchange</th>
              <th scope="col">Currency</th>
              <th scope="col">Time zone</th>
              <th scope="col">Series</th>
              <th scope="col" className="number">Rows</th>
              <th scope="col">To</th>
            </tr>
          </thead>
          <tbody>
            {instruments.map((each) => (
              <tr key={each.symbol} data-symbol={each.symbol}>
                <th scope="row">
                  <button type="button" className="settings-link" onClick={() => updateSettings({ symbol: each.symbol })}>
                    {each.symbol}
                  </button>
                  <span className="muted">{each.name}</span>
                </th>
                <td>{each.asset_class}</td>
                <td>{each.exchange === "" ? <span className="muted">{kNone}</span> : each.exchange}</td>
                <td>{each.currency}</td>
                <td>{each.time_zone}</td>
                <td>
                  <span className="settings-badges">
                    {each.series.map(({ timeframe, source }) => (
                      <span key={`${timeframe} ${source}`} className="badge" title={source}>
                        {timeframe}
                      </span>
                    ))}
                  </span>
                </td>
                <td className="number">{formatCompact(each.series.reduce((sum, { row_count }) => sum + row_count, 0))}</td>
                <td>{formatDate(latest(each))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function latest({ series }: Instrument): string | null {
  return series.reduce<string | null>((last, { last_time }) => (last_time !== null && (last === null || last_time > last) ? last_time : last), null);
}
