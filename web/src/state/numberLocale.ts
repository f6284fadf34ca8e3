import { setNumberLocale } from "../ui/format";
import { onStored, readStored, useStored } from "./useStored";

const kName = "number-locale";

/** How numbers may be written, by an example of each; "": as the browser's language does. */
export const kNumberLocales = ["en-US", "de-DE", "fr-FR", "de-CH", "en-IN", ""] as const;

function apply(): void {
  const locale = readStored<unknown>(kName, "en-US");
  setNumberLocale(locale === "" ? undefined : (kNumberLocales.find((each) => each === locale) ?? "en-US"));
}

/** Makes the stored choice hold, now and when it changes, in any tab: for what is drawn from then on. */
export function followNumberLocale(): void {
  apply();
  onStored(apply);
}

/** For a part of the page that shows numbers and the choice at once. */
export function useNumberLocale(): [string, (locale: string) => void] {
  return useStored<string>(kName, "en-US");
}
