import { useState } from "react";
import type { Instrument } from "../../api/types";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatInteger, formatPlain, formatTime, kNone, sentenceName } from "../../ui/format";
import { toast, toastFailure, toastUndo } from "../../ui/toast";
import { updateSettings } from "../useSettings";
import { Facts } from "../parts/Facts";
import { CorporateActions } from "./CorporateActions";
import { InstrumentForm } from "./InstrumentForm";
import { changes } from "./changes";
import { useHideInstrument, useHistory, useRestoreInstrument } from "./useInstrument";

/** One instrument: what is said of it, what is stored, and what was done to it. */
export function InstrumentView({ instrument }: { instrument: Instrument }) {
  const [editing, setEditing] = useState(false);
  const hide = useHideInstrument();
  const { symbol } = instrument;
  const restore = useRestoreInstrument({
    onSuccess: () => toast({ title: `${symbol} is back with its series` }),
    onError: (error) => toastFailure(`${symbol} was not brought back`, error),
  });
  return (
    <section className="section">
      <div className="section-head">
        <button type="button" className="button small" onClick={() => updateSettings({ symbol: null })}>
          <Icon name="back" size={14} />
          Instruments
        </button>
        <h3>
          {symbol} <span className="muted settings-subtitle">{instrument.name}</span>
        </h3>
        {!editing && (
          <button type="button" className="button" onClick={() => setEditing(true)}>
            Edit
          </button>
        )}
        <button
          type="button"
          className="button quiet settings-danger-text"
          disabled={hide.isPending}
          title="It is listed no more; nothing stored is removed"
          onClick={() =>
            hide.mutate(symbol, {
              onSuccess: () => {
                updateSettings({ symbol: null });
                toastUndo(`${symbol} is hidden with its series`, () => restore.mutate(symbol));
              },
              onError: (error) => toastFailure(`${symbol} was not hidden`, error),
            })
          }
        >
          Hide
        </button>
      </div>
      <div className="card">
        {editing ? (
          <InstrumentForm
            instrument={instrument}
            onCancel={() => setEditing(false)}
            onDone={() => {
              setEditing(false);
              toast({ title: `${symbol} is stored` });
            }}
          />
        ) : (
          <div className="settings-fact-columns">
            <Facts
              facts={[
                ["Asset class", instrument.asset_class],
                ["Exchange", instrument.exchange === "" ? kNone : instrument.exchange],
                ["Currency", instrument.currency],
              ]}
            />
            <Facts
              facts={[
                ["Time zone", instrument.time_zone],
                ["Session", instrument.session === "" ? "Round the clock" : instrument.session],
                ["Tick size", formatPlain(instrument.tick_size)],
              ]}
            />
            <Facts
              facts={[
                ["Point value", `${formatPlain(instrument.point_value)} ${instrument.currency}`],
                ["Quantity step", formatPlain(instrument.quantity_step)],
              ]}
            />
          </div>
        )}
      </div>
      <h4>Stored series</h4>
      <StoredTable instrument={instrument} />
      <CorporateActions symbol={symbol} currency={instrument.currency} />
      <History symbol={symbol} />
    </section>
  );
}

function StoredTable({ instrument: { series } }: { instrument: Instrument }) {
  if (series.length === 0) return <p className="card muted">Nothing is stored of it yet.</p>;
  return (
    <div className="card settings-table-card">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Stored series">
        <table className="plain-table settings-table">
          <thead>
            <tr>
              <th scope="col">Timeframe</th>
              <th scope="col">Source</th>
              <th scope="col" className="number">Rows</th>
              <th scope="col" className="number" title="Bars that were replaced by later values">Corrected</th>
              <th scope="col">From, UTC</th>
              <th scope="col">To, UTC</th>
              <th scope="col">Last stored</th>
            </tr>
          </thead>
          <tbody>
            {series.map((each) => (
              <tr key={`${each.timeframe} ${each.source}`}>
                <th scope="row">{each.timeframe}</th>
                <td>{each.source}</td>
                <td className="number">{formatInteger(each.row_count)}</td>
                <td className="number">{formatInteger(each.corrections)}</td>
                <td className="numbers">{formatTime(each.first_time)}</td>
                <td className="numbers">{formatTime(each.last_time)}</td>
                <td>
                  <Instant time={each.last_append_time} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** As the buttons here call them. */
const kActions: Partial<Record<string, string>> = { deleted: "Hidden", restored: "Brought back" };

function History({ symbol }: { symbol: string }) {
  const history = useHistory(symbol);
  const entries = history.data?.pages.flatMap((page) => page.history) ?? [];
  return (
    <>
      <h4>History</h4>
      {history.isPending && <Skeleton lines={4} />}
      {history.error !== null && history.data === undefined && (
        <Failure error={history.error} what="The history could not be loaded" onRetry={() => void history.refetch()} />
      )}
      {entries.length > 0 && (
        <ol className="card settings-history" aria-label="History">
          {entries.map((entry) => (
            <li key={entry.id}>
              <Instant time={entry.at} seconds />
              <span>
                <strong>{kActions[entry.action] ?? sentenceName(entry.action)}</strong>
                {entry.timeframe !== null && ` ${entry.timeframe} of ${entry.source ?? ""}`}
                {changes(entry).map(({ field, before, after }) => (
                  <span key={field} className="settings-change">
                    {field}: {before !== null && <del>{before}</del>} {after !== null && <ins>{after}</ins>}
                  </span>
                ))}
              </span>
              <span className="muted">{entry.by}</span>
            </li>
          ))}
        </ol>
      )}
      {history.hasNextPage && (
        <button type="button" className="button small settings-more" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          Older ones
        </button>
      )}
    </>
  );
}
