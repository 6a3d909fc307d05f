/** A model's modules with those of LoRA beside them. @module */
import type { LoraOptions } from "./lora_options.ts";
import type { ModuleName } from "../layout.ts";
import { LORA, type LoraPlan, planLora } from "../../nn/lora.ts";
import type { ModuleSpec } from "../../nn/parameters.ts";

/** Modules, and what may be trained of them. */
export interface AddedModules {
  /** The low-rank matrices; undefined where nothing is added. */
  plan: LoraPlan | undefined;
  /** The modules of which matrices are added to. */
  addedTo: ReadonlySet<ModuleName>;
  /** All modules, the low-rank one last. */
  modules: ModuleSpec[];
  /** Those that can be trained: none that is added to, and the low-rank one. */
  trainable: string[];
}

/**
 * Adds LoRA's module to a model's.
 *
 * @param modules The model's.
 * @param options What is added; which of the modules shall be trained, all if left out.
 */
export function addedModules(
  modules: readonly (ModuleSpec & { name: ModuleName })[],
  { lora, trainable }: { lora?: LoraOptions | undefined; trainable?: Iterable<ModuleName> | undefined },
): AddedModules {
  const plan = lora && planLora(modules, lora.choose);
  const added = [...plan?.sites.keys() ?? []];
  const addedTo = new Set(modules.flatMap((module) => {
    const own = new Set(module.bundles.flat().map(({ name }) => name));
    return added.some((name) => own.has(name)) ? [module.name] : [];
  }));
  const asked = [...trainable ?? modules.map(({ name }) => name)];
  const whole: string[] = asked.filter((name) => !addedTo.has(name));
  return {
    plan,
    addedTo,
    modules: plan ? [...modules, plan.module] : [...modules],
    trainable: plan ? [...whole, LORA] : whole,
  };
}
