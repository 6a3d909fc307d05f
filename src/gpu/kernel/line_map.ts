/** From the lines that a shader compiler complains of back to the files that a reader can open. @module */
import type { Place } from "./template.ts";

/**
 * Rewrites a compiler's message: `wgsl:12:5` (naga, Deno's) and `:12:5 error` (Tint, Chromium's) become
 * `kernels/gemm.wgsl:40:5`, and line numbers in the margin follow.
 *
 * @param message As the compiler wrote it, about the generated source.
 * @param places Where each line of that source was written.
 *
 * @example A mistake in the third line, which came from the first of a file
 * ```ts
 * import { mapLines } from "./line_map.ts";
 * const places = [1, 2, 1].map((line, i) => ({ file: i < 2 ? "a.wgsl" : "b.wgsl", line }));
 * const mapped = mapLines("┌─ wgsl:3:5", places);
 * if (mapped !== "┌─ b.wgsl:1:5") throw new Error(mapped);
 * ```
 */
export function mapLines(message: string, places: readonly Place[]): string {
  const at = (line: string) => places[Number(line) - 1];
  const name = (all: string, line: string, column: string) => {
    const place = at(line);
    return place ? `${place.file}:${place.line}:${column}` : all;
  };
  return message
    .replace(/^( *)(\d+)( *│)/gm, (all, before: string, line: string, after: string) => {
      const place = at(line);
      return place ? String(place.line).padStart(before.length + line.length) + after : all;
    })
    .replace(/\bwgsl:(\d+):(\d+)/g, name)
    .replace(/(?<=^|\s):(\d+):(\d+)(?= error| warning)/gm, name);
}
