/** Features of a frozen vision tower, computed once an image. @module */
import { patchCount } from "./config/vision.ts";
import type { Lmm } from "./lmm.ts";
import { Tape } from "../autograd/tape.ts";
import { elements, type Tensor } from "../autograd/tensor.ts";
import type { ProgramNeed } from "../gpu/program/program.ts";

/** Most images of one run, and most rows: a large tower's results would not fit otherwise. */
const MOST_IMAGES = 64, MOST_ROWS = 16_384;

/** Runs whose results are under way at the same time. */
const AT_ONCE = 3;

/**
 * Images that a tower sees in one run.
 *
 * @param rows Tokens of an image in the tower.
 */
export function tilesAtOnce(rows: number): number {
  return Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_ROWS / rows)));
}

/**
 * What looking at images takes on the device, beside the parameters; recorded, not run.
 *
 * @param images How many there are; as many are seen at a time as {@linkcode encodeImages} would.
 */
export function encodeNeed(model: Lmm, images: number): ProgramNeed {
  const tape = new Tape(model.gpu);
  recordTower(tape, model, Math.min(tilesAtOnce(patchCount(model.config.vision_config) + 1), images));
  return tape.need();
}

function recordTower(tape: Tape, model: Lmm, images: number): Tensor {
  const input = tape.input("pixels", [images, ...model.pixelShape]);
  return tape.output(tape.noGrad(() => model.vision(tape, input, new Set())));
}

/**
 * Runs the vision tower.
 *
 * @param model The model.
 * @param pixels Images [3, size, size], normalised.
 * @returns Each image's features, [imageTokens, visionWidth]: what the projector reads.
 */
export async function encodeImages(model: Lmm, pixels: readonly Float32Array[]): Promise<Float32Array[]> {
  const { pixelShape, imageTokens, featureWidth, gpu } = model;
  const size = elements(pixelShape);
  const features: Float32Array[] = [];
  const chunk = Math.min(tilesAtOnce(patchCount(model.config.vision_config) + 1), pixels.length);
  if (chunk === 0) return features;
  const tape = new Tape(gpu);
  const output = recordTower(tape, model, chunk);
  const program = tape.compile();
  const one = imageTokens * featureWidth;
  // While one chunk is read, which takes a while even of an idle device, the next ones are computed.
  const coming: { count: number; values: Promise<Float32Array> }[] = [];
  const take = async () => {
    const { count, values } = coming.shift()!;
    const all = await values;
    for (let i = 0; i < count; i++) features.push(all.slice(i * one, (i + 1) * one));
  };
  try {
    await gpu.compiled();
    for (let first = 0; first < pixels.length; first += chunk) {
      const some = pixels.slice(first, first + chunk);
      const values = new Float32Array(chunk * size);
      some.forEach((image, i) => {
        if (image.length !== size) {
          throw new Error(`expected ${size} pixel values an image, found ${image.length}`);
        }
        values.set(image, i * size);
      });
      program.upload({ pixels: values });
      program.run();
      coming.push({ count: some.length, values: output.read(gpu) });
      if (coming.length >= AT_ONCE) await take();
    }
    while (coming.length > 0) await take();
  } finally {
    await Promise.allSettled(coming.map(({ values }) => values));
    program.destroy();
  }
  return features;
}
