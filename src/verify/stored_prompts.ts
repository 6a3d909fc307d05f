/** prompts.json: conversations with the token ids, the trained tokens and the prompt that they must give. @module */
import { InputError } from "../errors.ts";
import { isIds, show } from "./case_facts.ts";

/** A part of a message: a picture's place, or text. */
export type StoredPart = { type: "image" } | { type: "text"; text: string };

/** What one side says. */
export interface StoredMessage {
  /** "system", "user" or "assistant". */
  role: string;
  /** Pictures and text, in order. */
  content: StoredPart[];
}

/** How a picture was cut: rows and columns of tiles; 0 × 0: it stayed whole. */
export interface StoredGrid {
  /** Rows of tiles. */
  rows: number;
  /** Tiles a row. */
  columns: number;
}

/** A conversation and what it becomes. */
export interface StoredPrompt {
  /** Who says what. */
  messages: StoredMessage[];
  /** Placeholders each picture takes, in order. */
  imageTokens: number[];
  /** Ways in which the pictures may have been cut; one, where the file says how. */
  grids: StoredGrid[][];
  /** The conversation's token ids, placeholders expanded. */
  ids: number[];
  /** 1 on trained tokens, 0 elsewhere; as long as `ids`. */
  mask: number[];
  /** Ids up to the last answer. */
  prompt: number[];
}

/**
 * Reads prompts.json.
 *
 * @param text What the file holds.
 * @param file Its name, for messages.
 * @param perTile Placeholders that a tile takes.
 * @returns Its conversations. Where `grids` is not given and a picture has several tiles, each way to lay them out in rows,
 * the squarest first; all pictures of a conversation with as many tiles are taken to be cut alike.
 * @throws {InputError} If it is not JSON, or a field is missing or of the wrong kind.
 */
export function parsePrompts(text: string, file: string, perTile: number): StoredPrompt[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected JSON, found: ${(error as Error).message}`);
  }
  if (!Array.isArray(json)) {
    throw new InputError(`${file}: expected a list of conversations, found ${show(json)}`);
  }
  return json.map((entry, at) => parsePrompt(entry, `${file}, conversation ${at}`, perTile));
}

function parsePrompt(entry: unknown, where: string, perTile: number): StoredPrompt {
  const { messages, imageTokens, grids, ids, mask, prompt } = (entry ?? {}) as Record<string, unknown>;
  const wrong = (field: string, expected: string, found: unknown) =>
    new InputError(`${where}: ${field}: expected ${expected}, found ${show(found)}`);
  if (!Array.isArray(messages) || !messages.every(isMessage)) {
    throw wrong("messages", 'a list of {role, content: [{type: "image"} or {type: "text", text}]}', messages);
  }
  const last = messages.at(-1)?.role;
  if (last !== "assistant") throw wrong("messages", "an answer at the end", last);
  if (!isIds(ids)) throw wrong("ids", "a list of token ids", ids);
  if (!isIds(mask) || mask.length !== ids.length || mask.some((x) => x > 1)) {
    throw wrong("mask", `${ids.length} values of 0 or 1, one a token`, mask);
  }
  if (!isIds(prompt)) throw wrong("prompt", "a list of token ids", prompt);
  const pictures = messages.flatMap(({ content }) => content.filter(({ type }) => type === "image")).length;
  const counts = typeof imageTokens === "number"
    ? new Array<number>(pictures).fill(imageTokens)
    : imageTokens;
  if (
    !isIds(counts) || counts.length !== pictures ||
    counts.some((count) => count === 0 || count % perTile !== 0)
  ) {
    throw wrong(
      "imageTokens",
      `placeholders of ${pictures} pictures, multiples of ${perTile}: a list, or one number for all`,
      imageTokens,
    );
  }
  const tiles = counts.map((count) => count / perTile);
  if (grids === undefined) return { messages, imageTokens: counts, grids: layouts(tiles), ids, mask, prompt };
  const fits = (grid: unknown, i: number) =>
    isIds(grid) && grid.length === 2 && tileCount({ rows: grid[0]!, columns: grid[1]! }) === tiles[i];
  if (!Array.isArray(grids) || grids.length !== pictures || !grids.every(fits)) {
    throw wrong("grids", `[rows, columns] of each picture, for ${tiles.join(", ") || "no"} tiles`, grids);
  }
  const given = (grids as [number, number][]).map(([rows, columns]) => ({ rows, columns }));
  return { messages, imageTokens: counts, grids: [given], ids, mask, prompt };
}

function isMessage(value: unknown): value is StoredMessage {
  const { role, content } = (value ?? {}) as Partial<StoredMessage>;
  return typeof role === "string" && Array.isArray(content) &&
    content.every((part) => part?.type === "image" || part?.type === "text" && typeof part.text === "string");
}

/** The tiles of a picture, the whole one among them. */
function tileCount({ rows, columns }: StoredGrid): number {
  return rows * columns === 0 ? 1 : rows * columns + 1;
}

/** Every way to lay tiles out, one grid a picture. */
function layouts(tiles: readonly number[]): StoredGrid[][] {
  let found: Map<number, StoredGrid>[] = [new Map()];
  for (const count of new Set(tiles)) {
    found = found.flatMap((given) => gridsOf(count).map((grid) => new Map([...given, [count, grid]])));
  }
  return found.map((given) => tiles.map((count) => given.get(count)!));
}

/** Grids of so many tiles, the squarest first. */
function gridsOf(tiles: number): StoredGrid[] {
  if (tiles === 1) return [{ rows: 0, columns: 0 }];
  const cut = tiles - 1;
  const sizes = Array.from({ length: cut }, (_, i) => i + 1).filter((rows) => cut % rows === 0);
  const grids = sizes.map((rows) => ({ rows, columns: cut / rows }));
  return grids.sort((a, b) => Math.abs(a.rows - a.columns) - Math.abs(b.rows - b.columns));
}
