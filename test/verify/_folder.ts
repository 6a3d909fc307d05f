// A copy of a stored case that a test may damage.

import { join } from "@std/path";
import { type NamedTensor, readSafetensors, writeSafetensors } from "../../src/lmm/safetensors.ts";
import { fixture } from "../lmm/_case.ts";

/** A copy of a fixture's folder, gone after its use. */
export async function withCopy(name: string, use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await copy(fixture(name), folder);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function copy(from: string, to: string) {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (!isDirectory) await Deno.copyFile(join(from, name), join(to, name));
    else {
      await Deno.mkdir(join(to, name));
      await copy(join(from, name), join(to, name));
    }
  }
}

/** Changes the tensors of a file. */
export async function changeTensors(path: string, change: (tensors: Map<string, NamedTensor>) => void) {
  const tensors = readSafetensors(await Deno.readFile(path), path);
  change(tensors);
  await Deno.writeFile(path, writeSafetensors(tensors));
}

/** Changes what a JSON file holds. */
// deno-lint-ignore no-explicit-any -- tests break it at will
export async function changeJson(path: string, change: (value: any) => void) {
  const value = JSON.parse(await Deno.readTextFile(path));
  change(value);
  await Deno.writeTextFile(path, JSON.stringify(value));
}
