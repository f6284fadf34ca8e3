import { useEffect, useState } from "react";
import { useBars, useInstruments } from "../api/queries";
import type { Trade } from "../api/types";
import { ResultsPanel } from "../backtest/ResultsPanel";
import { useRun } from "../backtest/useRun";
import { ChartPanel } from "../chart/ChartPanel";
import { availableTimeframes } from "../chart/timeframe";
import type { ChosenValues } from "../jobs/values";
import { useStored } from "../state/useStored";
import { pageState, updatePage, usePageState } from "../state/usePageState";
import { Splitter } from "../ui/Splitter";
import { useMedia } from "../ui/useMedia";
import { decimalsOf } from "../ui/format";
import { toastUndo } from "../ui/toast";
import { kOwnScript } from "./ownScript";
import { StrategiesHeader } from "./StrategiesHeader";
import { StrategyPanel } from "./StrategyPanel";
import { useChosenStrategy } from "./useChosenStrategy";
import "./workspace.css";

/** A chart, a strategy, and what it would have done on these bars. */
export function StrategiesPlace() {
  const page = usePageState();
  const narrow = useMedia("(max-width: 900px)");
  const instruments = useInstruments();
  const instrument = instruments.data?.find((each) => each.symbol === page.symbol);
  const bars = useBars(page.symbol, page.timeframe);
  const strategy = useChosenStrategy(page.strategy);
  const run = useRun(page, strategy.data);
  const [share, setShare] = useStored("chart-share", 52);
  const [large, setLarge] = useState(false);
  const [chosenTrade, setTrade] = useState<Trade | null>(null);
  // A trade belongs to its run: with another result there is none.
  const trade = chosenTrade !== null && run.result?.trades.includes(chosenTrade) === true ? chosenTrade : null;

  // The address leaves open what it was never told: the first instrument, its own timeframe.
  useEffect(() => {
    const first = instruments.data?.[0];
    if (page.symbol === null && first !== undefined) updatePage({ symbol: first.symbol });
  }, [instruments.data, page.symbol]);
  useEffect(() => {
    if (page.timeframe === null && instrument !== undefined) {
      updatePage({ timeframe: instrument.series[0]?.timeframe ?? availableTimeframes(instrument)[0] ?? "1d" });
    }
  }, [instrument, page.timeframe]);

  useEffect(() => {
    document.title = [page.symbol, page.timeframe, "TradeAssist"].filter((part) => part !== null).join(" ");
  }, [page.symbol, page.timeframe]);

  const chooseStrategy = (name: string) => {
    updatePage({ strategy: name, inputs: {}, properties: {}, ran: false, job: null });
    // The next thing anyone wants; Enter is then enough.
    requestAnimationFrame(() => document.getElementById("run")?.focus());
  };

  const startRun = () => {
    run.start();
    const { tab } = pageState();
    if (tab === "strategy" || (tab === "optimise" && pageState().job === null)) updatePage({ tab: "overview" });
    // A refused form shows where: the first field that is wrong takes the focus.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".strategy-panel [aria-invalid='true']")?.focus());
  };

  const useValues = ({ parameters, pine, strategy: searched, symbol, timeframe }: ChosenValues) => {
    const place = { strategy: searched ?? kOwnScript, symbol, timeframe };
    if (pine !== null && pine !== strategy.data?.pine) {
      const before = strategy.data?.pine;
      strategy.setScript(pine);
      if (before !== undefined) toastUndo("The script that was searched took the place of yours", () => strategy.setScript(before));
    }
    const same = place.strategy === page.strategy;
    const values = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    const defaults = new Map(strategy.data?.inputs.map((input) => [input.name, String(input.default)]));
    const inputs = Object.entries({ ...(same ? page.inputs : {}), ...values });
    updatePage({
      ...place,
      inputs: Object.fromEntries(inputs.filter(([name, value]) => !same || defaults.get(name) !== value)),
      properties: same ? page.properties : {},
      ran: true,
    });
    run.start();
  };

  const strategyPanel = (
    <StrategyPanel
      strategy={strategy}
      refusal={run.error}
      draft={run.draft}
      running={run.running}
      onChoose={chooseStrategy}
      onRun={startRun}
    />
  );

  return (
    <div className="strategies" data-large={large || undefined} data-own={page.strategy === kOwnScript || undefined}>
      <StrategiesHeader instruments={instruments} instrument={instrument} />
      <main className="main" style={{ "--chart-share": `${large ? 0 : share}%` } as React.CSSProperties}>
        <ChartPanel
          bars={bars.data}
          loading={bars.isFetching || instruments.isPending}
          error={bars.error ?? instruments.error}
          onRetry={() => void (instruments.error === null ? bars.refetch() : instruments.refetch())}
          instrument={instrument}
          result={run.result}
          trade={trade}
        />
        <Splitter label="Height of the chart" share={share} minimum={15} maximum={85} onChange={setShare} />
        <ResultsPanel
          run={run}
          strategy={strategy.data}
          currency={instrument?.currency ?? ""}
          decimals={decimalsOf(instrument?.tick_size ?? 0.01)}
          trade={trade}
          onTrade={setTrade}
          large={large}
          onLarge={setLarge}
          onRun={startRun}
          onUse={useValues}
          strategyPanel={narrow ? strategyPanel : null}
        />
      </main>
      {!narrow && strategyPanel}
    </div>
  );
}
