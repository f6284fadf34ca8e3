import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { post } from "../api/client";
import { fieldErrors } from "../api/problem";
import { useInstruments } from "../api/queries";
import type { ComparisonAnswer, CompareRequest } from "../api/schema";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { Tabs } from "../ui/Tabs";
import { dataState, updateData, updateDraft, useDataState } from "./address";
import { compareErrors, compareRequest, kComparedMax, kComparedMin } from "./compare";
import { ComparisonView } from "./ComparisonView";
import { MomentField } from "./Field";
import { QueryForm } from "./QueryForm";
import { SymbolsField } from "./SymbolsField";

/** Two instruments, or two periods of one, beside each other. */
export function CompareTab() {
  const { draft, compared, periods } = useDataState();
  const [asked, setAsked] = useState<{ request: CompareRequest; run: number } | null>(() => firstAsked());
  const [tried, setTried] = useState(asked !== null);
  const answer = useQuery({
    queryKey: ["comparison", asked],
    queryFn: ({ signal }) => post<ComparisonAnswer>("/historical-data/compare", asked?.request, signal),
    enabled: asked !== null,
    staleTime: Infinity,
  });
  const errors = useMemo(() => compareErrors(draft, compared, periods), [draft, compared, periods]);
  const shownErrors = useMemo(() => (tried ? errors : new Map([...errors].filter(([pointer]) => !/^\/(symbols?|periods)/.test(pointer)))), [errors, tried]);

  const run = () => {
    setTried(true);
    const now = dataState();
    if (compareErrors(now.draft, now.compared, now.periods).size > 0) return;
    setAsked((before) => ({ request: compareRequest(now.draft, now.compared, now.periods), run: (before?.run ?? 0) + 1 }));
    updateData({ compareRan: true });
  };

  return (
    <div className="data-query">
      <QueryForm
        label="Comparison"
        draft={draft}
        errors={shownErrors}
        refusal={answer.error}
        onChange={updateDraft}
        onSubmit={run}
        range={periods === null}
        symbols={<Compared errors={new Map([...fieldErrors(answer.error), ...shownErrors])} />}
      >
        <button type="submit" className="button primary" disabled={answer.isFetching}>
          <Icon name="play" size={14} />
          Compare
          <kbd>Ctrl Enter</kbd>
        </button>
      </QueryForm>
      <div className="data-answer" aria-busy={answer.isFetching}>
        {answer.isFetching ? (
          <div className="data-message">
            <Skeleton lines={8} />
          </div>
        ) : answer.error !== null ? (
          <div className="data-message">
            <Failure error={answer.error} what="They could not be compared" onRetry={() => void answer.refetch()} />
          </div>
        ) : answer.data !== undefined ? (
          <ComparisonView answer={answer.data} />
        ) : (
          <div className="data-message data-empty">
            <Icon name="line" size={28} />
            <h3>Compare instruments or periods</h3>
            <p className="muted">Closes are laid over one another, from 100 or as they are, with their spread, ratio, correlation and beta.</p>
          </div>
        )}
      </div>
    </div>
  );
}

function firstAsked() {
  const { compareRan, draft, compared, periods } = dataState();
  if (!compareRan || compareErrors(draft, compared, periods).size > 0) return null;
  return { request: compareRequest(draft, compared, periods), run: 0 };
}

const kKinds = [
  { id: "symbols", label: "Instruments" },
  { id: "periods", label: "Periods of one" },
] as const;

function Compared({ errors }: { errors: ReadonlyMap<string, string> }) {
  const { compared, periods } = useDataState();
  const instruments = useInstruments();
  const symbols = (
    <SymbolsField
      title={periods === null ? "Instruments" : "Instrument"}
      symbols={compared}
      instruments={instruments.data ?? []}
      loading={instruments.isPending}
      error={errors.get("/symbols") ?? errors.get("/symbol")}
      shortcut="i"
      onChange={(chosen) => updateData({ compared: periods === null ? chosen : chosen.slice(-1) })}
    />
  );
  return (
    <>
      <Tabs
        label="What is compared"
        look="segments"
        items={kKinds}
        chosen={periods === null ? "symbols" : "periods"}
        onChoose={(kind) =>
          updateData(kind === "symbols" ? { periods: null } : { periods: Array.from({ length: kComparedMin }, () => ({ start: "", end: "" })), compared: compared.slice(0, 1) })
        }
        panel="data-compared"
      />
      <div id="data-compared" role="tabpanel" aria-labelledby={`data-compared-tab-${periods === null ? "symbols" : "periods"}`} className="data-compared">
        {symbols}
        {periods?.map((period, index) => (
          // Periods have no names; their places are all there is.
          // eslint-disable-next-line react/no-array-index-key
          <fieldset key={index} className="data-period">
            <legend>
              Period {index + 1}
              {periods.length > kComparedMin && (
                <button type="button" className="button quiet icon small" aria-label={`Remove period ${index + 1}`} onClick={() => updateData({ periods: periods.filter((_, each) => each !== index) })}>
                  <Icon name="close" size={12} />
                </button>
              )}
            </legend>
            <MomentField title="From" value={period.start} withTime={false} error={errors.get(`/periods/${index}`) ?? errors.get(`/periods/${index}/start`)} onChange={(start) => updateData({ periods: periods.with(index, { ...period, start }) })} />
            <MomentField title="Before" value={period.end} withTime={false} error={errors.get(`/periods/${index}/end`)} onChange={(end) => updateData({ periods: periods.with(index, { ...period, end }) })} />
          </fieldset>
        ))}
        {periods !== null && periods.length < kComparedMax && (
          <button type="button" className="button small" onClick={() => updateData({ periods: [...periods, { start: "", end: "" }] })}>
            <Icon name="plus" size={12} />
            Another period
          </button>
        )}
        {errors.has("/periods") && <p className="error">{errors.get("/periods")}</p>}
      </div>
    </>
  );
}
