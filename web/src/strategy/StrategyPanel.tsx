import { lazy, Suspense } from "react";
import { updatePage, usePageState } from "../state/usePageState";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { spacedName } from "../ui/format";
import { About } from "./About";
import { Catalogue } from "./Catalogue";
import { InputsForm } from "./InputsForm";
import { PeriodFields } from "./PeriodFields";
import { kOwnScript, kOwnScriptName } from "./ownScript";
import type { ChosenStrategy } from "./useChosenStrategy";
import type { Draft } from "./useDraft";
import "./strategy.css";

const ScriptEditor = lazy(() => import("./ScriptEditor").then((module) => ({ default: module.ScriptEditor })));

interface StrategyPanelProps {
  strategy: ChosenStrategy;
  /** What the server had against the last run. */
  refusal: Error | null;
  draft: Draft;
  running: boolean;
  onChoose: (name: string) => void;
  onRun: () => void;
}

/** Choose a strategy, set its inputs and properties, run it. */
export function StrategyPanel({ strategy, refusal, draft, running, onChoose, onRun }: StrategyPanelProps) {
  const page = usePageState();

  if (page.strategy === null) {
    return (
      <aside className="strategy-panel" aria-label="Strategy">
        <header className="panel-head">
          <h2>Strategies</h2>
        </header>
        <div className="panel-scroll">
          <Catalogue onChoose={onChoose} />
        </div>
      </aside>
    );
  }

  return (
    <aside className="strategy-panel" aria-label="Strategy">
      <header className="panel-head">
        <button
          type="button"
          className="button quiet icon"
          aria-label="All strategies"
          title="All strategies (S)"
          data-shortcut="s"
          onClick={() => updatePage({ strategy: null, inputs: {}, properties: {}, ran: false })}
        >
          <Icon name="back" />
        </button>
        <h2>{page.strategy === kOwnScript ? kOwnScriptName : spacedName(page.strategy)}</h2>
      </header>
      <div className="panel-scroll">
        {strategy.isPending && <Skeleton lines={10} />}
        {strategy.error !== null && (
          <Failure error={strategy.error} what="The strategy could not be loaded" onRetry={strategy.refetch} />
        )}
        {strategy.data !== undefined && (
          <form
            id="strategy-form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              onRun();
            }}
          >
            {page.strategy === kOwnScript ? (
              <Suspense fallback={<div className="script script-waiting" aria-busy="true" />}>
                <ScriptEditor script={strategy.data.pine} error={refusal} check={strategy.check} onChange={strategy.setScript} />
              </Suspense>
            ) : (
              <About strategy={strategy.data} />
            )}
            {(page.strategy !== kOwnScript || strategy.data.inputs.length > 0) && (
              <InputsForm
                title="Inputs"
                definitions={strategy.data.inputs}
                raw={page.inputs}
                errors={draft.inputErrors}
                onChange={(inputs) => updatePage({ inputs })}
              />
            )}
            <InputsForm
              title="Properties"
              definitions={draft.properties}
              raw={page.properties}
              errors={draft.propertyErrors}
              onChange={(properties) => updatePage({ properties })}
            />
            <PeriodFields from={page.from} to={page.to} errors={draft.periodErrors} onChange={updatePage} />
          </form>
        )}
      </div>
      <footer className="panel-foot">
        <button
          type="button"
          id="run"
          className="button primary"
          disabled={strategy.error !== null || page.symbol === null}
          aria-busy={running}
          onClick={onRun}
        >
          <Icon name="play" size={14} />
          Run backtest
          <kbd>{kRunKeys}</kbd>
        </button>
      </footer>
    </aside>
  );
}

const kRunKeys = /mac/i.test(navigator.userAgent) ? "⌘ Enter" : "Ctrl Enter";
