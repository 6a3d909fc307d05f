// The README's table of weighting methods, as the registry has them.

import { METHODS } from "../../src/balance/methods/registry.ts";

const HEAD = ["`--methods`", "name", "what it does", "weights", "needs", "source"];

/** The table's lines, cells not padded. */
export function methodsTable(): string[] {
  const rows = METHODS.map(({ id, name, text, formula, needs, source }) => [
    `\`${id}\``,
    name,
    text,
    formula,
    needs,
    source,
  ]);
  return [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** The lines of a page with its table of methods in place of the one it has. */
export function withMethodsTable(page: readonly string[]): string[] {
  const bare = (line: string) => line.replace(/\s+/g, " ").trim();
  const first = page.findIndex((line) => bare(line) === methodsTable()[0]);
  if (first < 0) throw new Error("README.md: expected a table of weighting methods, found none");
  const last = page.findIndex((line, i) => i > first && !line.startsWith("|"));
  return [...page.slice(0, first), ...methodsTable(), ...page.slice(last)];
}
