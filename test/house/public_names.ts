// The public names, entry by entry, as `deno.json` and the entries themselves list them.

import { read, withoutComments } from "./_sources.ts";

/** The names that each entry of `deno.json` exports, sorted. */
export function publicNames(): Record<string, string[]> {
  const { exports } = JSON.parse(read("deno.json")) as { exports: Record<string, string> };
  return Object.fromEntries(
    Object.entries(exports).map(([entry, path]) => [entry, exportedNames(read(path.slice(2)))]),
  );
}

/** The names in a source's `export { … } from "…"`. */
function exportedNames(source: string): string[] {
  const lists = withoutComments(source).matchAll(/^export\s+(?:type\s+)?\{([^}]*)\}/gm);
  return [...lists].flatMap(([, names]) => names!.split(","))
    .map((name) => name.trim().replace(/^type\s+/, "").split(/\s+as\s+/).at(-1)!)
    .filter((name) => name !== "").sort();
}

/** The list as it is stored. */
export function storedNames(): string {
  return JSON.stringify(publicNames(), null, 2) + "\n";
}
