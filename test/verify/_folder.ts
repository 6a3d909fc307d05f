// A copy of a stored case that a test may damage.

import { join } from "@std/path";
import { type NamedTensor, readSafetensors, writeSafetensors } from "../../src/lmm/safetensors.ts";
import type { CaseFacts } from "../../src/verify/case_facts.ts";
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

/** Changes what a case.json holds. */
export async function changeFacts(folder: string, change: (facts: CaseFacts) => void) {
  const path = join(folder, "case.json");
  const facts = JSON.parse(await Deno.readTextFile(path));
  change(facts);
  await Deno.writeTextFile(path, JSON.stringify(facts));
}
