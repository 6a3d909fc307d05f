/** LoRA adapters on the disk: PEFT's folders, and where their base lies. @module */

import { isAbsolute, join } from "@std/path";
import { InputError } from "../errors.ts";
import type { AdapterFiles } from "../lmm/checkpoint.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, parseAdapterConfig } from "../lmm/lora/adapter_config.ts";
import { exists, readIfThere } from "../run/files.ts";
import { weightFile } from "./weight_files.ts";

/** The weights of an adapter as PEFT's older versions wrote them. */
const PICKLED = "adapter_model.bin";

/** The adapters right inside a folder: PEFT gives each that is not called "default" a folder of its own. */
export async function adaptersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  if (!(await exists(folder))) return found;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && await exists(join(folder, name, ADAPTER_CONFIG))) found.push(join(folder, name));
  }
  return found.sort();
}

/**
 * Opens a LoRA adapter.
 *
 * @param folder A folder.
 * @param base The folder of its base; the one that adapter_config.json names, if left out: seen from where one stands, or
 * from the adapter's own folder.
 * @param whole Whether the folder may hold a whole checkpoint though a base is given.
 * @returns Its files, and the folder of its base; undefined where the folder holds no adapter.
 * @throws {InputError} If the adapter cannot be used, or its base is not found.
 */
export async function readAdapter(
  folder: string,
  base: string | undefined,
  whole = false,
): Promise<(AdapterFiles & { base: string }) | undefined> {
  const bytes = await readIfThere(join(folder, ADAPTER_CONFIG));
  if (bytes === undefined) {
    if (base === undefined || whole) return undefined;
    throw new InputError(`--base: expected with a LoRA adapter, found no ${ADAPTER_CONFIG} in ${folder}`);
  }
  const config = new TextDecoder().decode(bytes);
  let named: string | undefined;
  try {
    named = parseAdapterConfig(config).base;
  } catch (error) {
    throw error instanceof InputError ? new InputError(`adapter ${folder}: ${error.message}`) : error;
  }
  if (!(await exists(join(folder, ADAPTER_WEIGHTS))) && await exists(join(folder, PICKLED))) {
    throw new InputError(
      `adapter ${folder}: expected ${ADAPTER_WEIGHTS}, found ${PICKLED} alone, which is pickled and not read. ` +
        "Save it anew by PEFT, whose save_pretrained writes safetensors",
    );
  }
  const weights = await weightFile(join(folder, ADAPTER_WEIGHTS), `${folder}/${ADAPTER_WEIGHTS}`);
  const candidates = base !== undefined
    ? [base]
    : named === undefined
    ? []
    : [named, ...isAbsolute(named) ? [] : [join(folder, named)]];
  for (const candidate of candidates) {
    if (await exists(join(candidate, "config.json"))) return { config, weights, base: candidate };
  }
  throw new InputError(
    `adapter ${folder}: expected its base checkpoint, found no folder with a config.json at ` +
      `${candidates.join(" or ") || "any place: its file names none"}. ` +
      "Say where it lies, with --base FOLDER",
  );
}
