/**
 * A short look at whether the kernels compute rightly on this machine's adapter. The tests look at every kernel and
 * every shape; this takes a second, for `deno task doctor`.
 *
 * @module
 */

import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu, type Gpu, type GpuOptions } from "../../src/gpu/gpu.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { Lmm } from "../../src/lmm/lmm.ts";
import { gemm, type Layout } from "../../src/ops/gemm/gemm.ts";
import { Random } from "../../src/random.ts";
import { Trainer } from "../../src/lmm/trainer/trainer.ts";

/** What one check found. */
export interface Check {
  name: string;
  ok: boolean;
  /** The error in words and numbers. */
  detail: string;
}

/** Float32 sums of some hundred products stay well below this, as the norm of the error over the norm of the result. */
const TOLERANCE = 1e-5;

/**
 * Runs the checks.
 *
 * @param options Which adapter.
 * @returns What each of them found.
 * @throws {AdapterError} Where there is no adapter.
 */
export async function selfCheck(options: GpuOptions = {}): Promise<Check[]> {
  const gpu = await createGpu(options);
  try {
    const checks: Check[] = [];
    // One shape that fits the tiles and one that fits nothing; the inner size is past the usual tile depths.
    for (const [m, n, k] of [[64, 96, 320], [37, 13, 331]] as const) {
      for (const layout of ["NT", "NN", "TN"] as const) checks.push(await product(gpu, layout, m, n, k));
    }
    checks.push(await trainingSteps(gpu));
    return checks;
  } finally {
    gpu.destroy();
  }
}

async function product(gpu: Gpu, layout: Layout, m: number, n: number, k: number): Promise<Check> {
  const random = new Random("doctor");
  const draw = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const aShape = layout === "TN" ? [k, m] : [m, k];
  const bShape = layout === "NT" ? [n, k] : [k, n];
  const [aValues, bValues] = [draw(m * k), draw(k * n)];
  const a = Tensor.of(gpu, aShape, aValues);
  const b = Tensor.of(gpu, bShape, bValues);
  const tape = new Tape(gpu);
  const y = tape.empty([m, n], "product");
  gemm(tape, layout, a, b, y);
  tape.output(y);
  const program = tape.compile();
  program.run();
  const first = await y.read(gpu);
  program.run();
  const second = await y.read(gpu);
  program.destroy();
  a.destroy(gpu);
  b.destroy(gpu);

  let wrong = 0;
  let whole = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let exact = 0;
      for (let p = 0; p < k; p++) {
        const left = aValues[layout === "TN" ? p * m + i : i * k + p]!;
        const right = bValues[layout === "NT" ? j * k + p : p * n + j]!;
        exact += left * right;
      }
      wrong += (first[i * n + j]! - exact) ** 2;
      whole += exact ** 2;
    }
  }
  const error = Math.sqrt(wrong / whole);
  const same = first.every((value, i) => Object.is(value, second[i]));
  return {
    name: `matrix product ${layout} ${m}×${n}×${k}`,
    ok: error < TOLERANCE && same,
    detail: `error ${error.toExponential(1)} of at most ${TOLERANCE}${same ? "" : ", and two runs differ"}`,
  };
}

/** Losses of the steps below, in nats, on an adapter on which every test passes. */
const LOSSES = [3.7161, 3.4705, 3.3842];
/** Adapters round differently; a wrong kernel is wrong by far more. */
const LOSS_TOLERANCE = 1e-3;

/** Three training steps of a small model, vision tower and all: every kernel of the step takes part. */
async function trainingSteps(gpu: Gpu): Promise<Check> {
  const config = parseConfig({
    image_token_index: 3,
    vision_feature_layer: -1,
    vision_config: {
      image_size: 16,
      patch_size: 8,
      hidden_size: 16,
      intermediate_size: 32,
      num_hidden_layers: 1,
      num_attention_heads: 2,
    },
    text_config: {
      vocab_size: 40,
      hidden_size: 16,
      intermediate_size: 24,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      max_position_embeddings: 32,
      tie_word_embeddings: true,
    },
  });
  const model = Lmm.create(gpu, config, "doctor");
  const trainer = new Trainer(model, {
    tasks: 2,
    steps: LOSSES.length,
    learningRate: 0.01,
    schedule: "constant",
  });
  const random = new Random("doctor");
  const sequences = [0, 1, 1].map((task, i) => ({
    id: `sequence ${i}`,
    task,
    ids: Int32Array.of(1, 3, 3, 3, 3, ...Array.from({ length: 6 + i }, () => 4 + random.int(36))),
    mask: Uint8Array.from({ length: 11 + i }, (_, at) => Number(at > 6)),
    images: [Float32Array.from({ length: 3 * 16 * 16 }, () => random.normal())],
  }));
  for (let step = 0; step < LOSSES.length; step++) trainer.train([sequences], [0.5, 1.5]);
  const losses = (await trainer.log()).map(({ loss }) => loss);
  trainer.destroy();
  model.destroy();
  const error = Math.max(...losses.map((loss, i) => Math.abs(loss - LOSSES[i]!)));
  return {
    name: "training steps of a small model",
    ok: error < LOSS_TOLERANCE,
    detail:
      `losses ${losses.map((loss) => loss.toFixed(4)).join(", ")}; they differ from the known ones by ` +
      `${error.toExponential(1)} of at most ${LOSS_TOLERANCE}`,
  };
}
