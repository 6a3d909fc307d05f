/**
 * One sample of a file of conversations.
 *
 * @module
 */

import type { Turn } from "../types.ts";
import { SampleError } from "./bad_samples.ts";
import { IMAGE_PLACEHOLDER } from "./forms/content.ts";
import { asFields, type Message, type PictureReference, type Piece, type Wrong } from "./forms/form.ts";
import { FORMS } from "./forms/forms.ts";
import { firstPath, readPictures } from "./forms/pictures.ts";

/** A sample as its file has it: images not yet looked for, task not yet decided. */
export interface RawSample {
  /** Its `id`; `#7` for the eighth sample if it has none. */
  id: string;
  /** Its `task` field, if it has one. */
  task: string | undefined;
  /** Image paths as written, with `/`, or their files' bytes. */
  images: PictureReference[];
  /** What the system says. */
  system?: string;
  /** Questions and answers. */
  turns: Turn[];
  /** Whether the text has no placeholders for the images: they stand in front. */
  imagesInFront: boolean;
  /** Whether it began with an answer to no question, which was left out. */
  answerInFront: boolean;
}

/** Where a sample stands. */
export interface SamplePlace {
  /** The file, for messages. */
  file: string;
  /** The sample's place in the file, from 0. */
  index: number;
  /** The line it begins on; undefined in files without lines. */
  line?: number;
  /** For messages: the task of a sample that names none, by its first image. */
  taskOf?: (image: string | undefined) => string;
}

/**
 * Reads one sample, in whichever of the known forms it is ({@linkcode FORMS}). Placeholders are taken out of the
 * questions; where they stood is in `places`, unless all images stand in front of the first question.
 *
 * An answer may have `references`, a list of all answers that are true: it is trained on, all are scored by. It is
 * put in front of them if it is not among them.
 *
 * @param value The sample, parsed.
 * @param place Where it stands.
 * @returns The sample.
 * @throws {SampleError} If it has another form, placeholders do not match its images, or an answer is empty.
 */
export function parseSample(value: unknown, { file, index, line, taskOf }: SamplePlace): RawSample {
  const fields = asFields(value);
  const at = `${file}${line === undefined ? "" : `, line ${line}`}`;
  if (fields === undefined) {
    throw new SampleError(
      `${at}: expected a sample {id, image, conversations}, found ${show(value)}; remove it`,
      "of another form",
    );
  }
  const id = typeof fields.id === "string" || typeof fields.id === "number" ? String(fields.id) : `#${index}`;
  const task = typeof fields.task === "string" && fields.task !== "" ? fields.task : undefined;
  const named = task ?? taskOf?.(firstPath(fields));
  const where = `${at}, sample ${JSON.stringify(id)}${named === undefined ? "" : ` (task ${named})`}`;
  const wrong: Wrong = (expected, found, todo, fault = "of another form") =>
    new SampleError(`${where}: expected ${expected}, found ${show(found)}; ${todo}`, fault);

  const beside = readPictures(fields, wrong);
  const form = FORMS.find((form) => form.fits(fields));
  if (form === undefined) {
    const keys = Object.keys(fields).join(", ");
    throw wrong(
      "conversations to be a list of turns, or messages, or fields such as question and answer",
      fields.conversations ?? (keys === "" ? undefined : new Words(`the fields ${keys}`)),
      "fill it in or remove the sample",
    );
  }
  const messages = form.read(fields, wrong);
  const { system, said, answerInFront } = sides(messages, form, wrong);

  const unnamed = said.flatMap(({ pieces }) => pieces).filter(isUnnamed).length;
  const inside = said.flatMap(({ pieces }) => pieces.flatMap((piece) => namedImage(piece) ?? []));
  // A list of the very pictures that stand in the text adds nothing.
  const again = unnamed === 0 && inside.length === beside.length && inside.length > 0 &&
    inside.every((image, i) => image === beside[i]);
  const given = again ? [] : beside;
  const imagesInFront = unnamed === 0 && inside.length === 0 && given.length > 0;
  if (unnamed !== given.length && !imagesInFront) {
    throw new SampleError(
      `${where}: expected as many ${IMAGE_PLACEHOLDER} in the ${form.words.user} turns as images, found ` +
        `${unnamed} for ${given.length} ${given.length === 1 ? "image" : "images"}; write one for each image`,
      "whose placeholders do not match their images",
    );
  }
  let next = 0;
  const images = imagesInFront
    ? given
    : said.flatMap(({ pieces }) =>
      pieces.flatMap((piece) => isUnnamed(piece) ? given[next++]! : namedImage(piece) ?? [])
    );

  const turns = said.flatMap((message, m): Turn[] => {
    if (message.role === "assistant") return [];
    return [turnOf(message, said[m + 1]!, messages.indexOf(said[m + 1]!) + 1, form.words.assistant, wrong)];
  });
  const [first, ...later] = turns;
  if (first?.places?.every((at) => at === 0) && later.every(({ places }) => places === undefined)) {
    // Not deleted from it: objects that lose a field take several times the memory.
    const { places: _, ...rest } = first;
    turns[0] = rest;
  }
  return { id, task, images, ...(system && { system }), turns, imagesInFront, answerInFront };
}

/** What the system says, and what the two sides say in turn. */
function sides(
  messages: readonly Message[],
  { list, words }: { list: string; words: Readonly<Record<"user" | "assistant", string>> },
  wrong: Wrong,
): { system: string; said: Message[]; answerInFront: boolean } {
  const first = messages.findIndex(({ role }) => role !== "system");
  const leading = first < 0 ? messages : messages.slice(0, first);
  const texts = leading.map(({ pieces }) => textOf(pieces, "the system's turn", "text only", wrong).trim());
  const answerInFront = first >= 0 && messages[first]!.role === "assistant";
  const start = first < 0 ? messages.length : answerInFront ? first + 1 : first;
  const said = messages.slice(start);
  said.forEach(({ role }, m) => {
    const due = m % 2 === 0 ? "user" : "assistant";
    if (role === due) return;
    throw wrong(
      `turn ${start + m + 1} of ${list} to be from "${words[due]}"`,
      role === "system" ? role : words[role],
      role === "system"
        ? "put what the system says before the first turn"
        : `let "${words.user}" and "${words.assistant}" alternate`,
    );
  });
  if (said.length === 0) {
    throw wrong("a question and its answer", new Words("none"), "add them or remove the sample");
  }
  if (said.length % 2 === 1) {
    throw wrong(
      `the last turn to be from "${words.assistant}"`,
      words.user,
      "add its answer or remove the question",
      "without an answer",
    );
  }
  return { system: texts.filter((text) => text !== "").join("\n"), said, answerInFront };
}

/** A question and its answer. */
function turnOf(asked: Message, given: Message, number: number, answerer: string, wrong: Wrong): Turn {
  const text = textOf(given.pieces, `turn ${number}`, "an answer of text only", wrong);
  if (text.includes(IMAGE_PLACEHOLDER)) {
    throw wrong(
      `${IMAGE_PLACEHOLDER} in ${answerer === "gpt" ? "human" : "user"} turns only`,
      text,
      `take it out of turn ${number}`,
      "whose placeholders do not match their images",
    );
  }
  const answer = text.trim();
  if (answer === "") {
    throw wrong(
      `an answer in turn ${number}`,
      text,
      "fill it in or remove the two turns",
      "without an answer",
    );
  }
  if (asked.references !== undefined) {
    throw wrong(`references in ${answerer} turns only`, asked.references, `move them to turn ${number}`);
  }
  const listed: unknown = given.references ?? [];
  if (!Array.isArray(listed) || !listed.every((text) => typeof text === "string" && text.trim() !== "")) {
    throw wrong(
      `references of turn ${number} to be a list of texts`,
      listed,
      "mend it, or leave it out where the value is the only true answer",
    );
  }
  const references = listed.map((text: string) => text.trim());
  if (!references.includes(answer)) references.unshift(answer);
  const template = given.template ?? asked.template;
  const { question, places } = layOut(asked.pieces);
  return {
    question,
    ...(places.length > 0 ? { places } : {}),
    answer,
    ...(references.length > 1 ? { references } : {}),
    ...(typeof template === "string" ? { template } : {}),
  };
}

/**
 * The text of a question and where its images stand. White space at both ends is dropped, and what parts the text from
 * images in front of it, LLaVA's line feed; all else is the text's own.
 */
function layOut(pieces: readonly Piece[]): { question: string; places: number[] } {
  const kept = [...pieces];
  for (const [i, piece] of kept.entries()) {
    if (typeof piece !== "string") continue;
    kept[i] = piece.trimStart();
    if (kept[i] !== "") break;
  }
  const last = kept.at(-1);
  if (typeof last === "string") kept[kept.length - 1] = last.trimEnd();
  let question = "";
  const places: number[] = [];
  for (const piece of kept) {
    if (typeof piece === "string") question += piece;
    else places.push(question.length);
  }
  return { question, places };
}

/** What is said where no image may stand. */
function textOf(pieces: readonly Piece[], turn: string, expected: string, wrong: Wrong): string {
  return pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    throw wrong(`${turn} to be ${expected}`, new Words("an image"), "move the image to a question");
  }).join("");
}

function isUnnamed(piece: Piece): boolean {
  return typeof piece !== "string" && piece.image === undefined;
}

function namedImage(piece: Piece): PictureReference | undefined {
  return typeof piece === "string" ? undefined : piece.image;
}

/** Words of one's own in place of a value. */
class Words {
  constructor(readonly text: string) {}
}

/** A value for a message, short. */
function show(value: unknown): string {
  if (value instanceof Words) return value.text.length > 120 ? `${value.text.slice(0, 117)}...` : value.text;
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
