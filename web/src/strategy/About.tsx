import { useRef } from "react";
import type { Strategy } from "../api/types";
import { Dialog } from "../ui/Dialog";
import { sentenceName, spacedName } from "../ui/format";

/** What a strategy is: its idea, when it works and when it does not, and its Pine source. */
export function About({ strategy }: { strategy: Strategy }) {
  const source = useRef<HTMLDialogElement>(null);
  return (
    <section className="about" aria-label="About the strategy">
      <p className="about-badges">
        <span className="badge">{sentenceName(strategy.category)}</span>
        <span className="badge">{sentenceName(strategy.risk_level)} risk</span>
        <span className="badge">{sentenceName(strategy.complexity)}</span>
      </p>
      <p>{strategy.summary}</p>
      <details>
        <summary>Idea, when it works and when it does not</summary>
        <dl>
          <Part title="Idea" text={strategy.idea} />
          <Part title="Works when" text={strategy.works_when} />
          <Part title="Fails when" text={strategy.fails_when} />
          <Part title="Source" text={strategy.source_reference} />
        </dl>
      </details>
      <button type="button" className="button quiet small about-source" onClick={() => source.current?.showModal()}>
        Show the Pine script
      </button>
      <Dialog dialog={source} title={`${spacedName(strategy.name)}, Pine script`}>
        {/* A scrollable region needs the keyboard's focus to be scrolled. */}
        <pre className="source mono" tabIndex={0} aria-label="Pine source">
          {strategy.pine}
        </pre>
      </Dialog>
    </section>
  );
}

function Part({ title, text }: { title: string; text: string }) {
  if (text === "") return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>{text}</dd>
    </>
  );
}
