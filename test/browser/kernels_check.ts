/**
 * Compiles the kernels in a real Chromium (Dawn, Tint), which refuses some of what Deno's compiler takes: all that a
 * training step, answering, and the operations' other forms need, and every kernel's example, on a CPU driver and on a
 * GPU. Without a Chromium it says so and passes.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script of its own, whose output is read by whoever runs the checks
import { assertEquals } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu, Gpu } from "../../src/gpu/gpu.ts";
import { encodeImages } from "../../src/lmm/features.ts";
import { generate } from "../../src/lmm/generate.ts";
import { attention } from "../../src/ops/attention/attention.ts";
import { layerNorm, rmsNorm } from "../../src/ops/norm/norm.ts";
import { linear } from "../../src/ops/linear.ts";
import { Random } from "../../src/random.ts";
import { Trainer } from "../../src/lmm/trainer/trainer.ts";
import { KERNELS } from "../../tasks/lib/kernels.ts";
import { loadCase, readCase } from "../lmm/_case.ts";
import { drawSequence } from "../lmm/_draw.ts";
import { CHROMIUM, COMPUTING, exists } from "./page_checks.ts";

/** The shaders that a device is given while `body` runs, by label and source. */
async function shaders(isFallbackAdapter: boolean, body: (gpu: Gpu) => Promise<void>): Promise<string[]> {
  const { device, facts } = await createGpu();
  const seen = new Set<string>();
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    seen.add(descriptor.code);
    return create(descriptor);
  };
  const gpu = new Gpu(device, { ...facts, isFallbackAdapter });
  await body(gpu);
  gpu.destroy();
  return [...seen];
}

/** Training, answering, and shapes that the model has not. */
async function everything(gpu: Gpu, storage: "f32" | "f16"): Promise<void> {
  const of = await readCase("llava"), model = await loadCase(gpu, of), random = new Random("kernels");
  const sequences = [1, 0].map((images, i) => {
    const sequence = drawSequence(model, random, 12, images);
    const { length } = sequence.ids;
    return { id: `${i}`, task: i, ...sequence, mask: Uint8Array.from({ length }, (_, at) => Number(at > 8)) };
  });
  const trainer = new Trainer(model, { tasks: 2, steps: 2, learningRate: 1e-3, storage });
  trainer.train([sequences], [1, 1]);
  await trainer.log();
  trainer.destroy();
  if (storage === "f32") {
    const prompts = await Promise.all(
      sequences.map(async ({ ids, images }) => ({ ids, images: await encodeImages(model, images) })),
    );
    for (const how of [{}, { repetitionPenalty: 1.2 }, { temperature: 1 }]) {
      await generate(model, prompts, { maxNewTokens: 2, stops: [], ...how });
    }
  }
  model.destroy();
  for (const [rows, width] of [[70, 64], [2100, 512], [70, 30], [70, 36]] as const) {
    const tensor = (...shape: number[]) => {
      const tensor = Tensor.of(gpu, shape);
      tensor.requiresGrad = true;
      return tensor;
    };
    const x = tensor(rows, width), scale = tensor(width), bias = tensor(width), weight = tensor(width, width);
    const tape = new Tape(gpu, { storage });
    const y = layerNorm(tape, linear(tape, x, weight, { bias, activation: "gelu" }), scale, bias, 1e-5);
    const z = linear(tape, rmsNorm(tape, y, scale, 1e-5), weight, { activation: "silu", residual: x });
    tape.backward(z, Tensor.of(gpu, [rows, width]));
    tape.compile().destroy();
  }
  for (const headSize of [20, 64, 72, 128]) {
    const tape = new Tape(gpu, { storage });
    const qkv = Tensor.of(gpu, [70, 4 * headSize]);
    qkv.requiresGrad = true;
    const span = Tensor.of(gpu, [70, 2], undefined, "i32");
    const o = attention(tape, qkv, span, { heads: 2, groups: 1, headSize }, true);
    tape.backward(o, Tensor.of(gpu, o.shape));
    tape.compile().destroy();
  }
}

/** What a Chromium says of shaders; an empty list where all compile. */
async function compile(codes: readonly string[]): Promise<{ adapter: string; complaints: string[] }> {
  Deno.env.set("__IS_WSL_TEST__", "no"); // keeps playwright from looking at a file that only --allow-all may see
  const { chromium } = await import("playwright-core");
  const folder = await Deno.makeTempDir({ prefix: "cotbal-kernels-" });
  const browser = await chromium.launchPersistentContext(`${folder}/profile`, {
    executablePath: CHROMIUM,
    headless: true,
    args: COMPUTING.split(" "),
  });
  const page = await browser.newPage();
  await Deno.writeTextFile(`${folder}/page.html`, "<!doctype html><title>kernels</title>");
  await page.goto(`file://${folder}/page.html`);
  try {
    return await page.evaluate(async (codes: string[]) => {
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) return { adapter: "", complaints: [] };
      const half = adapter.features.has("shader-f16");
      const device = await adapter.requestDevice({ requiredFeatures: half ? ["shader-f16"] : [] });
      const complaints: string[] = [];
      for (const code of codes) {
        if (!half && code.startsWith("enable f16")) continue;
        const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
        for (const { type, message, lineNum } of messages) {
          if (type !== "error") continue;
          const [, name] = /@compute[^]*?\bfn (\w+)/.exec(code) ?? [];
          complaints.push(`${name}: ${message}: ${code.split("\n")[lineNum - 1]}`);
        }
      }
      const name = `${adapter.info.vendor} ${adapter.info.architecture}`;
      return { adapter: `${name}, ${half ? "with" : "without"} f16`, complaints };
    }, [...codes]);
  } finally {
    await browser.close();
    await Deno.remove(folder, { recursive: true });
  }
}

if (await exists(CHROMIUM)) {
  const { device } = await createGpu();
  const storages = device.features.has("shader-f16") ? ["f32", "f16"] as const : ["f32"] as const;
  device.destroy();
  const codes = new Set<string>();
  for (const isFallbackAdapter of [true, false]) {
    for (const storage of storages) {
      const seen = await shaders(isFallbackAdapter, (gpu) => everything(gpu, storage));
      for (const code of seen) codes.add(code);
    }
  }
  for (const { f16, adapters, show } of KERNELS) {
    for (const adapter of adapters) {
      codes.add(show({ adapter }).code);
      if (storages.length > 1 && f16.length > 0) codes.add(show({ adapter, f16 }).code);
    }
  }
  const { adapter, complaints } = await compile([...codes]);
  if (adapter === "") console.log(`kernels: ${CHROMIUM} has no WebGPU adapter, nothing was compiled there`);
  else console.log(`kernels: ${codes.size} shaders compiled by Chromium (${adapter})`);
  assertEquals(complaints, []);
} else {
  console.log(`kernels: no ${CHROMIUM}, so they were not compiled by Tint`);
}
