/**
 * Attention in a sentence and in a table, for those who do not see the picture.
 *
 * @module
 */

import { COLUMN_NAMES, ROW_NAMES } from "../../scenes/picture/place.ts";
import type { TokenAttention } from "./answer_attention.ts";
import type { Heat } from "./patches.ts";

/** Words of the text that are named, at most. */
const MOST_WORDS = 3;

/**
 * What a token looked at.
 *
 * @param piece The token's text.
 * @param attention Its attention.
 * @param seen Which of the pictures is shown.
 * @returns Sentences.
 */
export function attentionInWords(piece: string, attention: TokenAttention, seen = 0): string {
  const { onPictures, pictures, words } = attention;
  const heat = pictures[seen];
  const name = piece.trim() === "" ? "This token" : `“${piece.trim()}”`;
  const ranked = words.toSorted((a, b) => b.share - a.share).slice(0, MOST_WORDS);
  const text = ranked.map(({ text, share }) => `“${text.trim() || "␣"}” ${percent(share)}`).join(", ");
  if (heat === undefined) return `${name}: attention went to ${text}.`;
  const { rows, columns, cells } = coarse(heat, 3, 3);
  const most = cells.indexOf(Math.max(...cells));
  // A tile of fewer than three patches a side has no middle.
  const place = rows === 3 && columns === 3
    ? `, most of it at ${ROW_NAMES[Math.floor(most / 3)]} ${COLUMN_NAMES[most % 3]} (${
      percent(cells[most]!)
    })`
    : "";
  const others = pictures.length > 1 ? ` (all ${pictures.length} pictures together)` : "";
  const aside = heat.elsewhere > 0 ? ` ${percent(heat.elsewhere)} went to a token of the whole picture.` : "";
  return `${name}: ${percent(onPictures)} of the attention went to the picture${others}${place}.${aside} ` +
    `${percent(1 - onPictures)} went to the text: ${text}.`;
}

/** A share as a reader reads it. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)}%`;
}

/**
 * Cells added up into fewer.
 *
 * @param heat What each cell got.
 * @param rows Rows at most.
 * @param columns Cells a row at most.
 * @returns Shares of the larger cells; a cell that lies in two of them is divided.
 */
export function coarse(
  heat: Heat,
  rows: number,
  columns: number,
): { rows: number; columns: number; cells: Float64Array } {
  const [high, wide] = [Math.min(rows, heat.rows), Math.min(columns, heat.columns)];
  const cells = new Float64Array(high * wide);
  for (let r = 0; r < heat.rows; r++) {
    for (const [row, tall] of parts(r, heat.rows, high)) {
      for (let c = 0; c < heat.columns; c++) {
        for (const [column, broad] of parts(c, heat.columns, wide)) {
          cells[row * wide + column]! += tall * broad * heat.cells[r * heat.columns + c]!;
        }
      }
    }
  }
  return { rows: high, columns: wide, cells };
}

/** Into which of `to` pieces the piece `i` of `from` falls, and with how much of it. */
function parts(i: number, from: number, to: number): [piece: number, share: number][] {
  const first = i * to / from, last = (i + 1) * to / from;
  const piece = Math.floor(first + 1e-9);
  const share = Math.min(1, (piece + 1 - first) / (last - first));
  return share > 1 - 1e-9 ? [[piece, 1]] : [[piece, share], [piece + 1, 1 - share]];
}
