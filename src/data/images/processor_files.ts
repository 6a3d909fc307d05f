/**
 * The two files that may hold a processor's settings, read and written again.
 *
 * @module
 */

import { InputError } from "../../errors.ts";

/** Holds the settings themselves. */
const OWN = "preprocessor_config.json";
/** Holds them as `image_processor`, beside those of the whole processor; transformers 5 writes no other. */
const NESTED = "processor_config.json";

/** Names of the files that may hold a processor's settings. */
export const PROCESSOR_FILES: readonly string[] = [OWN, NESTED];

/** Settings as they were found. */
export interface ProcessorSource {
  /** Names the place in messages. */
  file: string;
  /** The settings. */
  settings: Record<string, unknown>;
  /** The files again, with fields set to other values; the same bytes where nothing is new. */
  save(changes: Readonly<Record<string, unknown>>): Map<string, Uint8Array>;
}

/**
 * Finds the settings: processor_config.json's `image_processor` counts, else preprocessor_config.json.
 *
 * @param files Files of a checkpoint.
 * @returns The settings and how to save them.
 * @throws {InputError} If there are none, or a file is no JSON object.
 */
export function processorFiles(files: ReadonlyMap<string, Uint8Array>): ProcessorSource {
  const parsed = new Map(
    PROCESSOR_FILES.filter((name) => files.has(name)).map((name) => [name, parse(name, files.get(name)!)]),
  );
  const inner = parsed.get(NESTED)?.image_processor ?? undefined;
  if (inner !== undefined && !isObject(inner)) {
    throw new InputError(
      `${NESTED}: expected image_processor to be an object, found ${JSON.stringify(inner)}`,
    );
  }
  const settings = inner ?? parsed.get(OWN);
  if (settings === undefined) {
    throw new InputError(
      `expected ${OWN}, or ${NESTED} with an image_processor, found ${
        parsed.has(NESTED) ? `a ${NESTED} without one` : "neither"
      }. Bring back the files that were saved with the model`,
    );
  }
  return {
    file: inner === undefined ? OWN : `${NESTED}, image_processor`,
    settings,
    save: (changes) =>
      new Map([...parsed].map(([name, json]) => {
        const own = name === OWN ? json : inner;
        const news = Object.entries(changes).some(([key, value]) => own !== undefined && own[key] !== value);
        if (!news) return [name, files.get(name)!];
        const changed = name === OWN
          ? { ...json, ...changes }
          : { ...json, image_processor: { ...own, ...changes } };
        return [name, new TextEncoder().encode(JSON.stringify(changed, null, 2) + "\n")];
      })),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(name: string, bytes: Uint8Array): Record<string, unknown> {
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
