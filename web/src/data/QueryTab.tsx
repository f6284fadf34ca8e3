import { useEffect, useMemo, useRef, useState } from "react";
import { Problem } from "../api/problem";
import { type Command, useCommands } from "../app/commands";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { useMedia } from "../ui/useMedia";
import { dataState, updateData, updateDraft, useDataState } from "./address";
import { BackgroundView } from "./BackgroundView";
import { describeRequest, draftErrors, type QueryDraft, requestOf } from "./draft";
import { QueryForm } from "./QueryForm";
import { ResultsView } from "./ResultsView";
import { SaveDialog } from "./SaveDialog";
import { useReplaceRequest } from "./useSaved";
import { type Asked, resultsOf, useFetchAnswer, useStartBackground } from "./useQueries";

/** The question, and what came of it. */
export function QueryTab() {
  const { draft, query, saved } = useDataState();
  const [asked, setAsked] = useState<(Asked & { draft: QueryDraft }) | null>(() => firstAsked());
  const [tried, setTried] = useState(false);
  // Where there is room for one of them only, the form gives way to what came of it.
  const narrow = useMedia("(max-width: 900px)");
  const [editing, setEditing] = useState(false);
  const formHidden = narrow && !editing && (asked !== null || query !== null);
  const saveDialog = useRef<HTMLDialogElement>(null);
  const question = useMemo(() => (asked === null ? null : { request: asked.request, saved: asked.saved, run: asked.run }), [asked]);
  const answer = useFetchAnswer(question);
  const background = useStartBackground((id) => updateData({ query: id, ran: "", shown: null }));
  const store = useReplaceRequest();
  const errors = useMemo(() => draftErrors(draft), [draft]);
  // Nobody has done anything wrong before they tried.
  const shownErrors = useMemo(() => (tried ? errors : new Map([...errors].filter(([pointer]) => pointer !== "/symbols"))), [errors, tried]);
  const error = query === null ? answer.error : background.error;
  const changed = asked !== null && query === null && errors.size === 0 && JSON.stringify(requestOf(draft)) !== JSON.stringify(asked.request);
  const refusal = background.error ?? (changed ? null : answer.error);

  const run = (inBackground: boolean) => {
    setTried(true);
    const now = dataState();
    if (draftErrors(now.draft).size > 0) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>(".data-form [aria-invalid='true']")?.focus());
      return;
    }
    background.reset();
    setEditing(false);
    if (inBackground || now.draft.provider) {
      background.mutate({ request: requestOf(now.draft, inBackground), saved: null });
      return;
    }
    setAsked((before) => ({ request: requestOf(now.draft), saved: null, draft: now.draft, run: (before?.run ?? 0) + 1 }));
    updateData({ ran: "query", query: null });
  };

  const stream = (symbol: string, of: QueryDraft) => {
    const one = { ...of, symbols: [symbol] };
    background.mutate({ request: { ...requestOf(one, true), max_bars: 1_000_000 }, saved: null });
  };

  const runLater = useRef(run);
  useEffect(() => {
    runLater.current = run;
  });
  useCommands(
    useMemo(
      (): Command[] => [
        { id: "data run", title: "Run the query", group: "Data", keys: "Ctrl Enter", run: () => runLater.current(false) },
        { id: "data background", title: "Run the query in the background", group: "Data", run: () => runLater.current(true) },
        { id: "data save", title: "Save the query", group: "Data", keys: "W", words: "store favourite schedule", run: () => saveDialog.current?.showModal() },
      ],
      [],
    ),
  );

  const results = useMemo(() => (answer.data === undefined ? [] : resultsOf(answer.data)), [answer.data]);
  return (
    <div className="data-query">
      {formHidden ? (
        <div className="data-asked">
          <p>{describeRequest(requestOf(draft))}</p>
          <button type="button" className="button small" onClick={() => setEditing(true)}>
            Change
          </button>
        </div>
      ) : (
        <QueryForm label="Query" draft={draft} errors={shownErrors} refusal={refusal} onChange={updateDraft} onSubmit={() => run(false)}>
          <button type="submit" className="button primary" disabled={answer.isFetching || background.isPending}>
            <Icon name="play" size={14} />
            {draft.provider ? "Fetch" : "Run"}
            <kbd>Ctrl Enter</kbd>
          </button>
          <button type="button" className="button" title="As a job: bars come as they are read, up to a million of a symbol" disabled={background.isPending} onClick={() => run(true)}>
            In background
          </button>
          <button type="button" className="button" data-shortcut="w" onClick={() => saveDialog.current?.showModal()}>
            {saved === null ? "Save…" : "Save as…"}
          </button>
          {saved !== null && (
            <button type="button" className="button" title="Writes this query over the saved one" disabled={errors.size > 0 || store.isPending} onClick={() => store.mutate({ id: saved, request: requestOf(draft) })}>
              Update
            </button>
          )}
          {changed && <p className="muted data-form-note">Changed since it was run.</p>}
        </QueryForm>
      )}
      <SaveDialog dialog={saveDialog} request={errors.size === 0 ? requestOf(draft) : null} />
      <div className="data-answer" aria-busy={answer.isFetching}>
        {background.error !== null && query === null && <Failure error={background.error} what="The query was not started" />}
        {query !== null ? (
          <BackgroundView key={query} query={query} onStream={stream} onLeave={() => updateData({ query: null })} />
        ) : answer.isFetching ? (
          <div className="data-message">
            <Skeleton lines={8} />
          </div>
        ) : error !== null ? (
          <div className="data-message">
            <Failure error={error} what="The query was refused" {...(error instanceof Problem && error.errors.length > 0 ? {} : { onRetry: () => void answer.refetch() })} />
          </div>
        ) : answer.data !== undefined && asked !== null ? (
          <ResultsView
            id={answer.data.query_id}
            results={results}
            draft={asked.draft}
            milliseconds={answer.data.execution_time_ms}
            onStream={(symbol) => stream(symbol, asked.draft)}
          />
        ) : (
          <Beginning />
        )}
      </div>
    </div>
  );
}

/** What the address says was asked. */
function firstAsked(): (Asked & { draft: QueryDraft }) | null {
  const { ran, query, draft, saved } = dataState();
  if (ran === "" || query !== null || draftErrors(draft).size > 0) return null;
  return { request: requestOf(draft), saved: ran === "saved" ? saved : null, draft, run: 0 };
}

function Beginning() {
  return (
    <div className="data-message data-empty">
      <Icon name="candles" size={28} />
      <h3>Ask for bars</h3>
      <p className="muted">
        Choose symbols, a frequency and a range, then run. Every symbol is answered on its own, with what its bars lack and how good they are.
      </p>
    </div>
  );
}
