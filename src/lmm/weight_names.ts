/** Which files of a folder hold the weights. @module */
import { memoryFile, type WeightFile } from "./weights.ts";
import { InputError } from "../errors.ts";

/** The weights in one file. */
export const WEIGHTS = "model.safetensors";

/** Which of several files holds which tensor. */
export const INDEX = "model.safetensors.index.json";

/**
 * The files that hold a model's weights: model.safetensors, or those that its index names.
 *
 * @param present Names of the files of the folder.
 * @param index Reads model.safetensors.index.json, which is asked for only where it is needed.
 * @returns Their names, each once, in the order of their names.
 * @throws {InputError} If there are none, the index cannot be used, or it names a file that is not in the folder.
 */
export async function weightNames(
  present: ReadonlySet<string>,
  index: () => Promise<string>,
): Promise<string[]> {
  if (present.has(WEIGHTS)) return [WEIGHTS];
  if (!present.has(INDEX)) throw new InputError(missing(present));
  let map: unknown;
  try {
    map = (JSON.parse(await index()) as { weight_map?: unknown } | null)?.weight_map;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`${INDEX}: expected JSON (${error.message.slice(0, 200)})`);
  }
  if (typeof map !== "object" || map === null || Array.isArray(map) || Object.keys(map).length === 0) {
    throw new InputError(`${INDEX}: expected weight_map, a file for every parameter; found none`);
  }
  const names = [...new Set(Object.values(map) as unknown[])];
  for (const name of names) {
    // Anything else may lead out of the folder.
    if (typeof name !== "string" || !/^[\w][\w.-]*\.safetensors$/.test(name)) {
      throw new InputError(
        `${INDEX}: expected names of safetensors files beside it, found ${
          JSON.stringify(name)?.slice(0, 200)
        }`,
      );
    }
    if (!present.has(name)) {
      throw new InputError(`${INDEX}: it names ${name}, which is missing; download all files of the model`);
    }
  }
  return (names as string[]).sort();
}

function missing(present: ReadonlySet<string>): string {
  const shards = [...present].filter((name) => name.endsWith(".safetensors")).sort();
  if (shards.length > 0) {
    return `expected ${WEIGHTS} or ${INDEX}, found ${shards.slice(0, 5).join(", ")}${
      shards.length > 5 ? ` and ${shards.length - 5} more` : ""
    } without an index`;
  }
  const torch = [...present].find((name) => /\.(bin|pt|pth|gguf)$/.test(name));
  return `expected ${WEIGHTS} in it, found none${
    torch === undefined ? "" : `; ${torch} is of another format: save the model with safetensors`
  }`;
}

/**
 * A checkpoint whose files are in memory.
 *
 * @param files Names and contents: config.json and weights.
 * @returns What `loadCheckpoint` takes.
 * @throws {InputError} If a file is missing.
 */
export async function memoryCheckpoint(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<{ config: string; weights: WeightFile[] }> {
  const text = (name: string) => new TextDecoder().decode(files.get(name));
  const present = [...files.keys()];
  if (!files.has("config.json")) {
    throw new InputError(`checkpoint: config.json is missing; found ${present.join(", ") || "nothing"}`);
  }
  // deno-lint-ignore require-await -- as folders do
  const names = await weightNames(new Set(present), async () => text(INDEX));
  return { config: text("config.json"), weights: names.map((name) => memoryFile(name, files.get(name)!)) };
}
