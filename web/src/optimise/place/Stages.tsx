import { Icon } from "../../ui/Icon";
import type { StageDraft } from "./tournament";

interface StagesProps {
  stages: readonly StageDraft[];
  errorOf: (name: string) => string | undefined;
  onChange: (stages: StageDraft[]) => void;
}

/** How many trials each entrant makes in a stage, and how many entrants go on. */
export function Stages({ stages, errorOf, onChange }: StagesProps) {
  const change = (index: number, part: Partial<StageDraft>) => onChange(stages.map((stage, at) => (at === index ? { ...stage, ...part } : stage)));
  const add = () => {
    const last = stages.at(-1);
    const more = String(2 * (Number(last?.trials) || 50));
    onChange([...stages.slice(0, -1), { trials: last?.trials ?? "50", keep: "5" }, { trials: more, keep: "" }]);
  };
  return (
    <div className="stages">
      <table className="ranges stages-table">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Trials each</th>
            <th scope="col">Go on</th>
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage, index) => {
            const last = index === stages.length - 1;
            const problem = errorOf(`stages/${index}/trials`) ?? errorOf(`stages/${index}/keep`);
            return (
              // A stage is its place in the order.
              // oxlint-disable-next-line react/no-array-index-key
              <StageRow key={index} number={index + 1} stage={stage} last={last} only={stages.length === 1} problem={problem} onChange={(part) => change(index, part)} onRemove={() => onChange(stages.filter((_, at) => at !== index))} />
            );
          })}
        </tbody>
      </table>
      <button type="button" className="button small" onClick={add}>
        <Icon name="plus" size={12} />
        Add a stage
      </button>
    </div>
  );
}

interface StageRowProps {
  number: number;
  stage: StageDraft;
  last: boolean;
  only: boolean;
  problem: string | undefined;
  onChange: (part: Partial<StageDraft>) => void;
  onRemove: () => void;
}

function StageRow({ number, stage, last, only, problem, onChange, onRemove }: StageRowProps) {
  return (
    <>
      <tr>
        <th scope="row">{number}</th>
        <td>
          <input className="control number" type="number" min={1} aria-label={`Trials of stage ${number}`} value={stage.trials} onChange={(event) => onChange({ trials: event.target.value })} />
        </td>
        <td>
          {last ? (
            <span className="muted">the end</span>
          ) : (
            <input className="control number" type="number" min={1} aria-label={`Entrants that go on from stage ${number}`} value={stage.keep} onChange={(event) => onChange({ keep: event.target.value })} />
          )}
        </td>
        <td>
          <button type="button" className="button quiet icon small" aria-label={`Remove stage ${number}`} disabled={only} onClick={onRemove}>
            <Icon name="trash" size={14} />
          </button>
        </td>
      </tr>
      {problem !== undefined && (
        <tr>
          <td colSpan={4} className="error">
            {problem}
          </td>
        </tr>
      )}
    </>
  );
}
