import { type FormEvent, useState } from "react";
import { fieldErrors } from "../../api/problem";
import type { ActionRequest, StoredCorporateAction } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatPlain, sentenceName } from "../../ui/format";
import { toastFailure, toastUndo } from "../../ui/toast";
import { Field } from "../parts/Field";
import { useAddAction, useCorporateActions, useRemoveAction } from "./useInstrument";

/** Splits and dividends, by which prices can be adjusted; stored bars stay as they traded. */
export function CorporateActions({ symbol, currency }: { symbol: string; currency: string }) {
  const actions = useCorporateActions(symbol);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div className="section-head">
        <h4>Splits and dividends</h4>
        {!adding && actions.data !== undefined && (
          <button type="button" className="button small" onClick={() => setAdding(true)}>
            <Icon name="plus" size={14} />
            Add
          </button>
        )}
      </div>
      {adding && <NewAction symbol={symbol} currency={currency} onDone={() => setAdding(false)} />}
      {actions.isPending && <Skeleton lines={2} />}
      {actions.error !== null && actions.data === undefined && (
        <Failure error={actions.error} what="The splits and dividends could not be loaded" onRetry={() => void actions.refetch()} />
      )}
      {actions.data?.length === 0 && !adding && (
        <p className="card muted">None is known. Prices are adjusted by them where a question asks for it; stored bars stay as they traded.</p>
      )}
      {actions.data !== undefined && actions.data.length > 0 && <ActionsTable symbol={symbol} currency={currency} actions={actions.data} />}
    </>
  );
}

function describe(kind: string, value: number, currency: string): string {
  return kind === "split" ? `${formatPlain(value)} for 1` : `${formatPlain(value)} ${currency} a share`;
}

function ActionsTable({ symbol, currency, actions }: { symbol: string; currency: string; actions: readonly StoredCorporateAction[] }) {
  const remove = useRemoveAction(symbol);
  const add = useAddAction(symbol, { onError: (error) => toastFailure("It was not added again", error) });
  const drop = (stored: StoredCorporateAction) => {
    const action = { ex_date: stored.ex_date, kind: stored.kind as ActionRequest["kind"], value: stored.value };
    remove.mutate(action, {
      onSuccess: () => toastUndo(`The ${stored.kind} of ${stored.ex_date} is removed`, () => add.mutate({ action, source: stored.source })),
      onError: (error) => toastFailure("It was not removed", error),
    });
  };
  return (
    <div className="card settings-table-card">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Splits and dividends">
        <table className="plain-table settings-table">
          <thead>
            <tr>
              <th scope="col">Ex-date</th>
              <th scope="col">Kind</th>
              <th scope="col" className="number">Value</th>
              <th scope="col">Source</th>
              <th scope="col">Changed</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {actions.map((action) => (
              <tr key={`${action.ex_date} ${action.kind}`}>
                <th scope="row" className="numbers">{action.ex_date}</th>
                <td>{sentenceName(action.kind)}</td>
                <td className="number">{describe(action.kind, action.value, currency)}</td>
                <td>{action.source}</td>
                <td>
                  <Instant time={action.updated_at} />
                </td>
                <td>
                  <span className="settings-row-actions">
                    <button
                      type="button"
                      className="button quiet icon small"
                      aria-label={`Remove the ${action.kind} of ${action.ex_date}`}
                      disabled={remove.isPending}
                      onClick={() => drop(action)}
                    >
                      <Icon name="trash" size={14} />
                    </button>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function NewAction({ symbol, currency, onDone }: { symbol: string; currency: string; onDone: () => void }) {
  const add = useAddAction(symbol);
  const [kind, setKind] = useState<ActionRequest["kind"]>("dividend");
  const [date, setDate] = useState("");
  const [value, setValue] = useState("");
  const [source, setSource] = useState("page");
  const errors = fieldErrors(add.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ action: { ex_date: date, kind, value: Number(value) }, source: source.trim() }, { onSuccess: onDone });
  };
  return (
    <form className="card settings-form" onSubmit={submit} aria-label="New split or dividend">
      <div className="settings-grid">
        <Field label="Kind">
          <select className="control" value={kind} onChange={(event) => setKind(event.target.value as ActionRequest["kind"])}>
            <option value="dividend">Dividend</option>
            <option value="split">Split</option>
          </select>
        </Field>
        <Field label="Ex-date" hint="The first day without the right" error={errors.get("/actions/0/ex_date")}>
          <input type="date" className="control" required value={date} onChange={(event) => setDate(event.target.value)} />
        </Field>
        <Field label="Value" hint={kind === "split" ? "New shares for one old" : `${currency} a share, as it was paid`} error={errors.get("/actions/0/value")}>
          <input type="number" step="any" className="control number" required value={value} onChange={(event) => setValue(event.target.value)} />
        </Field>
        <Field label="Source" hint="Where the value is from" error={errors.get("/source")}>
          <input className="control" required maxLength={64} value={source} onChange={(event) => setSource(event.target.value)} />
        </Field>
      </div>
      {add.error !== null && errors.size === 0 && <Failure error={add.error} what="It was not added" />}
      <div className="settings-actions">
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={add.isPending}>
          Add
        </button>
      </div>
    </form>
  );
}
