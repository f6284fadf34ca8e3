import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { get, refusalOf } from "../api/client";
import { isKept, signIn, useApiKey, useKeyWanted } from "../api/key";
import { useLinkState } from "../live/link";
import "./signIn.css";

/** Asks for an API key when the server wants one; everything that was turned away is then asked for again. */
export function SignIn() {
  const wanted = useKeyWanted();
  const before = useApiKey();
  const queries = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [kept, setKept] = useState(false);
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  useEffect(() => {
    if (wanted === null) {
      dialog.current?.close();
      return undefined;
    }
    setRefusal(null);
    setKept(isKept());
    let over = false;
    void leaveLayers().then(() => {
      if (!over && dialog.current?.open === false) dialog.current.showModal();
    });
    return () => {
      over = true;
    };
  }, [wanted]);

  // A key that ends under an open page ends its connection, too: a question tells whether it was the key.
  const link = useLinkState();
  useEffect(() => {
    if (link === "down" && before !== null) get("/version").catch(() => undefined);
  }, [link, before]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const key = text.trim();
    if (key === "") return setRefusal("Enter a key.");
    setAsking(true);
    const why = await refusalOf(key);
    setAsking(false);
    setRefusal(why);
    if (why !== null) return;
    setText("");
    signIn(key, kept);
    // Another key has everything asked for again by itself.
    if (key === before) void queries.invalidateQueries();
  };

  return (
    <dialog ref={dialog} className="dialog sign-in" aria-label="Sign in" onCancel={(event) => event.preventDefault()}>
      <form onSubmit={(event) => void submit(event)}>
        <h2>Sign in to TradeAssist</h2>
        <p className="muted">
          {before === null ? "This server wants an API key. Its first start showed one;" : `${sentence(wanted ?? "")} What was shown is asked for again after you sign in;`}{" "}
          <code>tradeassist key create</code> makes {before === null ? "others" : "another key"}.
        </p>
        <div className="sign-in-key">
          <label htmlFor="api-key">API key</label>
          <input
            id="api-key"
            type="password"
            className="control"
            value={text}
            placeholder="ta_…"
            autoComplete="current-password"
            spellCheck={false}
            aria-invalid={refusal !== null}
            aria-describedby="api-key-refusal"
            onChange={(event) => setText(event.target.value)}
          />
          <span id="api-key-refusal" className="error" role="alert">
            {refusal}
          </span>
        </div>
        <label className="sign-in-kept">
          <input type="checkbox" checked={kept} onChange={(event) => setKept(event.target.checked)} />
          Keep it in this browser
        </label>
        <button type="submit" className="button primary" disabled={asking}>
          {asking ? "Asking…" : "Sign in"}
        </button>
      </form>
    </dialog>
  );
}

const kLayers = '[role="dialog"], [role="alertdialog"], [role="menu"]';
const kLayersMax = 4;

/** Menus, palettes and questions that are open hold the focus and the mouse; they are left as with Escape. */
async function leaveLayers(): Promise<void> {
  for (let tries = 0; tries < kLayersMax && document.querySelector(kLayers) !== null; ++tries) {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await new Promise((done) => setTimeout(done, 0));
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
