import { useEffect } from "react";
import { useInstruments, useStrategies } from "../../api/queries";
import { availableTimeframes, timeframeName, timeframeSeconds } from "../../chart/timeframe";
import type { PageState } from "../../state/url";
import { InputsForm } from "../../strategy/InputsForm";
import { kOwnScript, kOwnScriptName } from "../../strategy/ownScript";
import { PeriodFields } from "../../strategy/PeriodFields";
import { useChosenStrategy } from "../../strategy/useChosenStrategy";
import { useDraft } from "../../strategy/useDraft";
import { Combobox } from "../../ui/Combobox";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { sentenceName, spacedName } from "../../ui/format";
import { SearchForm } from "../SearchForm";
import { optimiseState, updateOptimise, useOptimiseState } from "./address";
import { FormHead } from "./FormHead";
import "../../strategy/strategy.css";

function updateSetup(change: Partial<PageState>): void {
  updateOptimise({ setup: { ...optimiseState().setup, ...change } });
}

/** A search from nothing: of which strategy, on which bars, and then what varies. */
export function NewSearch() {
  const { setup } = useOptimiseState();
  const strategies = useStrategies();
  const instruments = useInstruments();
  const instrument = instruments.data?.find((each) => each.symbol === setup.symbol);
  const strategy = useChosenStrategy(setup.strategy);
  const draft = useDraft(setup, strategy.data, null);

  useEffect(() => {
    const first = instruments.data?.[0];
    if (setup.symbol === null && first !== undefined) updateSetup({ symbol: first.symbol, timeframe: first.series[0]?.timeframe ?? "1d" });
  }, [instruments.data, setup.symbol]);

  const own = { value: kOwnScript, label: kOwnScriptName, detail: "the one kept in this browser" };
  return (
    <div className="sections">
      <section className="section" aria-label="New search">
        <FormHead title="New search" />
        <div className="card optimise-of">
          <Combobox
            label="Strategy"
            value={setup.strategy}
            placeholder={strategies.isPending ? "Loading…" : "Choose a strategy"}
            choices={[own, ...(strategies.data ?? []).map(({ name, category }) => ({ value: name, label: spacedName(name), detail: sentenceName(category) }))]}
            onChoose={(name) => updateSetup({ strategy: name, inputs: {}, properties: {} })}
            emptyText="No strategy matches."
            shortcut="s"
          />
          <Combobox
            label="Instrument"
            value={setup.symbol}
            placeholder={instruments.isPending ? "Loading…" : "Instrument"}
            choices={(instruments.data ?? []).map(({ symbol, name }) => ({ value: symbol, label: symbol, detail: name }))}
            onChoose={(symbol) => updateSetup({ symbol })}
            emptyText={instruments.data?.length === 0 ? "Nothing is stored yet." : "No instrument matches."}
            shortcut="i"
          />
          <Combobox
            label="Timeframe"
            value={setup.timeframe}
            placeholder="Timeframe"
            choices={(instrument === undefined ? [] : availableTimeframes(instrument)).map((value) => ({ value, label: value, detail: timeframeName(value) }))}
            custom={(text) => (timeframeSeconds(text) === null ? null : text)}
            onChoose={(timeframe) => updateSetup({ timeframe })}
            emptyText="Write a count and a unit: 90m, 4h, 3d, 2w, 1M."
            shortcut="t"
          />
        </div>
        {strategies.error !== null && <Failure error={strategies.error} what="The strategies could not be loaded" onRetry={() => void strategies.refetch()} />}
        {strategy.error !== null && <Failure error={strategy.error} what="The strategy could not be loaded" onRetry={strategy.refetch} />}
        {setup.strategy === null && (
          <div className="card tab-empty">
            <p>Choose a strategy; its inputs are then listed with the values that may be tried.</p>
          </div>
        )}
        {setup.strategy !== null && strategy.isPending && (
          <div className="card">
            <Skeleton lines={8} />
          </div>
        )}
        {strategy.data !== undefined && (
          <>
            <div className="card optimise-form">
              <SearchForm key={strategy.data.name} strategy={strategy.data} draft={draft.request} onStarted={(id) => updateOptimise({ job: id, making: null, view: "summary" })} />
            </div>
            <details className="card optimise-fixed">
              <summary>Period, properties, and the values of inputs that do not vary</summary>
              <div className="optimise-fixed-fields">
                <div>
                  <PeriodFields from={setup.from} to={setup.to} errors={draft.periodErrors} onChange={updateSetup} />
                  <InputsForm title="Properties" definitions={draft.properties} raw={setup.properties} errors={draft.propertyErrors} onChange={(properties) => updateSetup({ properties })} />
                </div>
                <InputsForm title="Inputs" definitions={strategy.data.inputs} raw={setup.inputs} errors={draft.inputErrors} onChange={(inputs) => updateSetup({ inputs })} />
              </div>
            </details>
          </>
        )}
      </section>
    </div>
  );
}
