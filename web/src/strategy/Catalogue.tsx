import { useRef, useState, type KeyboardEvent } from "react";
import { useStrategies } from "../api/queries";
import type { StrategySummary } from "../api/types";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { sentenceName, spacedName } from "../ui/format";
import { matching } from "./matching";
import { kOwnScript, kOwnScriptName } from "./ownScript";

/** Every strategy with its summary: type to narrow, arrows to walk, Enter to choose. */
export function Catalogue({ onChoose }: { onChoose: (name: string) => void }) {
  const strategies = useStrategies();
  const [text, setText] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const matches = matching(strategies.data ?? [], text);

  const move = (event: KeyboardEvent, from: number) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = list.current?.querySelectorAll<HTMLElement>(".catalogue-item") ?? [];
    const next = items[from + step];
    if (next !== undefined) next.focus();
    else if (step < 0) list.current?.parentElement?.querySelector("input")?.focus();
  };

  return (
    <div className="catalogue">
      <div className="catalogue-search">
        <Icon name="search" size={14} />
        <input
          type="search"
          className="control"
          aria-label="Search strategies"
          placeholder="Search strategies"
          data-shortcut="s"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            move(event, -1);
            const only = matches[0];
            if (event.key === "Enter" && only !== undefined) onChoose(only.name);
          }}
        />
      </div>
      {strategies.isPending && <Skeleton lines={8} />}
      {strategies.error !== null && (
        <Failure error={strategies.error} what="The strategies could not be loaded" onRetry={() => void strategies.refetch()} />
      )}
      {strategies.isSuccess && matches.length === 0 && (
        <p className="muted catalogue-empty">
          {text === "" ? "The server has no strategies." : `No strategy matches “${text}”.`}
        </p>
      )}
      <div ref={list}>
        <button type="button" className="catalogue-item catalogue-own" onClick={() => onChoose(kOwnScript)} onKeyDown={(event) => move(event, 0)}>
          <span className="catalogue-name">{kOwnScriptName}</span>
          <span className="catalogue-summary">Write or paste Pine Script, version 5 or 6, and run it here.</span>
        </button>
        {categories(matches).map((category) => (
          <section key={category} aria-label={sentenceName(category)}>
            <h3 className="section-title catalogue-category">{sentenceName(category)}</h3>
            <ul>
              {matches.map(
                (strategy, index) =>
                  strategy.category === category && (
                    <li key={strategy.name}>
                      <button
                        type="button"
                        className="catalogue-item"
                        data-strategy={strategy.name}
                        onClick={() => onChoose(strategy.name)}
                        onKeyDown={(event) => move(event, index + 1)}
                      >
                        <span className="catalogue-name">{spacedName(strategy.name)}</span>
                        <span className="catalogue-summary">{strategy.summary}</span>
                      </button>
                    </li>
                  ),
              )}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

function categories(strategies: readonly StrategySummary[]): string[] {
  return [...new Set(strategies.map((strategy) => strategy.category))];
}
