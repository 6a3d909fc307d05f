/**
 * One sample of a LLaVA file.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import type { Turn } from "../types.ts";

/** What LLaVA writes where an image belongs in a human's text. */
export const IMAGE_PLACEHOLDER = "<image>";

/** A sample as its file has it: images not yet looked for, task not yet decided. */
export interface RawSample {
  /** Its `id`; `#7` for the eighth sample if it has none. */
  id: string;
  /** Its `task` field, if it has one. */
  task: string | undefined;
  /** Image paths as written, with `/`. */
  images: string[];
  /** Questions and answers. */
  turns: Turn[];
  /** Whether a placeholder stands in a later turn than the first. */
  lateImage: boolean;
}

/**
 * Reads one element of a LLaVA file: `{id, image?, task?, conversations: [{from: "human" | "gpt", value}]}`.
 * Placeholders are taken out of the questions; they are laid out before the first one.
 *
 * A gpt turn may have `references`, a list of all answers that are true: `value` is trained on, all are scored by.
 * `value` is put in front of them if it is not among them.
 *
 * @param value The element, parsed.
 * @param file The file, for messages.
 * @param index The element's place in the file, from 0.
 * @param line The line it begins on.
 * @param taskOf For messages: the task of a sample that names none, by its first image.
 * @returns The sample.
 * @throws {InputError} If it has another form, placeholders do not match its images, or an answer is empty.
 */
export function parseSample(
  value: unknown,
  file: string,
  index: number,
  line: number,
  taskOf?: (image: string | undefined) => string,
): RawSample {
  const record = asRecord(value);
  if (record === undefined) {
    throw new InputError(
      `${file}, line ${line}: expected a sample {id, image, conversations}, found ${show(value)}; remove it`,
    );
  }
  const id = typeof record.id === "string" || typeof record.id === "number" ? String(record.id) : `#${index}`;
  const task = typeof record.task === "string" && record.task !== "" ? record.task : undefined;
  const first: unknown = Array.isArray(record.image) ? record.image[0] : record.image;
  const named = task ?? taskOf?.(typeof first === "string" ? first : undefined);
  const where = `${file}, line ${line}, sample ${JSON.stringify(id)}${
    named === undefined ? "" : ` (task ${named})`
  }`;
  const wrong = (expected: string, found: unknown, todo: string): InputError =>
    new InputError(`${where}: expected ${expected}, found ${show(found)}; ${todo}`);

  const listed = record.image === undefined || record.image === null
    ? []
    : Array.isArray(record.image)
    ? record.image
    : [record.image];
  const images = listed.map((image: unknown) => {
    if (typeof image !== "string" || image === "") {
      throw wrong("image to be a path or a list of paths", image, "mend it");
    }
    if (/^[a-z]{2,}:\/\//i.test(image)) {
      throw wrong("an image file of this folder", image, "download it beside the JSON");
    }
    return image.replaceAll("\\", "/");
  });

  if (!Array.isArray(record.conversations) || record.conversations.length === 0) {
    throw wrong(
      "conversations to be a list of turns",
      record.conversations,
      "fill it in or remove the sample",
    );
  }
  const messages = record.conversations.map((message: unknown, m) => {
    const entry = asRecord(message);
    const due = m % 2 === 0 ? "human" : "gpt";
    if (entry?.from !== due) {
      throw wrong(
        `turn ${m + 1} of conversations to be from "${due}"`,
        entry?.from,
        'let "human" and "gpt" alternate',
      );
    }
    if (typeof entry.value !== "string") {
      throw wrong(`turn ${m + 1} to have a text as value`, entry.value, "fill it in");
    }
    return { text: entry.value, template: entry.template, references: entry.references };
  });
  if (messages.length % 2 === 1) {
    throw wrong('the last turn to be from "gpt"', "human", "add its answer or remove the question");
  }

  const turns: Turn[] = [];
  let placeholders = 0, lateImage = false;
  for (let m = 0; m < messages.length; m += 2) {
    const [human, gpt] = [messages[m]!, messages[m + 1]!];
    const parts = human.text.split(IMAGE_PLACEHOLDER);
    placeholders += parts.length - 1;
    lateImage ||= m > 0 && parts.length > 1;
    if (gpt.text.includes(IMAGE_PLACEHOLDER)) {
      throw wrong(`${IMAGE_PLACEHOLDER} in human turns only`, gpt.text, `take it out of turn ${m + 2}`);
    }
    const answer = gpt.text.trim();
    if (answer === "") {
      throw wrong(`an answer in turn ${m + 2}`, gpt.text, "fill it in or remove the two turns");
    }
    const template = gpt.template ?? human.template;
    const listed: unknown = gpt.references ?? [];
    if (human.references !== undefined) {
      throw wrong("references in gpt turns only", human.references, `move them to turn ${m + 2}`);
    }
    if (!Array.isArray(listed) || !listed.every((text) => typeof text === "string" && text.trim() !== "")) {
      throw wrong(
        `references of turn ${m + 2} to be a list of texts`,
        listed,
        "mend it, or leave it out where the value is the only true answer",
      );
    }
    const references = listed.map((text: string) => text.trim());
    if (!references.includes(answer)) references.unshift(answer);
    turns.push({
      question: parts.map((part) => part.trim()).filter((part) => part !== "").join(" "),
      answer,
      ...(references.length > 1 ? { references } : {}),
      ...(typeof template === "string" ? { template } : {}),
    });
  }
  if (placeholders !== images.length) {
    throw new InputError(
      `${where}: expected as many ${IMAGE_PLACEHOLDER} in the human turns as images, found ${placeholders} for ` +
        `${images.length} ${images.length === 1 ? "image" : "images"}; write one for each image`,
    );
  }
  return { id, task, images, turns, lateImage };
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : undefined;
}

/** A value for a message, short. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
