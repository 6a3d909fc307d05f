/**
 * Token ids of a rendered conversation, and which of them overlap what is trained.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** A stretch of a text, in UTF-16 units: [from, to). */
export type Stretch = readonly [from: number, to: number];

/** A conversation as a template wrote it. */
export interface RenderedText {
  /** All of it. */
  text: string;
  /** Where special tokens are spelled that the template did not write: text like any other. */
  literal: ReadonlySet<number>;
  /** What is trained, in order. */
  trained: readonly Stretch[];
}

/** A token that is found in a text before anything else is. */
export interface AddedToken {
  /** How it is spelled. */
  content: string;
  /** Its id. */
  id: number;
  /** Whether it takes white space before it away. */
  lstrip?: boolean;
  /** Whether it takes white space after it away. */
  rstrip?: boolean;
  /** Whether it is one only between other things than letters and digits. */
  single_word?: boolean;
}

/** The tokens of a piece of text: ids, and where each ends, in units of the piece. */
export interface PieceTokens {
  /** Ids. */
  ids: readonly number[];
  /** Where each begins. */
  from: readonly number[];
  /** Where each ends. */
  to: readonly number[];
}

/** What encoding needs of a tokenizer. */
export interface StretchEncoder {
  /** Tokens that are found first. */
  added: readonly AddedToken[];
  /** What the normaliser makes of a text. */
  normalise(text: string): string;
  /** What the normaliser puts before a text. */
  prefix: string;
  /** Cuts a normalised text; `first`: it begins the conversation. */
  cut(normal: string, first: boolean): readonly string[];
  /** Whether pieces are spelled in bytes, one character each. */
  bytes: boolean;
  /** The tokens of a piece. */
  tokens(piece: string): PieceTokens;
}

const encoder = new TextEncoder();

/**
 * Encodes rendered conversations: added tokens first, the stretches between them as the tokenizer encodes text. A token is
 * trained that overlaps what is trained, as `transformers` has it.
 *
 * @param of The tokenizer's parts.
 * @returns What encodes.
 */
export function renderedEncoder(
  of: StretchEncoder,
): (rendered: RenderedText) => { ids: number[]; mask: number[] } {
  const byContent = new Map(of.added.map((token) => [token.content, token]));
  const spelled = of.added.map(({ content }) => content).filter((content) => content !== "");
  const pattern = spelled.sort((a, b) => b.length - a.length).map(escaped).join("|") || "(?!)";
  const find = new RegExp(pattern, "gu");

  return ({ text, literal, trained }) => {
    const ids: number[] = [], mask: number[] = [];
    const overlaps = (from: number, to: number) =>
      trained.some(([begin, end]) => from < end && to > begin) ? 1 : 0;
    const between = (from: number, to: number) => {
      if (to > from) stretch(of, text.slice(from, to), from, trained, ids, mask);
    };
    let done = find.lastIndex = 0;
    for (let match = find.exec(text); match !== null; match = find.exec(text)) {
      const token = byContent.get(match[0])!;
      const from = match.index, to = from + match[0].length;
      if (literal.has(from) || (token.single_word && !standsAlone(text, from, to))) continue;
      const start = token.lstrip ? done + text.slice(done, from).trimEnd().length : from;
      const end = token.rstrip ? to + /^\s*/.exec(text.slice(to))![0].length : to;
      between(done, start);
      ids.push(token.id);
      mask.push(overlaps(start, end));
      done = find.lastIndex = end;
    }
    between(done, text.length);
    return { ids, mask };
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function standsAlone(text: string, from: number, to: number): boolean {
  return !/[\p{L}\p{N}_]$/u.test(text.slice(0, from)) && !/^[\p{L}\p{N}_]/u.test(text.slice(to));
}

/** Encodes the text between two added tokens, which begins at `at`. */
function stretch(
  of: StretchEncoder,
  text: string,
  at: number,
  trained: readonly Stretch[],
  ids: number[],
  mask: number[],
): void {
  const normal = of.normalise(text);
  const pieces = of.cut(normal, at === 0);
  const own = trained.filter(([begin, end]) => begin < at + text.length && end > at);
  // Only where something is trained does it matter where tokens stand.
  const starts = own.length > 0 ? pieceStarts(of, normal, pieces) : undefined;
  const units = own.map(([begin, end]): Stretch => [
    unitAt(of, text, normal, starts!.shift, begin - at),
    unitAt(of, text, normal, starts!.shift, end - at),
  ]);
  pieces.forEach((piece, p) => {
    const tokens = of.tokens(piece);
    for (let i = 0; i < tokens.ids.length; i++) {
      ids.push(tokens.ids[i]!);
      if (starts === undefined) {
        mask.push(0);
        continue;
      }
      const from = starts.at[p]! + tokens.from[i]!, to = starts.at[p]! + tokens.to[i]!;
      mask.push(units.some(([begin, end]) => from < end && to > begin) ? 1 : 0);
    }
  });
}

/** Where an offset of a stretch lies among the units of its pieces. */
function unitAt(of: StretchEncoder, text: string, normal: string, shift: number, offset: number): number {
  if (offset < 0) return -1;
  if (offset >= text.length) return Infinity;
  const before = offset === 0 ? of.prefix : of.normalise(text.slice(0, offset));
  return shift + (of.bytes ? byteLength(common(before, normal)) : common(before, normal).length);
}

/** What two texts begin with. */
function common(a: string, b: string): string {
  if (b.startsWith(a)) return a;
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * Where pieces begin, in units: bytes of the normalised text where pieces are spelled in bytes, else UTF-16 units of it.
 * `shift`: units that the cutting put before the text.
 */
function pieceStarts(
  of: StretchEncoder,
  normal: string,
  pieces: readonly string[],
): { at: number[]; shift: number } {
  const unknown = () =>
    new InputError(
      "tokenizer.json: expected a pre-tokenizer that keeps the text as it is, found one after which the places of tokens " +
        "are not known; what is trained cannot be told from the rest",
    );
  const at: number[] = [];
  if (of.bytes) {
    let length = 0;
    for (const piece of pieces) {
      at.push(length);
      length += piece.length;
    }
    const shift = length - byteLength(normal);
    if (shift !== 0 && shift !== 1) throw unknown();
    return { at, shift };
  }
  // Pieces may leave white space out, spell it "▁", and have one more "▁" in front.
  const spaced = (text: string) => text.replaceAll("▁", " ");
  const shift = pieces.length > 0 && spaced(normal).startsWith(spaced(pieces[0]!))
    ? 0
    : pieces[0]?.startsWith("▁")
    ? 1
    : 0;
  const haystack = " ".repeat(shift) + spaced(normal);
  let from = 0;
  for (const piece of pieces) {
    const found = haystack.indexOf(spaced(piece), from);
    if (found < 0 || haystack.slice(from, found).trim() !== "") throw unknown();
    at.push(found);
    from = found + piece.length;
  }
  return { at, shift };
}

/**
 * Finds where the tokens of a piece stand.
 *
 * @param piece The piece.
 * @param tokens Its tokens as the vocabulary spells them.
 * @param spelling How unknown characters and the later tokens of a word are spelled.
 * @returns Where each begins and ends, in UTF-16 units of the piece.
 * @throws {InputError} If the tokens do not spell the piece.
 */
export function placesInPiece(
  piece: string,
  tokens: readonly string[],
  { unknown, continuing = "" }: { unknown: string | undefined; continuing?: string | undefined },
): { from: number[]; to: number[] } {
  const from: number[] = [], to: number[] = [];
  let at = 0, bytes: number[] = [], character = 0;
  for (const [i, token] of tokens.entries()) {
    let length = -1;
    const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
    if (bytes.length === 0 && piece.startsWith(token, at)) length = token.length;
    else if (bytes.length === 0 && i > 0 && continuing !== "" && token.startsWith(continuing)) {
      const rest = token.slice(continuing.length);
      if (piece.startsWith(rest, at)) length = rest.length;
    }
    if (length < 0 && byte !== null && at < piece.length) {
      // A character that has no token, in bytes: each stands where the character does.
      if (bytes.length === 0) {
        const whole = String.fromCodePoint(piece.codePointAt(at)!);
        character = whole.length;
        bytes = [...encoder.encode(whole)];
      }
      if (bytes.shift() === parseInt(byte[1]!, 16)) {
        from.push(at);
        to.push(at + character);
        if (bytes.length === 0) at += character;
        continue;
      }
    }
    if (length < 0 && token === unknown && at < piece.length) {
      length = tokens.length === 1 ? piece.length : String.fromCodePoint(piece.codePointAt(at)!).length;
    }
    if (length < 0) throw misplaced(piece, tokens);
    from.push(at);
    to.push(at += length);
  }
  if (at !== piece.length || bytes.length > 0) throw misplaced(piece, tokens);
  return { from, to };
}

function misplaced(piece: string, tokens: readonly string[]): InputError {
  return new InputError(
    `tokenizer.json: expected tokens that spell ${JSON.stringify(piece)}, found ${
      JSON.stringify(tokens)
    }; what is trained ` +
      "cannot be told from the rest",
  );
}
