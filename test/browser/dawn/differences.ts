/** What an implementation of WebGPU makes of arithmetic, for the table in docs/dawn.md. @module */
import { createGpu, type Gpu } from "../../../src/gpu/gpu.ts";

/** Inputs of a function: so many, evenly from the first to the last. */
const COUNT = 4096;

/** A function of WGSL, where it is looked at, and what it is. */
const FUNCTIONS: readonly { wgsl: string; from: number; to: number; exact: (x: number) => number }[] = [
  { wgsl: "exp(x)", from: -80, to: 0, exact: Math.exp },
  { wgsl: "log(x)", from: 1.5, to: 1e6, exact: Math.log },
  { wgsl: "tanh(x)", from: 0.01, to: 8, exact: Math.tanh },
  { wgsl: "sqrt(x)", from: 1e-3, to: 1e3, exact: Math.sqrt },
  { wgsl: "inverseSqrt(x)", from: 1e-3, to: 1e3, exact: (x) => 1 / Math.sqrt(x) },
  { wgsl: "1.0 / x", from: 1e-3, to: 1e3, exact: (x) => 1 / x },
  { wgsl: "sin(x)", from: 0.01, to: 3, exact: Math.sin },
];

/** Yes-or-no questions: an expression of x that is 1 for yes, and the x. */
const QUESTIONS: readonly { what: string; wgsl: string; x: number }[] = [
  // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴, whose last part a rounding of the product takes away.
  { what: "fma(a, b, c) rounds once", wgsl: "select(0.0, 1.0, fma(x, x, -(x * x)) != 0.0)", x: 1 + 2 ** -12 },
  { what: "a * b + c is fused", wgsl: "select(0.0, 1.0, x * x - 1.00048828125 != 0.0)", x: 1 + 2 ** -12 },
  { what: "subnormal numbers stay", wgsl: "select(0.0, 1.0, (x * 0.25) * 16777216.0 != 0.0)", x: 2 ** -126 },
];

/** What was found. */
export interface Differences {
  /** Adapter, in its own words. */
  adapter: string;
  /** Largest errors of functions, in units of the last place of the exact value as float32. */
  ulps: Record<string, number>;
  /** Answers to the questions. */
  holds: Record<string, boolean>;
  /** How often one invocation goes round two nested loops of 300 × 300. */
  loops: number;
  /** Ms of reading 16 bytes back, the median of 21. */
  readMs: number;
  features: string[];
  limits: Record<string, number>;
}

/** Evaluates an expression of x for each input. */
async function evaluate(gpu: Gpu, statements: string, inputs: Float32Array): Promise<Float32Array> {
  const { device } = gpu, buffer = gpu.buffer(inputs.byteLength, "x");
  device.queue.writeBuffer(buffer, 0, Float32Array.from(inputs));
  const code = `@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${inputs.length}u) { return; }
  let x = values[id.x];
  ${statements}
}`;
  const compute = { module: device.createShaderModule({ code }) };
  const pipeline = device.createComputePipeline({ layout: "auto", compute });
  const layout = pipeline.getBindGroupLayout(0);
  const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] }));
  pass.dispatchWorkgroups(Math.ceil(inputs.length / 64));
  pass.end();
  device.queue.submit([encoder.finish()]);
  const found = new Float32Array(await gpu.read(buffer, 0, inputs.byteLength));
  gpu.release(buffer);
  return found;
}

/** The distance between float32 numbers around a value. */
function ulp(value: number): number {
  return 2 ** Math.max(Math.floor(Math.log2(Math.abs(value))) - 23, -149);
}

/** Looks at the adapter that a page, or Deno, has. */
export async function differences(): Promise<Differences> {
  const gpu = await createGpu(), { device, facts } = gpu;
  const ulps: Record<string, number> = {}, holds: Record<string, boolean> = {};
  for (const { wgsl, from, to, exact } of FUNCTIONS) {
    const inputs = Float32Array.from({ length: COUNT }, (_, i) => from + (to - from) * i / (COUNT - 1));
    const found = await evaluate(gpu, `values[id.x] = ${wgsl};`, inputs);
    const errors = found.map((y, i) => Math.abs(y - exact(inputs[i]!)) / ulp(exact(inputs[i]!)));
    ulps[wgsl] = errors.reduce((a, b) => Math.max(a, b));
  }
  for (const { what, wgsl, x } of QUESTIONS) {
    holds[what] = (await evaluate(gpu, `values[id.x] = ${wgsl};`, Float32Array.of(x)))[0] === 1;
  }
  const nest =
    `var n = 0.0; for (var i = 0; i < i32(x); i++) { for (var j = 0; j < i32(x); j++) { n += 1.0; } }
  values[id.x] = n;`;
  const [loops = 0] = await evaluate(gpu, nest, Float32Array.of(300));
  const times: number[] = [], buffer = gpu.buffer(16, "read");
  for (let i = 0; i < 21; i++) {
    const began = performance.now();
    await gpu.read(buffer, 0, 16);
    times.push(performance.now() - began);
  }
  const readMs = times.sort((a, b) => a - b)[10]!;
  const limits: Record<string, number> = {};
  for (const name in device.limits) limits[name] = Number(device.limits[name as keyof GPUSupportedLimits]);
  const features = [...device.features].sort();
  gpu.destroy();
  const adapter = `${facts.vendor} ${facts.architecture} ${facts.description}`.trim();
  return { adapter, ulps, holds, loops, readMs, features, limits };
}
