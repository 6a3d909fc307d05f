// The bench on which operations are tested: one device a test file, every program run on poisoned memory.

import { assert, assertEquals } from "@std/assert";
import { gradcheck, type GradcheckOptions, type GradcheckResult } from "../../src/autograd/gradcheck.ts";
import { Tape } from "../../src/autograd/tape.ts";
import { elements, type StorageType, Tensor } from "../../src/autograd/tensor.ts";
import { createGpu, type Gpu } from "../../src/gpu/gpu.ts";
import { add } from "../../src/ops/add.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { sum } from "../../src/ops/sum.ts";
import { Random } from "../../src/random.ts";

/** One input of an operation. */
export interface Given {
  shape: readonly number[];
  values: ArrayLike<number>;
  /** "input" (the default) has a gradient that is assigned, "parameter" one that adds; "constant" and "index" none. */
  role?: "input" | "parameter" | "constant" | "index";
  /** How the values are stored; default "f32". */
  storage?: StorageType;
}

/** What an operation gave. */
export interface Outcome<K extends string> {
  y: Float32Array;
  /** Gradients of inputs and parameters, what the latter held before taken off. */
  gradients: Partial<Record<K, Float64Array>>;
}

/** Records an operation. */
export type Build<K extends string> = (tape: Tape, tensors: Record<K, Tensor>) => Tensor;

/** Random values of a shape, exact in float32. */
export function draw(random: Random, shape: readonly number[], scale = 1): Given & { values: Float64Array } {
  const values = Float64Array.from({ length: elements(shape) }, () => Math.fround(scale * random.normal()));
  return { shape, values };
}

/** The same values as a parameter. */
export function parameter<G extends Given>(given: G): G & { role: "parameter" } {
  return { ...given, role: "parameter" };
}

/** The same values without a gradient. */
export function constant<G extends Given>(given: G): G & { role: "constant" } {
  return { ...given, role: "constant" };
}

/** The same values rounded to 16 bits and stored so. */
export function half<G extends Given>(given: G): G & { values: Float64Array; storage: "f16" } {
  return { ...given, values: Float64Array.from(given.values, Math.f16round), storage: "f16" };
}

/** An int32 tensor. */
export function index(values: ArrayLike<number>, shape: readonly number[] = [values.length]): Given {
  return { shape, values, role: "index" };
}

/** Fails unless the norm of the difference is within `tolerance` of the norm of what is expected. */
export function close(found: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = 2e-6) {
  assertEquals(found.length, expected.length, `${what}: number of values`);
  let off = 0, norm = 0, worst = 0, at = 0;
  for (let i = 0; i < expected.length; i++) {
    assert(Number.isFinite(found[i]), `${what}: element ${i} is ${found[i]}, expected ${expected[i]}`);
    const difference = Math.abs(found[i]! - expected[i]!);
    if (difference > worst) [worst, at] = [difference, i];
    off += difference ** 2;
    norm += expected[i]! ** 2;
  }
  const error = Math.sqrt(off) / (Math.sqrt(norm) || 1);
  assert(
    error <= tolerance,
    `${what}: off by ${error.toExponential(2)} of the norm, allowed ${tolerance}; ` +
      `worst at element ${at}: expected ${expected[at]}, found ${found[at]}`,
  );
}

/** A device for the tests of one file. */
export class Lab {
  readonly gpu: Gpu;

  private constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  static async open(): Promise<Lab> {
    return new Lab(await createGpu());
  }

  /** Bytes of all buffers but those that programs share, which are kept. */
  get liveBytes(): number {
    return this.gpu.liveBytes - this.gpu.sharedBytes;
  }

  /**
   * Runs an operation forward and, where `dy` is given, backward: twice on poisoned memory. Fails if the two runs
   * differ in a bit or buffers stay behind.
   *
   * @param options `twice`: records the operation two times over the same inputs and gives half of the sum, so that
   * every gradient is added to. `storage`: how results are stored.
   */
  async run<K extends string>(
    given: Record<K, Given>,
    build: Build<K>,
    dy?: ArrayLike<number>,
    options: { twice?: boolean; storage?: StorageType } = {},
  ): Promise<Outcome<K>> {
    const live = this.liveBytes;
    const tensors = this.#tensors(given);
    const names = Object.keys(given) as K[];
    const tape = new Tape(this.gpu, { storage: options.storage ?? "f32" });
    let y = build(tape, tensors);
    if (options.twice) y = add(tape, y, build(tape, tensors));
    tape.output(y);
    const seed = dy && Tensor.of(this.gpu, y.shape, dy);
    if (seed) tape.backward(y, seed);
    const wanted = names.filter((name) => seed && tensors[name].requiresGrad);
    const gradients = wanted.map((name) => {
      const gradient = tape.gradient(tensors[name]);
      assert(gradient, `no gradient reached ${name}`);
      assertEquals(gradient.shape, tensors[name].shape, `shape of the gradient of ${name}`);
      return tape.output(gradient);
    });
    const program = tape.compile();
    const started = new Random("start");
    const start = wanted.map((name) =>
      Float32Array.from({ length: tensors[name].size }, () => tensors[name].gradient ? started.normal() : 0)
    );
    const runs: Float32Array[][] = [];
    for (let time = 0; time < 2; time++) {
      wanted.forEach((name, i) => tensors[name].gradient?.write(this.gpu, start[i]!));
      program.poison();
      program.run();
      runs.push(await Promise.all([y, ...gradients].map((tensor) => tensor.read(this.gpu))));
    }
    runs[0]!.forEach((values, i) => {
      const [first, second] = [values, runs[1]![i]!].map((floats) => new Uint32Array(floats.buffer));
      const at = first!.findIndex((word, j) => word !== second![j]);
      assert(
        at < 0,
        `two runs differ in ${i === 0 ? "the result" : `the gradient of ${wanted[i - 1]}`}, element ${at}`,
      );
    });
    program.destroy();
    seed?.destroy(this.gpu);
    this.#destroy(tensors);
    assertEquals(this.liveBytes, live, "bytes alive after all was destroyed");
    const half = options.twice ? 0.5 : 1;
    const [result, ...found] = runs[0]!;
    const outcome: Outcome<K> = { y: result!.map((x) => half * x), gradients: {} };
    wanted.forEach((name, i) => {
      outcome.gradients[name] = Float64Array.from(found[i]!, (x, j) => half * (x - start[i]![j]!));
    });
    return outcome;
  }

  /** Compares an operation's gradients with finite differences of Σ y·dy. */
  async differences<K extends string>(
    given: Record<K, Given>,
    build: Build<K>,
    dy: ArrayLike<number>,
    options: GradcheckOptions = {},
  ): Promise<GradcheckResult> {
    const tensors = this.#tensors(given);
    const names = (Object.keys(given) as K[]).filter((name) => tensors[name].requiresGrad);
    let weights: Tensor | undefined;
    const loss = (tape: Tape) => {
      const y = build(tape, tensors);
      weights = Tensor.of(this.gpu, y.shape, dy);
      return sum(tape, multiply(tape, y, weights));
    };
    try {
      return await gradcheck(this.gpu, loss, names.map((name) => tensors[name]), options);
    } finally {
      weights?.destroy(this.gpu);
      this.#destroy(tensors);
    }
  }

  /**
   * Everything an operation must hold: the result and all gradients of a reference, alone and added to others, with
   * the inputs' gradients assigned and added, and finite differences.
   */
  async verify<K extends string>(
    what: string,
    given: Record<K, Given>,
    build: Build<K>,
    expected: { y: ArrayLike<number>; backward: (dy: Float64Array) => Record<string, ArrayLike<number>> },
    options: { tolerance?: number; differences?: GradcheckOptions | false; twice?: false } = {},
  ) {
    const dy = draw(new Random(`dy of ${what}`), [expected.y.length]).values;
    const gradients = expected.backward(dy);
    for (const twice of options.twice === false ? [false] : [false, true]) {
      const found = await this.run(given, build, dy, { twice });
      const name = twice ? `${what}, twice` : what;
      close(found.y, expected.y, `${name}: y`, options.tolerance);
      for (const key of Object.keys(found.gradients) as K[]) {
        const gradient = gradients[key];
        assert(gradient, `${what}: the reference gives no gradient of ${key}`);
        close(found.gradients[key]!, gradient, `${name}: d ${key}`, options.tolerance);
      }
    }
    if (options.differences !== false) await this.differences(given, build, dy, options.differences);
  }

  #tensors<K extends string>(given: Record<K, Given>): Record<K, Tensor> {
    const made: Partial<Record<K, Tensor>> = {};
    for (const name of Object.keys(given) as K[]) {
      const { shape, values, role = "input", storage = "f32" } = given[name];
      const tensor = Tensor.of(this.gpu, shape, values, role === "index" ? "i32" : storage);
      tensor.requiresGrad = role === "input" || role === "parameter";
      if (role === "parameter") tensor.gradient = Tensor.of(this.gpu, shape);
      made[name] = tensor;
    }
    return made as Record<K, Tensor>;
  }

  #destroy(tensors: Record<string, Tensor>) {
    for (const tensor of Object.values(tensors)) {
      tensor.gradient?.destroy(this.gpu);
      tensor.destroy(this.gpu);
    }
  }

  close() {
    this.gpu.destroy();
  }
}
