import { sentenceName } from "../ui/format";

/** What a sampler is called; most names of several words are read as such. */
export function samplerTitle(name: string): string {
  const titles: Record<string, string> = { tpe: "TPE", cmaes: "CMA-ES", nsga2: "NSGA-II" };
  return titles[name] ?? sentenceName(name);
}

export function sentence(text: string): string {
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
