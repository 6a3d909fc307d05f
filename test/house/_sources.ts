// What the tests of the house read: this repository's own files.

import { fromFileUrl, join } from "@std/path";

/** The repository's root. */
export const ROOT: string = fromFileUrl(new URL("../..", import.meta.url));

/** Reads a file, its path given from the root. */
export function read(path: string): string {
  return Deno.readTextFileSync(join(ROOT, path));
}

/** Paths of all files below folders, sorted. */
export function filesBelow(...folders: string[]): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of Deno.readDirSync(join(ROOT, folder))) {
      if (entry.isDirectory) visit(`${folder}/${entry.name}`);
      else found.push(`${folder}/${entry.name}`);
    }
  };
  folders.forEach(visit);
  return found.sort();
}

/** A source without its comments; strings, templates and line numbers stay as they are. */
export function withoutComments(source: string): string {
  // Strings first, so that a // within one is none; a regular expression after an operator is skipped likewise.
  const token =
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<=[=(,:!&|?[{;]\s*)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|\/\/[^\n]*|\/\*[^]*?\*\//g;
  return source.replace(
    token,
    (text) => text.startsWith("//") || text.startsWith("/*") ? text.replace(/[^\n]/g, " ") : text,
  );
}

/** An import or re-export of a file of ours. */
export interface Import {
  /** Which file. */
  path: string;
  /** Whether it takes types alone. */
  typeOnly: boolean;
  /** Where it stands. */
  line: number;
}

/** The imports of a file, modules that threads run among them, those of packages left out. */
export function importsOf(path: string): Import[] {
  return importsIn(read(path), path);
}

/** The imports of a source that stands at a path. */
export function importsIn(text: string, path: string): Import[] {
  const source = withoutComments(text);
  const found: Import[] = [];
  const statement =
    /(?:^|[;}])\s*(?:import|export)\b(\s+type\b(?!\s*,|\s+from\b))?\s*(?:(\{[^}]*\}|[\w$*][\w$\s*,]*(?:\{[^}]*\})?)\s*from\s*)?["'](\.{1,2}\/[^"']+)["']|\b(?:import\s*\(\s*|new URL\(\s*(?=[^)]*\.ts["'`],))["'`](\.{1,2}\/[^"'`]+)["'`]/gm;
  for (const match of source.matchAll(statement)) {
    const [whole, type, names, from, dynamic] = match;
    const inner = names?.trim().startsWith("{")
      ? names.replace(/[{}]/g, "").split(",").filter((n) => n.trim())
      : [];
    const typeOnly = !!type || (inner.length > 0 && inner.every((name) => /^\s*type\s/.test(name)));
    const start = match.index + whole.search(/import|export|new URL/);
    found.push({
      path: join(path, "..", (from ?? dynamic)!).replaceAll("\\", "/"),
      typeOnly,
      line: source.slice(0, start).split("\n").length,
    });
  }
  return found;
}
