import { useEffect, useMemo } from "react";
import { useInstruments } from "../api/queries";
import { type Command, useCommands } from "../app/commands";
import { PlaceHeader } from "../app/PlaceHeader";
import { JobView } from "../jobs/JobView";
import { updateOptimise, useOptimiseState } from "./place/address";
import { JobsOverview } from "./place/JobsOverview";
import { Leaderboard } from "./place/Leaderboard";
import { NewSearch } from "./place/NewSearch";
import { NewTournament } from "./place/NewTournament";
import { useOpenStrategy } from "./place/useValues";
import "../ui/place.css";
import "./optimise.css";
import "./place/place.css";
import "../backtest/backtest.css";
import "../jobs/jobs.css";

const kLeave = { label: "All searches", run: () => updateOptimise({ job: null, place: null, view: "summary", making: null }) };

/** Searches and tournaments: what there is, new ones, and one of them in whole. */
export function OptimisePlace() {
  const { job, view, making } = useOptimiseState();
  const instruments = useInstruments();
  const openStrategy = useOpenStrategy();
  usePlaceCommands();
  useEffect(() => {
    document.title = "Optimise TradeAssist";
  }, []);

  const currency = (symbol: string | null) => instruments.data?.find((each) => each.symbol === symbol)?.currency ?? "";
  return (
    <main className="optimise" data-whole={job !== null || undefined}>
      <PlaceHeader>
        <h2>Optimise</h2>
      </PlaceHeader>
      {job !== null ? (
        <JobView
          key={job}
          id={job}
          currency={currency}
          view={view}
          onView={(next) => updateOptimise({ view: next })}
          leave={kLeave}
          onOther={(other) => updateOptimise({ job: other, place: null })}
          onUse={openStrategy}
          ended={Leaderboard}
        />
      ) : making === "search" ? (
        <NewSearch />
      ) : making === "tournament" ? (
        <NewTournament />
      ) : (
        <JobsOverview />
      )}
    </main>
  );
}

function usePlaceCommands() {
  const commands = useMemo(
    (): Command[] => [
      { id: "optimise new", title: "New search", group: "Optimise", keys: "N", words: "optimise parameters", run: () => updateOptimise({ making: "search", job: null }) },
      { id: "optimise tournament", title: "New tournament", group: "Optimise", keys: "B", words: "batch leaderboard", run: () => updateOptimise({ making: "tournament", job: null }) },
      { id: "optimise all", title: "All searches", group: "Optimise", words: "list jobs", run: kLeave.run },
    ],
    [],
  );
  useCommands(commands);
}
