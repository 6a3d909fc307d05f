/**
 * Whether what is asked for fits the machine, said before any data is read.
 *
 * @module
 */

import { InputError } from "../errors.ts";
import type { LoraOptions } from "../lmm/lora/lora_options.ts";
import { loraOf } from "../lmm/trainer/settings.ts";
import type { ModuleName } from "../lmm/layout.ts";
import type { MemoryNeed, MemoryPlan } from "../lmm/memory_need.ts";
import type { CheckpointFiles } from "./checkpoint_files.ts";
import type { Engine } from "./engine.ts";

/** What a machine has. */
export interface Machine {
  /** Bytes of memory that programs may still take; undefined where nobody tells. */
  available: number | undefined;
  /** Whether what is on the device lies in that memory as well. */
  shared: boolean;
}

/** What answering questions takes: some thousand rows of prompts, and what is kept of eight times as many. */
export const ANSWERING: Pick<MemoryPlan, "rows" | "logits" | "tiles" | "cached"> = {
  rows: 2048,
  logits: 64,
  tiles: 16,
  cached: 16_384,
};

/** The rank that is named where LoRA would fit. */
const LORA_RANK = 16;

/** Needs below this are not worth a word. */
export const WORTH_SAYING = 1e9;

/**
 * The memory of this machine, as far as it is known.
 *
 * @param engine Says whether the device is the CPU. WebGPU does not tell how much memory a graphics card has.
 */
export function thisMachine({ adapter }: Pick<Engine, "adapter">): Machine {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  const available = state === "granted" ? Deno.systemMemoryInfo().available : undefined;
  return { available, shared: adapter.isFallbackAdapter };
}

/**
 * Says what work with a model needs, and refuses what cannot fit: its parameters alone, with gradients and moments, are
 * counted for that; results are an estimate for the longest sequences.
 *
 * @param needOf What a plan needs; undefined where that is not known.
 * @param plan The work.
 * @param machine What there is.
 * @param lora Low-rank matrices that may be named as what would fit, of rank {@linkcode LORA_RANK}.
 * @returns A sentence; undefined where the need is small or unknown.
 * @throws {InputError} If it cannot fit: says what would.
 */
export function checkMemory(
  needOf: (plan: MemoryPlan) => (MemoryNeed & { largestBuffer: number }) | undefined,
  plan: MemoryPlan,
  { available, shared }: Machine,
  lora?: LoraOptions,
): string | undefined {
  const need = needOf(plan);
  if (need === undefined) return undefined;
  const certain = (of: MemoryNeed) => (shared ? of.parameters + of.training : 0) + of.host;
  const fits = (of: MemoryNeed & { largestBuffer: number }) =>
    of.largest.bytes <= of.largestBuffer && (available === undefined || certain(of) <= available);
  const what =
    `the model needs ${size(need.device)} on the device (${size(need.parameters)} for parameters, ` +
    `${need.training > 0 ? `${size(need.training)} for gradients and moments, ` : ""}up to ${
      size(need.results)
    } for results) and ${size(need.host)} here`;
  if (!fits(need)) {
    const limit = need.largest.bytes > need.largestBuffer
      ? `${need.largest.names.join(" + ")} takes ${
        size(need.largest.bytes)
      }, and the adapter's buffers end at ` +
        size(need.largestBuffer)
      : `this machine has ${size(available!)} left`;
    const ways = otherWays(plan, lora).filter(({ plan }) => fits(needOf(plan)!));
    throw new InputError(
      `${what}, but ${limit}. ${
        ways.length === 0
          ? "No setting makes it fit: choose a smaller model, or another machine"
          : `What would fit: ${
            ways.map(({ flags, plan }) => `${flags} (${size(needOf(plan)!.device)})`).join(", or ")
          }`
      }`,
    );
  }
  if (need.device + need.host < WORTH_SAYING) return undefined;
  const all = (shared ? need.device : 0) + need.host;
  const tight = available !== undefined && all > available
    ? `; with the longest sequences that is more than the ${
      size(available)
    } that are left: a smaller --batch or ` +
      "--max-tokens takes less"
    : available !== undefined && shared
    ? `; ${size(available)} are left`
    : "";
  return `${what}${tight}`;
}

/**
 * The same for a checkpoint's model on an engine, here and now.
 *
 * @param engine Where the model is to run.
 * @param checkpoint The model.
 * @param plan The work.
 * @param machine What there is; this machine if left out.
 * @returns A sentence; undefined where the need is small or unknown.
 * @throws {InputError} If config.json cannot be used, or the work cannot fit: names the folder.
 */
export function memoryNote(
  engine: Engine,
  { folder, config }: Pick<CheckpointFiles, "folder" | "config">,
  plan: MemoryPlan,
  machine: Machine = thisMachine(engine),
): string | undefined {
  try {
    const lora = plan.trainable.length > 0 ? loraOf({ loraRank: LORA_RANK }, config, 0) : undefined;
    return checkMemory((plan) => engine.need(config, plan), plan, machine, lora);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`checkpoint ${folder}: ${error.message}`) : error;
  }
}

/** Settings that take less, from the one that changes least. */
function otherWays(plan: MemoryPlan, lora: LoraOptions | undefined): { flags: string; plan: MemoryPlan }[] {
  const ways: { flags: string; plan: MemoryPlan }[] = [];
  const half = plan.storage === "f16" ? [] : ["f16" as const];
  if (plan.trainable.length < 3) {
    for (const storage of half) ways.push({ flags: "--storage f16", plan: { ...plan, storage } });
  }
  if (lora !== undefined && plan.lora === undefined && plan.trainable.includes("language")) {
    for (const storage of [plan.storage, ...half]) {
      const flags = `--lora ${LORA_RANK}${
        storage === "f16" && plan.storage === "f32" ? " --storage f16" : ""
      }`;
      ways.push({ flags, plan: { ...plan, lora, storage } });
    }
  }
  const kept: ModuleName[][] = [["projector", "language"], ["projector"]];
  for (const trainable of kept) {
    if (
      plan.trainable.length <= trainable.length || !trainable.every((name) => plan.trainable.includes(name))
    ) continue;
    const frozen = ["vision", "projector", "language"].filter((name) =>
      !(trainable as string[]).includes(name)
    );
    for (const storage of [plan.storage, ...half]) {
      const flags = `--freeze ${frozen.join(",")}${storage === "f16" ? " --storage f16" : ""}`;
      ways.push({ flags, plan: { ...plan, trainable, storage } });
    }
  }
  return ways;
}

/** Bytes in words. */
export function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
