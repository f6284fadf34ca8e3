import { useEffect, useMemo } from "react";
import { type Command, useCommands } from "../app/commands";
import { PlaceHeader } from "../app/PlaceHeader";
import { Tabs } from "../ui/Tabs";
import "../ui/place.css";
import { type DataTab, updateData, useDataState } from "./address";
import { CompareTab } from "./CompareTab";
import { ImportTab } from "./importing/ImportTab";
import { QueryTab } from "./QueryTab";
import { SavedTab } from "./SavedTab";
import "./data.css";
import "./results.css";

const kTabs: readonly { id: DataTab; label: string; shortcut: string }[] = [
  { id: "query", label: "Query", shortcut: "1" },
  { id: "saved", label: "Saved", shortcut: "2" },
  { id: "compare", label: "Compare", shortcut: "3" },
  { id: "import", label: "Import", shortcut: "4" },
];

/** Bars: asked for, looked at, compared, taken along. */
export function DataPlace() {
  const { tab, draft } = useDataState();
  useEffect(() => {
    document.title = ["Data", draft.symbols.slice(0, 3).join(", "), "TradeAssist"].filter((part) => part !== "").join(" · ");
  }, [draft.symbols]);
  useCommands(
    useMemo(
      (): Command[] =>
        kTabs.map(({ id, label, shortcut }) => ({
          id: `data ${id}`,
          title: `Data: ${label}`,
          group: "Data",
          keys: shortcut,
          run: () => updateData({ tab: id }),
        })),
      [],
    ),
  );
  return (
    <main className="data">
      <PlaceHeader>
        <h2>Data</h2>
        <Tabs label="Data" items={kTabs} chosen={tab} onChoose={(next) => updateData({ tab: next })} panel="data-panel" />
      </PlaceHeader>
      <div id="data-panel" role="tabpanel" aria-labelledby={`data-panel-tab-${tab}`} className="data-panel">
        {tab === "query" && <QueryTab />}
        {tab === "saved" && <SavedTab />}
        {tab === "compare" && <CompareTab />}
        {tab === "import" && <ImportTab />}
      </div>
    </main>
  );
}
