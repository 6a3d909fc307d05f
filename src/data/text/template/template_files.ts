/**
 * Where a folder keeps its chat template, and the special tokens that templates name.
 *
 * @module
 */

import { InputError } from "../../../errors.ts";

/** A template as it was found. */
export interface TemplateFile {
  /** The file, and the field in it where there is one. */
  place: string;
  /** The template. */
  text: string;
}

/** The one template that `transformers` takes, and the others that a folder holds beside it. */
export interface FoundTemplates {
  /** The one that counts. */
  template: TemplateFile;
  /** Those that say something else and are not heeded. */
  others: TemplateFile[];
}

type Files = ReadonlyMap<string, Uint8Array>;

const PROCESSOR = "processor_config.json";
const TOKENIZER = "tokenizer_config.json";

/**
 * Finds the chat template of a folder. In the order of transformers 5 (seen in 5.24): processor_config.json's,
 * chat_template.json's, chat_template.jinja, tokenizer_config.json's.
 *
 * @param files The folder's files.
 * @returns The template; undefined if there is none.
 * @throws {InputError} If a file cannot be read, or its templates have names and none is called "default".
 */
export function findTemplate(files: Files): FoundTemplates | undefined {
  const found: TemplateFile[] = [];
  const add = (place: string, value: unknown) => {
    if (value === undefined || value === null) return;
    const text = named(place, value);
    if (text !== undefined) found.push({ place, text });
  };
  add(`${PROCESSOR}, chat_template`, object(files, PROCESSOR)?.chat_template);
  add("chat_template.json", object(files, "chat_template.json")?.chat_template);
  const plain = files.get("chat_template.jinja");
  if (plain !== undefined) add("chat_template.jinja", new TextDecoder().decode(plain));
  add(`${TOKENIZER}, chat_template`, object(files, TOKENIZER)?.chat_template);
  const [template, ...rest] = found;
  if (template === undefined) return undefined;
  return { template, others: rest.filter(({ text }) => text.trimEnd() !== template.text.trimEnd()) };
}

/** A template, or the one called "default" of a list or dictionary of named ones. */
function named(place: string, value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const all = Array.isArray(value)
    ? new Map(value.map((entry) => [entry?.name, entry?.template]))
    : new Map(Object.entries(value as object));
  const chosen = all.get("default");
  if (typeof chosen === "string") return chosen;
  throw new InputError(
    `${place}: expected a template, or several with one called "default", found ${
      all.size === 0 ? JSON.stringify(value) : [...all.keys()].join(", ")
    }. Put the one to use into chat_template.jinja and take this field out`,
  );
}

/**
 * The special tokens that tokenizer_config.json names: `bos_token`, `eos_token` and so on.
 *
 * @param files The folder's files.
 * @returns Their spellings by name.
 * @throws {InputError} If the file is no JSON object.
 */
export function namedTokens(files: Files): Map<string, string> {
  const config = object(files, TOKENIZER) ?? {};
  const extra = config.extra_special_tokens;
  const all = { ...(isObject(extra) ? extra : {}), ...config };
  const tokens = new Map<string, string>();
  for (const [name, value] of Object.entries(all)) {
    const text = isObject(value) ? value.content : value;
    if (name.endsWith("_token") && typeof text === "string") tokens.set(name, text);
  }
  return tokens;
}

/**
 * The token that stands for an image, as the processor's files spell it.
 *
 * @param files The folder's files.
 * @returns Its spelling; `<image>` where they say nothing.
 * @throws {InputError} If a file is no JSON object.
 */
export function imageTokenOf(files: Files): string {
  const own = object(files, PROCESSOR)?.image_token;
  const text = isObject(own) ? own.content : own;
  return typeof text === "string" ? text : namedTokens(files).get("image_token") ?? "<image>";
}

function object(files: Files, name: string): Record<string, unknown> | undefined {
  const bytes = files.get(name);
  if (bytes === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(`${name}: expected JSON, found ${(error as Error).message}`);
  }
  if (isObject(value)) return value;
  throw new InputError(
    `${name}: expected an object, found ${Array.isArray(value) ? "a list" : String(value)}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
