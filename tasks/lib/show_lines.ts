/**
 * A sample's tokens as lines.
 *
 * @module
 */

import { dim, green } from "@std/fmt/colors";
import type { ShownImage, ShownSample } from "../../src/answer/show.ts";
import type { TokenRun } from "../../src/answer/token_runs.ts";

/** What stands around trained tokens where there are no colours. */
const TRAINED = ["[[", "]]"] as const;

/**
 * Lines that show a sample: its name, its images, its tokens. Tokens are parted by `·`, line feeds shown as `⏎`.
 *
 * @param sample The sample.
 * @param colours Whether trained tokens are green; else they stand between `[[` and `]]`.
 * @returns The lines.
 */
export function sampleLines(
  { id, task, file, images, tokens, runs }: ShownSample,
  colours: boolean,
): string[] {
  const { all, image, trained } = tokens;
  return [
    `${file}, sample ${JSON.stringify(id)} (task ${task})`,
    ...images.map((image) => `  ${imageLine(image)}`),
    `  ${all} tokens: ${image} of images, ${trained} trained on`,
    "",
    ...groups(runs, colours).join("·").split("\n").map((line) => `    ${line}`.trimEnd()),
    "",
  ];
}

function imageLine({ path, grid: { rows, columns }, tiles, imageTokens }: ShownImage): string {
  const cut = tiles === 1 ? "1 tile" : `${rows} rows of ${columns} tiles and the whole: ${tiles} tiles`;
  return `${path}: ${cut}, ${imageTokens} image tokens`;
}

/** Neighbouring runs that are trained on, or are not, as one text each. */
function groups(runs: readonly TokenRun[], colours: boolean): string[] {
  const parts: { trained: boolean; texts: string[] }[] = [];
  for (const run of runs) {
    if (parts.at(-1)?.trained !== run.trained) parts.push({ trained: run.trained, texts: [] });
    parts.at(-1)!.texts.push(runText(run, colours));
  }
  return parts.map(({ trained, texts }) => {
    const text = texts.join("·");
    if (!trained) return text;
    return colours ? paint(green, text) : `${TRAINED[0]}${text}${TRAINED[1]}`;
  });
}

function runText({ kind, trained, tokens }: TokenRun, colours: boolean): string {
  if (kind === "text") {
    // A token that only begins a character shows with the one that ends it.
    return tokens.filter((token) => token !== "").join("·").replaceAll("\n", "⏎\n");
  }
  const text = kind === "image" ? `{${tokens[0]} × ${tokens.length}}` : tokens.join("·");
  return colours && !trained ? paint(dim, text) : text;
}

/** A colour ends where a line does, for pagers. */
function paint(style: (text: string) => string, text: string): string {
  return text.split("\n").map(style).join("\n");
}
