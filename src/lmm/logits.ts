/** Logits of packed sequences, as training computes them. @module */
import { Tape } from "../autograd/tape.ts";
import { elements } from "../autograd/tensor.ts";
import { batchArrays, batchInputs, batchSize, joinImages, type Sequence } from "./batch.ts";
import { type Lmm, packedAttention } from "./lmm.ts";
import { logits } from "../ops/cross_entropy.ts";

/**
 * Logits of every row of packed sequences whose images are pixels, from one program.
 *
 * @param model The model.
 * @param sequences The sequences.
 * @returns [rows, vocabulary]
 */
export async function forwardLogits(model: Lmm, sequences: readonly Sequence[]): Promise<Float32Array> {
  const { gpu, imageTokens, pixelShape } = model;
  const size = batchSize(sequences);
  const frozen = new Set<never>();
  const tape = new Tape(gpu);
  const inputs = batchInputs(tape, size, imageTokens);
  const z = tape.noGrad(() => {
    const pixels = tape.input("images", [size.images, ...pixelShape]);
    const projected = model.project(tape, model.vision(tape, pixels, frozen), frozen);
    const x = model.embed(tape, projected, inputs.index, frozen);
    const attend = packedAttention(tape, inputs.span, model.heads);
    const hidden = model.decode(tape, x, inputs.positions, attend, frozen);
    return tape.output(logits(tape, model.finish(tape, hidden, frozen), model.head(frozen)));
  });
  const program = tape.compile();
  try {
    program.upload({
      ...batchArrays(sequences, size, model),
      images: joinImages(sequences, size.images, elements(pixelShape)),
    });
    program.poison();
    program.run();
    const rows = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
    return (await z.read(gpu)).slice(0, rows * model.vocabulary);
  } finally {
    program.destroy();
  }
}
