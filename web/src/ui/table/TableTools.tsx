import type { ReactNode } from "react";
import { formatInteger, plural } from "../format";
import { Icon } from "../Icon";
import type { Rows } from "./useRows";

interface TableToolsProps {
  rows: Rows;
  selected: number;
  filtering: boolean;
  onFiltering: (on: boolean) => void;
  onCopy: () => void;
  children: ReactNode;
}

/** What is done with the rows of a table, over it. */
export function TableTools({ rows, selected, filtering, onFiltering, onCopy, children }: TableToolsProps) {
  const shown = rows.order.length;
  return (
    <div className="table-tools">
      <label className="table-search control">
        <Icon name="search" size={14} />
        <span className="visually-hidden">Search the rows</span>
        <input
          type="search"
          placeholder="Search rows"
          spellCheck={false}
          value={rows.search}
          onChange={(event) => rows.setSearch(event.target.value)}
        />
      </label>
      <button type="button" className="button small" aria-pressed={filtering} onClick={() => onFiltering(!filtering)}>
        Filters
      </button>
      <button type="button" className="button small" disabled={selected === 0} title="Copy the selected rows, to paste into a spreadsheet (Ctrl C)" onClick={onCopy}>
        <Icon name="copy" size={14} />
        Copy
      </button>
      <output className="table-count muted">
        {shown === rows.count ? plural(rows.count, "row") : `${formatInteger(shown)} of ${plural(rows.count, "row")}`}
        {selected > 1 && `, ${formatInteger(selected)} selected`}
      </output>
      {children}
    </div>
  );
}
