/** What parameters take on a device, before there is one. @module */
import { layOut, type ModuleSpec } from "./parameter_layout.ts";
import type { ParameterOptions } from "./parameters.ts";

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
  for (const { module, shape, places, start, end } of layOut(modules).bundles) {
    const half = storage === "f16" && !trains.has(module) && shape.length > 1;
    const size = places.reduce((sum, { size }) => sum + size, 0);
    const bytes = half ? Math.ceil(size / 8) * 16 : 4 * (end - start);
    found.values += bytes;
    if (trains.has(module)) found.trained += bytes;
    if (bytes > found.largest.bytes) found.largest = { bytes, names: places.map(({ name }) => name) };
  }
  return found;
}
