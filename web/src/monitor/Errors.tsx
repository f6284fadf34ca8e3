import type { ErrorGroupAnswer } from "../api/schema";
import { type TabItem, Tabs } from "../ui/Tabs";
import { plural } from "../ui/format";
import { monitorState } from "./address";
import { type ErrorAction, lacksScope, useErrorAction, useServerErrors } from "./monitorApi";
import type { ErrorState } from "./monitorState";
import { Answer, More, NeedsAdmin } from "./parts";
import { formatUtc } from "./values";

const kStates: readonly TabItem<ErrorState>[] = [
  { id: "open", label: "Open" },
  { id: "resolved", label: "Resolved" },
  { id: "ignored", label: "Ignored" },
  { id: "all", label: "All" },
];

/** Errors of servers and workers, by message and place. */
export function Errors() {
  const { errors: state } = monitorState.use();
  const list = useServerErrors(state);
  return (
    <section className="section" aria-label="Errors">
      <div className="section-head">
        <h3>Errors of the server</h3>
        {!lacksScope(list.error) && (
          <Tabs label="Which errors" items={kStates} chosen={state} panel="monitor-errors-panel" look="segments" onChoose={(errors) => monitorState.update({ errors })} />
        )}
      </div>
      {lacksScope(list.error) ? (
        <NeedsAdmin what="Errors may name what others asked for." />
      ) : (
        <div id="monitor-errors-panel" className="section" role="tabpanel" aria-labelledby={`monitor-errors-panel-tab-${state}`}>
          <Answer query={list} what="The errors could not be loaded">
            {({ pages }) => {
              const groups = pages.flatMap((page) => page.errors);
              return groups.length === 0 ? <None state={state} /> : <Groups groups={groups} />;
            }}
          </Answer>
          <More list={list} what="Load older errors" />
        </div>
      )}
    </section>
  );
}

function None({ state }: { state: ErrorState }) {
  return (
    <div className="place-empty">
      <h3>{state === "all" ? "No error yet" : `No ${state} error`}</h3>
      <p className="muted">Answers with status 500, failed jobs and what goes wrong in the background are counted here.</p>
    </div>
  );
}

/** What the last one said, where it said something for people. */
function reasonOf(sample: unknown): string | null {
  if (typeof sample !== "object" || sample === null) return null;
  const said = Object.entries(sample).find(([name]) => name === "reason" || name === "error")?.[1] as unknown;
  return typeof said === "string" ? said : null;
}

const kActions: Record<string, readonly (readonly [action: ErrorAction, label: string])[]> = {
  open: [
    ["resolve", "Resolve"],
    ["ignore", "Ignore"],
  ],
  resolved: [["reopen", "Reopen"]],
  ignored: [["reopen", "Reopen"]],
};

function Groups({ groups }: { groups: readonly ErrorGroupAnswer[] }) {
  const ask = useErrorAction();
  return (
    <ul className="monitor-errors numbers">
      {groups.map((group) => (
        <li key={group.id} data-error={group.id} data-state={group.state}>
          <div className="monitor-alert-text">
            <p className="monitor-error-title">
              {group.message}
              {group.where !== null && <code className="muted">{group.where}</code>}
              {group.state !== "open" && <span className="badge">{group.state}</span>}
            </p>
            <p className="muted">
              {plural(group.count, "time")}, last {formatUtc(group.last_seen)}, first {formatUtc(group.first_seen)}, version {group.version}
            </p>
            {reasonOf(group.sample) !== null && <p>{reasonOf(group.sample)}</p>}
            <details>
              <summary>The last one</summary>
              <pre className="monitor-code" tabIndex={0} aria-label="Fields of the last one">
                {JSON.stringify(group.sample, null, 2)}
              </pre>
            </details>
          </div>
          <div className="monitor-actions">
            {(kActions[group.state] ?? []).map(([action, label]) => (
              <button
                key={action}
                type="button"
                className="button small"
                aria-label={`${label} ${group.message}${group.where === null ? "" : `, ${group.where}`}`}
                disabled={ask.isPending}
                onClick={() => ask.mutate({ group, action })}
              >
                {label}
              </button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
