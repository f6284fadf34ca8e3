import { useCallback, useState } from "react";

const kPrefix = "tradeassist.";

/** A preference kept in this browser. Storage that is full or forbidden only costs the memory of it. */
export function useStored<T>(name: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => readStored(name, initial));
  const store = useCallback(
    (next: T) => {
      setValue(next);
      writeStored(name, next);
    },
    [name],
  );
  return [value, store];
}

export function readStored<T>(name: string, initial: T): T {
  try {
    const text = localStorage.getItem(kPrefix + name);
    return text === null ? initial : (JSON.parse(text) as T);
  } catch {
    return initial;
  }
}

export function writeStored(name: string, value: unknown): void {
  try {
    localStorage.setItem(kPrefix + name, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}
