/**
 * A run on one picture, of the size in which links are shown.
 *
 * @module
 */

import type { LoadedRun } from "../../run/records/loaded_run.ts";
import { lightColour } from "../kit/light_colour.ts";
import { type Html, html } from "../kit/html.ts";
import { type Look, lookOf, looks } from "../kit/looks.ts";
import { fixed, known, plural } from "../kit/numbers.ts";
import { comparison, headline } from "../sections/results/headline.ts";
import { drawPng, FONT } from "./draw_png.ts";

/** Width and height in pixels: what sites that show links take. */
export const SUMMARY_SIZE = { width: 1200, height: 630 } as const;

/** Distance from the edges, in pixels. */
const MARGIN = 60;

/** Tasks that there is room for. */
const MOST_TASKS = 10;

/** Lines of the headline, and letters a line: of 30 pixels, half as wide on average. */
const MOST_LINES = 3, LETTERS = 70;

/** Where the columns of the chart begin, and where its bars end. */
const COLUMNS = { bars: 290, barsEnd: 800, scores: 830, weight: 1140 } as const;

/**
 * Draws a run's summary: the headline, the scores of the two methods that it compares a task, and the task weights.
 *
 * @param run The run.
 * @returns A PNG file of {@linkcode SUMMARY_SIZE}. The same results give the same bytes.
 */
export async function summaryImage(run: LoadedRun): Promise<Uint8Array<ArrayBuffer>> {
  return await drawPng(summarySvg(run));
}

/**
 * The drawing of {@linkcode summaryImage}.
 *
 * @param run The run.
 * @returns SVG.
 */
export function summarySvg(run: LoadedRun): string {
  const { width, height } = SUMMARY_SIZE;
  const { tasks, methods, seeds, lambda } = run.results;
  const all = looks(Object.keys(methods));
  const pair = comparison(run);
  const ids = pair === null ? Object.keys(methods).slice(0, 1) : [pair.reference, pair.subject];
  const shown = ids.map((id) => ({ look: lookOf(all, id), scores: methods[id]!.scores }));
  const said = wrapped(headline(run).sentence);
  const top = 150 + 40 * said.length;
  const rows = Math.min(tasks.length, MOST_TASKS);
  const step = Math.min(52, (height - 46 - top) / Math.max(1, rows));
  const highest = Math.max(100, ...shown.flatMap(({ scores }) => scores.filter(known)));
  const legend = shown.map(({ look }, i) =>
    html`
      <rect x="${COLUMNS.scores + 120 * i}" y="${top - 32}" width="14" height="14" fill="${ink(
        look,
      )}" />${text(cut(look.name, 10), {
        x: COLUMNS.scores + 120 * i + 20,
        y: top - 19,
        size: 18,
        weight: 600,
      })}
    `
  );
  const chart = tasks.slice(0, rows).map((task, i) => {
    const y = top + step * i, middle = y + step / 2 + 7;
    const thick = Math.min(16, (step - 8) / shown.length);
    const bars = shown.map(({ look, scores }, k) => {
      const score = scores[i];
      const long = known(score) ? Math.max(0, score) / highest * (COLUMNS.barsEnd - COLUMNS.bars) : 0;
      return html`
        <rect x="${COLUMNS.bars}" y="${round(
          y + (step - thick * shown.length) / 2 + thick * k,
        )}" width="${round(long)}" height="${round(thick - 1)}"
          fill="${ink(look)}" />${text(fixed(score), {
            x: COLUMNS.scores + 120 * k + 20,
            y: middle,
            size: 20,
          })}
      `;
    });
    return html`${text(cut(task, 24), { x: MARGIN, y: middle, size: 20 })}${bars}${
      lambda !== null &&
      text(fixed(lambda[i]?.mean, 2), { x: COLUMNS.weight, y: middle, size: 20, anchor: "end" })
    }`;
  });
  const left = tasks.length - rows;
  const foot = [
    "Scores on test questions, in points",
    `${plural(seeds.length, "seed")}`,
    ...left > 0 ? [`${plural(left, "more task")} in the report`] : [],
  ].join(" · ");
  return html`
    <svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"
      viewBox="0 0 ${width} ${height}"
      font-family="${FONT}"><rect width="${width}" height="${height}" fill="${lightColour(
        "paper",
      )}"/><rect width="${width}" height="10" fill="${lightColour("blue")}"/>${text("cotbal", {
        x: MARGIN,
        y: 66,
        size: 24,
        weight: 600,
      })}${text(`tuning on ${plural(tasks.length, "visual-instruction task")}`, {
        ...{ x: MARGIN + 92, y: 66, size: 24, colour: "muted" },
      })}${said.map((line, i) =>
        text(line, { x: MARGIN, y: 118 + 40 * i, size: 30, weight: 600 })
      )}${legend}${lambda !== null &&
        text("weight λ", {
          x: COLUMNS.weight,
          y: top - 19,
          size: 18,
          weight: 600,
          anchor: "end",
        })}${chart}${text(foot, { x: MARGIN, y: height - 22, size: 17, colour: "muted" })}</svg>
  `.text;
}

/** How a text is set. */
interface Set {
  x: number;
  y: number;
  size: number;
  weight?: 400 | 600;
  anchor?: "start" | "end";
  colour?: string;
}

function text(words: string, { x, y, size, weight = 400, anchor = "start", colour = "text" }: Set): Html {
  return html`
    <text x="${x}" y="${round(y)}" font-size="${size}" font-weight="${weight}"
      text-anchor="${anchor}" fill="${lightColour(colour)}">${words}</text>
  `;
}

function ink({ color }: Look): string {
  return lightColour(color.slice(1));
}

function round(value: number): string {
  return value.toFixed(1);
}

/** A text that is no longer than so many letters. */
function cut(words: string, most: number): string {
  const letters = [...words];
  return letters.length <= most ? words : `${letters.slice(0, most - 1).join("")}…`;
}

/** The headline in lines. */
function wrapped(sentence: string): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LETTERS) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(cut(word, LETTERS));
  }
  if (lines.length <= MOST_LINES) return lines;
  const kept = lines.slice(0, MOST_LINES);
  kept[MOST_LINES - 1] = `${cut(kept[MOST_LINES - 1]!, LETTERS - 2)} …`;
  return kept;
}
