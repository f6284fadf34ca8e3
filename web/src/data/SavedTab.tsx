import { DropdownMenu } from "radix-ui";
import { useRef, useState } from "react";
import type { HistoricalFetchRequest, SavedQuery } from "../api/schema";
import { Failure } from "../ui/Failure";
import { formatInteger, formatNumber, formatTime, plural } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { updateData, useDataState } from "./address";
import { describeRequest, draftOf } from "./draft";
import { SaveDialog } from "./SaveDialog";
import { describeSchedule } from "./schedule";
import { useDeleteSaved, useExecuteSaved, useSavedQueries, useToggleFavourite } from "./useSaved";

/** Queries that were kept, for everyone who shares the database. */
export function SavedTab() {
  const { search, favourites, tag } = useDataState();
  const saved = useSavedQueries({ search, favourites, tag });
  const all = saved.data?.pages.flatMap((page) => page.queries) ?? [];
  const filtered = search !== "" || favourites || tag !== "";
  return (
    <div className="sections data-saved">
      <header className="section-head">
        <label className="table-search control">
          <Icon name="search" size={14} />
          <span className="visually-hidden">Search the saved queries</span>
          <input type="search" placeholder="Search by name" data-shortcut="/" value={search} onChange={(event) => updateData({ search: event.target.value })} />
        </label>
        <button type="button" className="button" aria-pressed={favourites} onClick={() => updateData({ favourites: !favourites })}>
          <Icon name="star" size={14} />
          Favourites
        </button>
        {tag !== "" && (
          <span className="data-chip">
            {tag}
            <button type="button" aria-label={`Any tag instead of ${tag}`} onClick={() => updateData({ tag: "" })}>
              <Icon name="close" size={12} />
            </button>
          </span>
        )}
        <output className="muted data-saved-count">{saved.data === undefined ? "" : plural(all.length, "query", "queries")}</output>
      </header>
      {saved.error !== null ? (
        <Failure error={saved.error} what="The saved queries could not be read" onRetry={() => void saved.refetch()} />
      ) : saved.data === undefined ? (
        <Skeleton lines={6} />
      ) : all.length === 0 ? (
        <div className="data-message data-empty">
          <h3>{filtered ? "No saved query matches" : "Nothing is saved yet"}</h3>
          <p className="muted">{filtered ? "Try another name or tag." : "Fill in a query and choose Save: it can then be run by a click, or by itself on a schedule."}</p>
          <p>
            <button type="button" className="button" onClick={() => updateData(filtered ? { search: "", favourites: false, tag: "" } : { tab: "query" })}>
              {filtered ? "Show all" : "Write a query"}
            </button>
          </p>
        </div>
      ) : (
        <ul className="data-saved-list">
          {all.map((query) => (
            <SavedRow key={query.id} saved={query} />
          ))}
        </ul>
      )}
      {saved.hasNextPage && (
        <button type="button" className="button" disabled={saved.isFetchingNextPage} onClick={() => void saved.fetchNextPage()}>
          More
        </button>
      )}
    </div>
  );
}

function SavedRow({ saved }: { saved: SavedQuery }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [edited, setEdited] = useState(false);
  const favourite = useToggleFavourite();
  const remove = useDeleteSaved();
  const open = (place: Partial<Parameters<typeof updateData>[0]>) =>
    updateData({ tab: "query", draft: draftOf(saved.request), saved: saved.id, query: null, shown: null, ran: "", ...place });
  const execute = useExecuteSaved((_saved, query) => open({ query }));
  const { background, provider } = saved.request as Partial<HistoricalFetchRequest>;
  const run = () => {
    if (background === true || typeof provider === "string") execute.mutate(saved);
    else open({ ran: "saved" });
  };
  return (
    <li className="card data-saved-row" aria-label={saved.name}>
      <button
        type="button"
        className="button quiet icon small data-star"
        aria-pressed={saved.favourite === true}
        aria-label={`Favourite: ${saved.name}`}
        disabled={favourite.isPending}
        onClick={() => favourite.mutate(saved)}
      >
        <Icon name="star" />
      </button>
      <div className="data-saved-text">
        <h3>{saved.name}</h3>
        <p className="muted">{describeRequest(saved.request)}</p>
        {saved.description !== null && saved.description !== "" && <p>{saved.description}</p>}
        {saved.tags !== null && saved.tags.length > 0 && (
          <p className="data-tags">
            {saved.tags.map((tag) => (
              <button key={tag} type="button" className="badge" title={`Show all with the tag ${tag}`} onClick={() => updateData({ tag })}>
                {tag}
              </button>
            ))}
          </p>
        )}
      </div>
      <dl className="data-saved-facts">
        <div>
          <dt>Schedule</dt>
          <dd>{saved.schedule === null ? <span className="muted">none</span> : describeSchedule(saved.schedule)}</dd>
        </div>
        {saved.next_run_at !== null && (
          <div>
            <dt>Next run, UTC</dt>
            <dd>{formatTime(saved.next_run_at)}</dd>
          </div>
        )}
        <div>
          <dt>Runs</dt>
          <dd>
            {formatInteger(saved.execute_count)}
            {saved.average_time_ms !== null && <span className="muted">, {formatNumber(saved.average_time_ms, 1)} ms on average</span>}
          </dd>
        </div>
        {saved.last_executed_at !== null && (
          <div>
            <dt>Last, UTC</dt>
            <dd>{formatTime(saved.last_executed_at).slice(0, 16)}</dd>
          </div>
        )}
      </dl>
      <div className="data-saved-actions">
        <button type="button" className="button primary small" disabled={execute.isPending} onClick={run}>
          <Icon name="play" size={12} />
          Run
        </button>
        <button type="button" className="button small" onClick={() => open({})}>
          Open
        </button>
        <DropdownMenu.Root>
          <DropdownMenu.Trigger className="button small" aria-label={`More for ${saved.name}`}>
            More
            <Icon name="chevron" size={12} />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className="data-menu" align="end" sideOffset={4}>
              <DropdownMenu.Item
                className="data-menu-item"
                onSelect={() => {
                  setEdited(true);
                  // The menu gives the focus back first.
                  setTimeout(() => dialog.current?.showModal());
                }}
              >
                Edit…
              </DropdownMenu.Item>
              {saved.last_query_id !== null && (
                <DropdownMenu.Item className="data-menu-item" onSelect={() => open({ query: saved.last_query_id })}>
                  Newest run in the background
                </DropdownMenu.Item>
              )}
              <DropdownMenu.Item className="data-menu-item data-danger" onSelect={() => remove.mutate(saved)}>
                Delete
              </DropdownMenu.Item>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </div>
      {edited && <SaveDialog dialog={dialog} request={null} saved={saved} />}
    </li>
  );
}
