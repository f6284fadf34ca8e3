import { lazy, type ReactNode, Suspense, useMemo } from "react";
import type { Strategy, Trade } from "../api/types";
import { type Command, useCommands } from "../app/commands";
import type { ChosenValues } from "../jobs/values";
import type { PageState, Tab } from "../state/url";
import { pageState, updatePage, usePageState } from "../state/usePageState";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { type TabItem, Tabs } from "../ui/Tabs";
import { formatInteger } from "../ui/format";
import { EquityView } from "./EquityView";
import { Overview } from "./Overview";
import { TradesTable } from "./TradesTable";
import { TradeStepper } from "./TradeStepper";
import { pinRun } from "./pin";
import type { Run } from "./useRun";
import "./results.css";

// Not needed for the first result.
const OptimiseTab = lazy(() => import("../optimise/OptimiseTab").then((module) => ({ default: module.OptimiseTab })));
const Analysis = lazy(() => import("./analysis/Analysis").then((module) => ({ default: module.Analysis })));
const Comparison = lazy(() => import("./compare/Comparison").then((module) => ({ default: module.Comparison })));

const kWaiting = (
  <div className="results-message">
    <Skeleton lines={7} />
  </div>
);

interface ResultsPanelProps {
  run: Run;
  strategy: Strategy | undefined;
  currency: string;
  decimals: number;
  trade: Trade | null;
  onTrade: (trade: Trade) => void;
  large: boolean;
  onLarge: (large: boolean) => void;
  onRun: () => void;
  onUse: (values: ChosenValues) => void;
  /** On narrow screens the strategy is a tab of its own. */
  strategyPanel: ReactNode;
}

export function ResultsPanel(props: ResultsPanelProps) {
  const { run, strategy, strategyPanel, large, onLarge } = props;
  const page = usePageState();
  const tab = shownTab(page, strategyPanel !== null);
  const trades = run.result?.trades ?? [];
  useResultCommands(run.result !== undefined && !run.outdated, strategy?.pine ?? "");
  return (
    <section className="results" aria-label="Results">
      <header className="results-head">
        <Tabs
          label="Results"
          items={tabItems(strategyPanel !== null, trades.length, page.pin !== "")}
          chosen={tab}
          panel="results-panel"
          onChoose={(next) => updatePage({ tab: next })}
        />
        <span className="results-state" role="status">
          {run.running ? "Running…" : ""}
        </span>
        {run.outdated && !run.running && (
          <button type="button" className="button small results-outdated" data-run onClick={props.onRun}>
            Inputs changed, run again
          </button>
        )}
        {run.result !== undefined && <PinButton page={page} script={strategy?.pine ?? ""} disabled={run.outdated} />}
        {trades.length > 0 && <TradeStepper trades={trades} chosen={props.trade} onChoose={props.onTrade} />}
        <button
          type="button"
          className="button quiet icon small header-wide"
          aria-label="Results over the whole height"
          aria-pressed={large}
          title="Results over the whole height (M)"
          data-shortcut="m"
          onClick={() => onLarge(!large)}
        >
          <Icon name="expand" size={14} />
        </button>
      </header>
      <div
        className="results-body"
        role="tabpanel"
        id="results-panel"
        aria-labelledby={`results-panel-tab-${tab}`}
        // What only shows text must be scrollable with the keyboard.
        tabIndex={tab === "overview" || tab === "analysis" || tab === "compare" ? 0 : -1}
        aria-busy={run.running}
      >
        <TabContent {...props} tab={tab} />
      </div>
    </section>
  );
}

/** For the palette, and so for narrow screens, which have no room for the button. */
function useResultCommands(there: boolean, script: string) {
  const commands = useMemo(
    (): Command[] =>
      there
        ? [
            { id: "result analysis", title: "Analysis: months, distributions, weekdays", group: "Result", keys: "4", run: () => updatePage({ tab: "analysis" }) },
            { id: "result pin", title: "Pin this run to compare another with it", group: "Result", keys: "P", run: () => pinRun(pageState(), script) },
            { id: "result compare", title: "Compare with the pinned run", group: "Result", keys: "6", words: "side by side", run: () => updatePage({ tab: "compare" }) },
          ]
        : kNoCommands,
    [there, script],
  );
  useCommands(commands);
}

const kNoCommands: Command[] = [];

/** A tab that is not there shows the overview. */
function shownTab({ tab, pin }: PageState, narrow: boolean): Tab {
  const there = (tab !== "strategy" || narrow) && (tab !== "compare" || pin !== "");
  return there ? tab : "overview";
}

/** Keeps this run, to hold the next one against it. */
function PinButton({ page, script, disabled }: { page: PageState; script: string; disabled: boolean }) {
  const pinned = page.pin !== "";
  return (
    <button
      type="button"
      className="button quiet small header-wide"
      aria-pressed={pinned}
      disabled={disabled && !pinned}
      title={pinned ? "Let the pinned run go (P)" : "Keep this run, to hold another against it (P)"}
      data-shortcut="p"
      onClick={() =>
        pinned ? updatePage({ pin: "", ...(page.tab === "compare" ? { tab: "overview" as const } : {}) }) : pinRun(page, script)
      }
    >
      {pinned ? "Pinned" : "Pin"}
    </button>
  );
}

function tabItems(narrow: boolean, trades: number, pinned: boolean): TabItem<Tab>[] {
  const items: TabItem<Tab>[] = [
    { id: "overview", label: "Overview", shortcut: "1" },
    { id: "equity", label: "Equity", shortcut: "2" },
    {
      id: "trades",
      label: "Trades",
      shortcut: "3",
      note: trades > 0 ? <span className="badge">{formatInteger(trades)}</span> : null,
    },
    { id: "analysis", label: "Analysis", shortcut: "4" },
    { id: "optimise", label: "Optimise", shortcut: "5" },
    ...(pinned ? [{ id: "compare", label: "Compare", shortcut: "6" } as const] : []),
  ];
  return narrow ? [{ id: "strategy", label: "Strategy" }, ...items] : items;
}

function TabContent(props: ResultsPanelProps & { tab: Tab }) {
  const { run, tab, strategy, currency } = props;
  const { result } = run;
  if (tab === "strategy") return props.strategyPanel;
  if (tab === "optimise") {
    return (
      <Suspense fallback={kWaiting}>
        <OptimiseTab strategy={strategy} draft={run.draft.request} currency={currency} onUse={props.onUse} />
      </Suspense>
    );
  }
  if (run.error !== null) {
    return (
      <div className="results-message">
        <Failure error={run.error} what="The backtest did not run" onRetry={props.onRun} />
      </div>
    );
  }
  if (result === undefined) {
    return run.running ? (
      <div className="results-message">
        <Skeleton lines={7} />
      </div>
    ) : (
      <Invitation strategy={strategy} onRun={props.onRun} narrow={props.strategyPanel !== null} />
    );
  }
  if (tab === "analysis") {
    return (
      <Suspense fallback={kWaiting}>
        <Analysis result={result} currency={currency} />
      </Suspense>
    );
  }
  if (tab === "compare") {
    return (
      <Suspense fallback={kWaiting}>
        <Comparison result={result} script={strategy?.pine ?? ""} currency={currency} />
      </Suspense>
    );
  }
  if (tab === "equity") return <EquityView curve={result.equity} currency={currency} />;
  if (tab === "trades") {
    return (
      <TradesTable
        result={result}
        currency={currency}
        decimals={props.decimals}
        chosen={props.trade}
        onChoose={props.onTrade}
      />
    );
  }
  return <Overview result={result} currency={currency} />;
}

/** Nothing has been run yet: what to do next. */
function Invitation({ strategy, onRun, narrow }: { strategy: Strategy | undefined; onRun: () => void; narrow: boolean }) {
  if (strategy !== undefined) {
    return (
      <div className="tab-empty">
        <p>Run the strategy to see what it would have done.</p>
        <p>
          <button type="button" className="button" onClick={onRun}>
            Run backtest
          </button>
        </p>
      </div>
    );
  }
  return (
    <div className="tab-empty">
      <p>Choose a strategy to see what it would have done on these bars.</p>
      {narrow && (
        <p>
          <button type="button" className="button" onClick={() => updatePage({ tab: "strategy" })}>
            Choose a strategy
          </button>
        </p>
      )}
    </div>
  );
}
