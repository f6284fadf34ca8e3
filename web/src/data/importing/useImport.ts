import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { upload } from "../../api/upload";
import type { ImportAnswer, ImportPreviewAnswer } from "../../api/schema";
import { type ImportOptions, importQuery } from "./options";

export type ImportPreview = ImportPreviewAnswer;
export type ImportReport = ImportAnswer;
export type { PreviewedFile } from "../../api/schema";

interface Looked {
  readonly preview: ImportPreview | null;
  readonly error: Error | null;
  /** How much of the file has gone to the server; null: nothing is on its way. */
  readonly sent: number | null;
}

const kNothing: Looked = { preview: null, error: null, sent: null };
const kTypingMs = 400;

/** What the server understands of a file with these options; it is asked again a moment after they change. */
export function usePreview(file: File | null, options: ImportOptions): Looked {
  const [looked, setLooked] = useState(kNothing);
  useEffect(() => {
    if (file === null || options.symbol.trim() === "") {
      setLooked(kNothing);
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setLooked((before) => ({ ...before, sent: 0 }));
      upload<ImportPreview>(`/import/preview?${importQuery(options, file.name)}`, file, (sent) => setLooked((before) => ({ ...before, sent })), stop.signal).then(
        (preview) => setLooked({ preview, error: null, sent: null }),
        (error: unknown) => {
          // The last preview goes: it is of other options.
          if (!stop.signal.aborted) setLooked({ preview: null, error: error instanceof Error ? error : new Error(String(error)), sent: null });
        },
      );
    }, kTypingMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [file, options]);
  return looked;
}

/** Stores the file's rows. */
export function useImport() {
  const queries = useQueryClient();
  const [sent, setSent] = useState(0);
  const stop = useRef(new AbortController());
  const mutation = useMutation({
    mutationFn: ({ file, options }: { file: File; options: ImportOptions }) => {
      setSent(0);
      stop.current = new AbortController();
      return upload<ImportReport>(`/import?${importQuery(options, file.name)}`, file, setSent, stop.current.signal);
    },
    // New bars change what every place shows.
    onSuccess: () => void queries.invalidateQueries(),
  });
  return { ...mutation, sent, cancel: () => stop.current.abort() };
}
