/** Gradients against finite differences, on the device. @module */
import type { Gpu } from "../gpu/gpu.ts";
import { Random } from "../random.ts";
import { Tape } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** Settings of {@linkcode gradcheck}. */
export interface GradcheckOptions {
  /** Step of the differences, in root mean squares of the input (in units for an input of zeros); default 0.02. */
  step?: number;
  /** Largest error, relative to the larger of the difference and the gradient's root mean square; default 0.002. */
  tolerance?: number;
  /** Most elements of an input that are checked, drawn at random; default 24. */
  samples?: number;
  /** Seed of the draw; default 0. */
  seed?: number | string;
}

/** What {@linkcode gradcheck} found. */
export interface GradcheckResult {
  /** Number of elements checked. */
  checked: number;
  /** The largest error, relative as in {@linkcode GradcheckOptions.tolerance}. */
  worst: number;
  /** Which input has it. */
  input: number;
  /** Which of its elements. */
  element: number;
  /** The finite difference there. */
  expected: number;
  /** The gradient of backward there. */
  found: number;
}

/** Steps that a difference of fourth order takes: (4·D(h) − D(2h)) / 3 with D central. */
const STEPS = [1, -1, 2, -2] as const;

/** Roundings of the loss that a difference may suffer from, in units of its last place. */
const ROUNDINGS = 8;

/**
 * Checks the gradients of backward against finite differences.
 *
 * The computation is recorded once; then elements of the inputs are moved one by one and the program is replayed.
 * Differences are of fourth order, so that a step large enough for float32's rounding errs by little. What the
 * rounding of the loss itself can do to a difference is allowed on top of the tolerance: a loss of large size with
 * small gradients cannot be checked this way.
 *
 * @param gpu The device.
 * @param build Records the computation of a scalar from the inputs.
 * @param inputs Float tensors with buffers of their own; they hold their values again afterwards.
 * @param options Step, tolerance and number of elements.
 * @returns How many elements were checked and the largest error.
 * @throws {Error} If a gradient is off, naming input, element, expected and found; if the result is not a scalar.
 *
 * @example The gradient of a sum of squares
 * ```ts
 * import { createGpu } from "../gpu/gpu.ts";
 * import { multiply } from "../ops/multiply.ts";
 * import { sum } from "../ops/sum.ts";
 * import { gradcheck } from "./gradcheck.ts";
 * import { Tensor } from "./tensor.ts";
 *
 * const gpu = await createGpu();
 * const x = Tensor.of(gpu, [3], [1, 2, 3]);
 * const { checked, worst } = await gradcheck(gpu, (tape, [x]) => sum(tape, multiply(tape, x!, x!)), [x]);
 * console.log(checked, worst); // 3 elements, an error of about 1e-6
 * x.destroy(gpu);
 * gpu.destroy();
 * ```
 */
export async function gradcheck(
  gpu: Gpu,
  build: (tape: Tape, inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): Promise<GradcheckResult> {
  const { step = 0.02, tolerance = 0.002, samples = 24, seed = 0 } = options;
  const random = new Random(seed);
  const before = inputs.map((input, at) => {
    if (input.dtype !== "f32") {
      throw new Error(`gradcheck: input ${at} is ${input.dtype}; only f32 has a gradient`);
    }
    return input.requiresGrad;
  });
  for (const input of inputs) input.requiresGrad = true;
  const tape = new Tape(gpu);
  const loss = build(tape, inputs);
  if (loss.size !== 1) throw new Error(`gradcheck: the result must be a scalar, found shape [${loss.shape}]`);
  tape.output(loss);
  tape.backward(loss);
  const gradients = inputs.map((input, at) => {
    const gradient = tape.gradient(input);
    if (!gradient) throw new Error(`gradcheck: the result does not depend on input ${at}`);
    return tape.output(gradient);
  });
  inputs.forEach((input, at) => input.requiresGrad = before[at]!);
  const program = tape.compile();
  try {
    // A parameter's gradient adds to what it holds.
    for (const { gradient } of inputs) gradient?.write(gpu, new Float32Array(gradient.size));
    program.run();
    const found = await Promise.all(gradients.map((gradient) => gradient.read(gpu)));
    const result: GradcheckResult = { checked: 0, worst: -1, input: 0, element: 0, expected: 0, found: 0 };
    for (const [at, input] of inputs.entries()) {
      const values = await input.read(gpu);
      const elements = draw(input.size, samples, random);
      const h = step * (rootMeanSquare(values) || 1);
      const moved = elements.flatMap((element) =>
        STEPS.map((times) => ({ element, value: Math.fround(values[element]! + times * h) }))
      );
      const losses = await replay(gpu, () => program.run(), input, values, moved, loss);
      const rounding = ROUNDINGS * 2 ** -23 * losses.reduce((most, l) => Math.max(most, Math.abs(l)), 0) / h;
      const size = rootMeanSquare(found[at]!);
      elements.forEach((element, i) => {
        const slope = (j: number) => (losses[j]! - losses[j + 1]!) / (moved[j]!.value - moved[j + 1]!.value);
        const expected = (4 * slope(4 * i) - slope(4 * i + 2)) / 3;
        const gradient = found[at]![element]!;
        const off = Math.abs(gradient - expected);
        const scale = Math.max(Math.abs(expected), size);
        result.checked++;
        if (!(off <= tolerance * scale + rounding)) {
          throw new Error(
            `gradcheck: input ${at} [${input.shape}], element ${element}: expected ${expected} by finite differences, ` +
              `found ${gradient} (off by ${(off / scale).toExponential(1)} of ${scale.toPrecision(3)}, ` +
              `allowed ${tolerance} and ${rounding.toExponential(1)} for rounding)`,
          );
        }
        const error = scale > 0 ? off / scale : 0;
        if (error <= result.worst) return;
        Object.assign(result, { worst: error, input: at, element, expected, found: gradient });
      });
    }
    return result;
  } finally {
    program.destroy();
  }
}

/** The losses with one element of `input` moved at a time; the values are put back. One wait for all. */
async function replay(
  gpu: Gpu,
  run: () => void,
  input: Tensor,
  values: Float32Array,
  moved: readonly { element: number; value: number }[],
  loss: Tensor,
): Promise<Float32Array> {
  const { queue } = gpu.device;
  const losses = Tensor.of(gpu, [moved.length]);
  try {
    moved.forEach(({ element, value }, i) => {
      const at = input.slot.offset + input.offset + 4 * element;
      const write = (x: number) => queue.writeBuffer(input.slot.buffer!, at, new Float32Array([x]));
      write(value);
      run();
      const encoder = gpu.device.createCommandEncoder();
      const from = loss.slot.offset + loss.offset;
      encoder.copyBufferToBuffer(loss.slot.buffer!, from, losses.slot.buffer!, 4 * i, 4);
      queue.submit([encoder.finish()]);
      write(values[element]!);
    });
    return await losses.read(gpu);
  } finally {
    losses.destroy(gpu);
  }
}

/** At most `count` of 0 … size − 1, in order; the first and the last are among them. */
function draw(size: number, count: number, random: Random): number[] {
  if (size <= count) return Array.from({ length: size }, (_, i) => i);
  const drawn = new Set([0, size - 1]);
  while (drawn.size < count) drawn.add(random.int(size));
  return [...drawn].sort((a, b) => a - b);
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / Math.max(1, values.length));
}
