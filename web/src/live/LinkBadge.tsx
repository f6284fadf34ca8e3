import { useEffect, useState } from "react";
import { useChannel, useLinkState } from "./link";

const kPatienceMs = 1500;

/** Keeps the page's connection open, and says while it is not there; a short pause is nobody's concern. */
export function LinkBadge() {
  const state = useLinkState();
  const [late, setLate] = useState(false);
  useChannel("system", () => undefined);
  useEffect(() => {
    setLate(false);
    if (state !== "down") return undefined;
    const timer = setTimeout(() => setLate(true), kPatienceMs);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <span className="link-state" role="status">
      {state === "down" && late && (
        <span className="badge warning" title="What is shown may be old. The page connects again by itself.">
          Not live: connecting again
        </span>
      )}
    </span>
  );
}
