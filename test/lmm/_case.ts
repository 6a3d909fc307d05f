// The stored results of PyTorch in test/fixtures, which make_models.py and make_chat.py there write.

import { fromFileUrl } from "@std/path";
import { assert } from "@std/assert";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { readStoredCase, type StoredCase } from "../../src/verify/stored_case.ts";

export { forwardLogits as forward } from "../../src/lmm/logits.ts";
export { distance, norm } from "../../src/lmm/distance.ts";
export { loadCase, trainerSettings } from "../../src/verify/verify_model.ts";

/** A stored case and its folder's name. */
export interface Case extends StoredCase {
  name: string;
}

/** Folders in test/fixtures: a model and its results. */
export const CASES = ["llava", "llava_tied", "llava_siglip", "llava_layers", "idefics3", "smolvlm"] as const;

/** Folders with tokenizer, template and processor as well. */
export const CHATS = ["chat_idefics3", "chat_smolvlm", "chat_qwen", "chat_llava", "chat_mistral"] as const;

/** A folder of test/fixtures. */
export function fixture(name: string): string {
  return fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Reads a stored case. */
export async function readCase(name: string): Promise<Case> {
  return { name, ...await readStoredCase(fixture(name)) };
}

/** A stored tensor's values. */
export function stored(of: Case, name: string): Float32Array {
  const tensor = of.tensors.get(name);
  assert(tensor, `${of.name}: no tensor ${name}`);
  return tensor.values;
}

/** Fills the memory of intermediate results with NaN: what is read before it is written shows. */
export function poisonArena(gpu: Gpu) {
  const arena = gpu.arena(1 << 23);
  gpu.device.queue.writeBuffer(arena, 0, new Uint32Array(arena.size / 4).fill(0x7fc00000));
}
