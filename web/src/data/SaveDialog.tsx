import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { change, post } from "../api/client";
import { fieldErrors } from "../api/problem";
import type { HistoricalFetchRequest, SavedQuery, SavedQueryRequest } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { toast } from "../ui/toast";
import { updateData } from "./address";
import { describeRequest } from "./draft";
import { CheckField, Field } from "./Field";
import { kNoSchedule, readSchedule, type ScheduleDraft, scheduleDraft } from "./schedule";
import { ScheduleFields } from "./ScheduleFields";

interface SaveDialogProps {
  dialog: RefObject<HTMLDialogElement | null>;
  /** What is saved; null: it is not whole yet. */
  request: HistoricalFetchRequest | null;
  /** One that is changed; without, a new one is made. */
  saved?: SavedQuery;
}

/** Name, tags and schedule of a saved query. */
export function SaveDialog({ dialog, request, saved }: SaveDialogProps) {
  return (
    <Dialog dialog={dialog} title={saved === undefined ? "Save the query" : `Edit ${saved.name}`}>
      <SaveForm
        key={saved?.updated_at ?? "new"}
        request={request}
        saved={saved}
        onDone={() => dialog.current?.close()}
      />
    </Dialog>
  );
}

interface SaveFormProps {
  request: HistoricalFetchRequest | null;
  saved: SavedQuery | undefined;
  onDone: () => void;
}

function SaveForm({ request, saved, onDone }: SaveFormProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(saved?.name ?? "");
  const [description, setDescription] = useState(saved?.description ?? "");
  const [tags, setTags] = useState((saved?.tags ?? []).join(", "));
  const [favourite, setFavourite] = useState(saved?.favourite ?? false);
  const [schedule, setSchedule] = useState<ScheduleDraft>(() => (saved?.schedule == null ? kNoSchedule : scheduleDraft(saved.schedule)));
  const [tried, setTried] = useState(false);
  const reading = readSchedule(schedule);
  const store = useMutation({
    mutationFn: (body: Omit<SavedQueryRequest, "request">) =>
      saved === undefined
        ? post<SavedQuery>("/historical-data/queries", { ...body, request })
        : change<SavedQuery>("PATCH", `/historical-data/queries/${saved.id}`, body),
    onSuccess: (stored) => {
      void queries.invalidateQueries({ queryKey: ["saved-queries"] });
      toast({ title: `“${stored.name}” saved`, ...(saved === undefined ? { action: { label: "Show", run: () => updateData({ tab: "saved" }) } } : {}) });
      if (saved === undefined) setName("");
      setTried(false);
      onDone();
    },
  });
  const errors = fieldErrors(store.error);
  const nameError = name.trim() === "" && tried ? "A saved query needs a name." : errors.get("/name");

  const submit = () => {
    setTried(true);
    if (name.trim() === "" || reading.error !== null || (saved === undefined && request === null)) return;
    store.mutate({
      name: name.trim(),
      description: description.trim() === "" ? null : description.trim(),
      favourite,
      tags: tags.split(",").map((tag) => tag.trim()).filter((tag) => tag !== ""),
      schedule: reading.schedule,
    });
  };

  return (
    <form
      className="dialog-content data-save"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="muted">{saved !== undefined ? describeRequest(saved.request) : request === null ? "The query is not whole yet: fill in the form first." : describeRequest(request)}</p>
      <Field title="Name" error={nameError}>
        {(control) => <input {...control} className="control" autoComplete="off" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field title="Description" error={errors.get("/description")}>
        {(control) => <input {...control} className="control" autoComplete="off" value={description} onChange={(event) => setDescription(event.target.value)} />}
      </Field>
      <Field title="Tags, with commas" error={errors.get("/tags")}>
        {(control) => <input {...control} className="control" autoComplete="off" value={tags} onChange={(event) => setTags(event.target.value)} />}
      </Field>
      <CheckField title="Favourite: kept in the server's memory before others" checked={favourite} onChange={setFavourite} />
      <ScheduleFields draft={schedule} error={tried ? (reading.error ?? errors.get("/schedule")) : undefined} onChange={(part) => setSchedule({ ...schedule, ...part })} />
      {store.error !== null && <Failure error={store.error} what="The query was not saved" />}
      <footer className="data-save-foot">
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={store.isPending || (saved === undefined && request === null)}>
          Save
        </button>
      </footer>
    </form>
  );
}
