/** Adding low-rank matrices to those that they belong to. @module */
import type { Lmm } from "../lmm.ts";

/**
 * W := W + scale·B·A for every matrix that is added to. B becomes 0: the model computes what it did, up to rounding to
 * float32. A product is summed in float64, one matrix at a time is in host memory.
 *
 * @param model A model; without low-rank matrices nothing happens.
 * @throws {Error} If a matrix that is added to is held in 16 bits.
 */
export async function mergeLora({ gpu, lora, parameters }: Lmm): Promise<void> {
  for (const [name, site] of lora?.plan.sites ?? []) {
    const weight = parameters.single(name), a = parameters.single(site.a), b = parameters.single(site.b);
    const factors = await b.read(gpu);
    weight.write(gpu, addProduct(await weight.read(gpu), factors, await a.read(gpu), site));
    b.write(gpu, factors.fill(0));
  }
}

/** W + scale·B·A; W [outputs, inputs], B [outputs, rank], A [rank, inputs]. */
function addProduct(
  weight: Float32Array,
  b: Float32Array,
  a: Float32Array,
  { rank, scale }: { rank: number; scale: number },
): Float32Array {
  const inputs = a.length / rank;
  const row = new Float64Array(inputs);
  for (let i = 0; i < b.length / rank; i++) {
    row.fill(0);
    for (let j = 0; j < rank; j++) {
      const factor = scale * b[i * rank + j]!;
      for (let k = 0; k < inputs; k++) row[k]! += factor * a[j * inputs + k]!;
    }
    for (let k = 0; k < inputs; k++) weight[i * inputs + k]! += row[k]!;
  }
  return weight;
}
