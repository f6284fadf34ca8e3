import { useDeferredValue, useMemo, useState } from "react";
import { apiKey, keyId, useApiKey } from "../../api/key";
import type { ApiKey, IssuedApiKey } from "../../api/schema";
import { type Command, useCommands } from "../../app/commands";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatAgo, formatInteger, plural } from "../../ui/format";
import { toast, toastFailure } from "../../ui/toast";
import { updateSettings, useSettings } from "../useSettings";
import { Confirm } from "../parts/Confirm";
import { SecretOnce } from "../parts/SecretOnce";
import { SectionFailure } from "../parts/SectionFailure";
import { NewKey } from "./NewKey";
import { RotateKey } from "./RotateKey";
import { keyState } from "./scopes";
import { useKeys, useRevokeKey } from "./useKeys";

/** More keys than these are searched, and more rows than that are found by typing. */
const kSearched = 12;
const kRowsMax = 200;

/** Who may use the server's API, and for what. */
export function KeysSection() {
  const keys = useKeys();
  const { ended } = useSettings();
  const [wanted, setWanted] = useState("");
  const filter = useDeferredValue(wanted.trim().toLowerCase());
  const [making, setMaking] = useState(false);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const [issued, setIssued] = useState<IssuedApiKey | null>(null);
  const commands = useMemo((): Command[] => [{ id: "new key", title: "New API key", group: "Settings", keys: "N", run: () => setMaking(true) }], []);
  useCommands(commands);

  const all = keys.data ?? [];
  const now = keys.dataUpdatedAt;
  const gone = all.filter((key) => isOver(key, now));
  const listed = ended ? all : all.filter((key) => !isOver(key, now));
  const shown = listed.filter((key) => `${key.name} ${key.owner} ${key.id}`.toLowerCase().includes(filter));
  return (
    <section className="section">
      <div className="section-head">
        <h3>API keys</h3>
        {gone.length > 0 && (
          <label className="settings-check">
            <input type="checkbox" checked={ended} onChange={(event) => updateSettings({ ended: event.target.checked })} />
            With {plural(gone.length, "key")} that ended
          </label>
        )}
        {all.length > kSearched && (
          <input
            type="search"
            className="control settings-search"
            aria-label="Find a key"
            placeholder="Find"
            data-shortcut="/"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        )}
        {keys.data !== undefined && (
          <button type="button" className="button primary" data-shortcut="n" onClick={() => setMaking(true)}>
            <Icon name="plus" size={14} />
            New key
          </button>
        )}
      </div>
      <p className="muted settings-lead">
        Programs and people use the server with a key of their own. Jobs, files, webhooks and saved queries belong to the owner of
        the key; market data is everybody&rsquo;s.
      </p>
      {keys.isPending && <Skeleton lines={6} />}
      {keys.error !== null && keys.data === undefined && (
        <SectionFailure error={keys.error} what="The keys could not be loaded" scope="admin" onRetry={() => void keys.refetch()} />
      )}
      {keys.data !== undefined && apiKey() === null && (
        <p className="notice">
          This server takes requests without a key, since it was started with --no-authentication. Keys made here hold when it asks for
          them.
        </p>
      )}
      {shown.length === 0 && filter !== "" && <p className="muted">None fits &ldquo;{wanted}&rdquo;.</p>}
      {keys.data !== undefined && listed.length === 0 && (
        <div className="card settings-empty">
          <h4>No key is valid</h4>
          <p className="muted">Make one for each program and each person, with the scopes that it needs and no more.</p>
        </div>
      )}
      {shown.length > 0 && <KeysTable keys={shown.slice(0, kRowsMax)} now={now} onRotate={setRotating} />}
      {shown.length > kRowsMax && (
        <p className="muted">
          {formatInteger(kRowsMax)} of {formatInteger(shown.length)} are shown; type to find the others.
        </p>
      )}
      {making && (
        <NewKey
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setIssued(key);
          }}
        />
      )}
      {rotating !== null && (
        <RotateKey
          apiKey={rotating}
          onClose={() => setRotating(null)}
          onRotated={(key) => {
            setRotating(null);
            setIssued(key);
          }}
        />
      )}
      {issued !== null && (
        <SecretOnce
          issued={{
            title: `Token of ${issued.name}`,
            kind: "token",
            secret: issued.token,
            about:
              issued.id === keyId(apiKey()) ? (
                "This page uses it already."
              ) : (
                <>
                  Send it as <code>Authorization: Bearer {issued.token.slice(0, 15)}…</code>, or paste it where this page asks for a key.
                </>
              ),
          }}
          onDone={() => setIssued(null)}
        />
      )}
    </section>
  );
}

function isOver(key: ApiKey, now: number): boolean {
  return ["Revoked", "Expired"].includes(keyState(key, now).text);
}

interface KeysTableProps {
  keys: readonly ApiKey[];
  now: number;
  onRotate: (key: ApiKey) => void;
}

function KeysTable({ keys, now, onRotate }: KeysTableProps) {
  const own = keyId(useApiKey());
  const revoke = useRevokeKey();
  return (
    <div className="card settings-table-card">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="API keys">
        <table className="plain-table settings-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Owner</th>
              <th scope="col">Scopes</th>
              <th scope="col">State</th>
              <th scope="col">Last used</th>
              <th scope="col">Created</th>
              <th scope="col">Expires</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => {
              const state = keyState(key, now);
              return (
                <tr key={key.id} data-key={key.id} data-over={isOver(key, now) || undefined}>
                  <th scope="row">
                    <span className="settings-name">
                      {key.name}
                      {key.id === own && <span className="badge settings-own">This page</span>}
                    </span>
                    <code className="muted">{key.id}</code>
                  </th>
                  <td>{key.owner}</td>
                  <td>
                    <span className="settings-badges">
                      {key.scopes.map((scope) => (
                        <span key={scope} className="badge">
                          {scope}
                        </span>
                      ))}
                    </span>
                  </td>
                  <td>
                    <span className={`badge ${state.look}`}>{state.text}</span>
                  </td>
                  <td>{key.last_used_at === null ? <span className="muted">Never</span> : <span title={key.last_used_at}>{formatAgo(key.last_used_at, now)}</span>}</td>
                  <td>
                    <Instant time={key.created_at} />
                  </td>
                  <td>{key.expires_at === null ? <span className="muted">Never</span> : <Instant time={key.expires_at} />}</td>
                  <td>
                    {!isOver(key, now) && (
                      <span className="settings-row-actions">
                        <button type="button" className="button small" aria-label={`Rotate ${key.name}`} onClick={() => onRotate(key)}>
                          Rotate
                        </button>
                        <Confirm
                          title={`Revoke ${key.name}?`}
                          text={
                            <p>
                              The key <code>{key.id}</code> of {key.owner} is refused from then on, for good; what uses it stops working
                              within a second.
                              {key.id === own && " This page uses it: you will be asked for another."}
                            </p>
                          }
                          action="Revoke"
                          onConfirm={() =>
                            revoke.mutate(key.id, {
                              onSuccess: () => toast({ title: `${key.name} is revoked` }),
                              onError: (error) => toastFailure(`${key.name} was not revoked`, error),
                            })
                          }
                        >
                          <button type="button" className="button small quiet settings-danger-text" aria-label={`Revoke ${key.name}`}>
                            Revoke
                          </button>
                        </Confirm>
                      </span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
