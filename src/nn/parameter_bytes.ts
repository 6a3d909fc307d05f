/** What parameters take on a device, before there is one. @module */
import { BLOCK, type ModuleSpec, type ParameterOptions } from "./parameters.ts";
import { elements } from "../autograd/tensor.ts";

/** Bytes of a model's parameters. */
export interface ParameterBytes {
  /** Values: in 32 bits, or where they are frozen in 16. */
  values: number;
  /** Values that can be trained; their gradients take as much, and so does each of an optimiser's moments. */
  trained: number;
  /** The largest piece that must lie in one buffer, and the names of what it holds. */
  largest: { bytes: number; names: string[] };
}

/**
 * Counts what `Parameters` will take.
 *
 * @param modules The modules.
 * @param options What can be trained, and how the rest is held.
 */
export function parameterBytes(
  modules: readonly ModuleSpec[],
  { trainable, storage = "f32" }: ParameterOptions = {},
): ParameterBytes {
  const trains = new Set(trainable ?? modules.map(({ name }) => name));
  const found: ParameterBytes = { values: 0, trained: 0, largest: { bytes: 0, names: [] } };
  for (const { name, bundles } of modules) {
    for (const bundle of bundles) {
      const size = bundle.reduce((sum, { shape }) => sum + elements(shape), 0);
      const half = storage === "f16" && !trains.has(name) && bundle[0]!.shape.length > 1;
      const bytes = half ? Math.ceil(size / 8) * 16 : Math.ceil(size / BLOCK) * BLOCK * 4;
      found.values += bytes;
      if (trains.has(name)) found.trained += bytes;
      if (bytes > found.largest.bytes) found.largest = { bytes, names: bundle.map(({ name }) => name) };
    }
  }
  return found;
}
