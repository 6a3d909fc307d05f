import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../src/autograd/tape.ts";
import { Tensor } from "../../src/autograd/tensor.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import { type ModuleSpec, Parameters, type Stretch } from "../../src/nn/parameters.ts";
import { AdamW, type AdamWOptions, SCALARS } from "../../src/optim/adamw.ts";
import { Random } from "../../src/random.ts";
import { close } from "../ops/_lab.ts";
import { adamw, type Rule } from "../reference/adamw.ts";

const start = { normal: 1 };
const MODULES: ModuleSpec[] = [
  {
    name: "vision",
    bundles: [[{ name: "v.weight", shape: [5, 13], init: start }], [{
      name: "v.bias",
      shape: [7],
      init: start,
    }]],
  },
  { name: "projector", bundles: [[{ name: "p.weight", shape: [3, 11], init: start }]] },
  {
    name: "language",
    bundles: [
      [{ name: "l.q", shape: [3, 5], init: start }, { name: "l.k", shape: [2, 5], init: start }],
      [{ name: "l.norm", shape: [129], init: start }],
      [{ name: "l.unread", shape: [3, 3], init: start, idle: true }],
    ],
  },
];

/** The line of the ring that a step writes, and how long a line is. */
const LINE = 2, WIDTH = 5;

Deno.test("AdamW", async (t) => {
  const gpu = await createGpu();

  /** Ten steps beside the reference; every gradient is `scale` times a random one. */
  async function compare(options: AdamWOptions, scale: number, tolerance = 1e-5) {
    const parameters = new Parameters(gpu, MODULES);
    const random = new Random(JSON.stringify([options, scale]));
    const initial = Parameters.initial(parameters, MODULES, random);
    parameters.values.write(gpu, initial);
    const optimiser = new AdamW(parameters, options);
    const rules: Rule[] = [...parameters.places.values()].flatMap(({ offset, size, shape, idle }) => {
      const module = [...parameters.modules].find(([, { start, end }]) =>
        offset >= start && offset < end
      )![0];
      const rate = options.rates[module];
      if (rate === undefined || idle) return [];
      return [{
        start: offset,
        end: offset + size,
        rate,
        decay: shape.length > 1 ? options.weightDecay ?? 0 : 0,
      }];
    });
    const trained = (i: number) => rules.some(({ start, end }) => i >= start && i < end);
    const scalars = Tensor.of(gpu, [SCALARS.count]), ring = Tensor.of(gpu, [4, WIDTH]);
    const tape = new Tape(gpu);
    optimiser.update(tape, scalars, ring);
    const program = tape.compile();
    const state = {
      theta: Float64Array.from(initial),
      m: new Float64Array(parameters.size),
      v: new Float64Array(parameters.size),
    };
    const { betas, eps, clip } = optimiser.options;
    for (let step = 1; step <= 10; step++) {
      const gradient = Float32Array.from(
        { length: parameters.size },
        (_, i) => trained(i) ? scale * random.normal() : 0,
      );
      const rate = 0.01 * step;
      const host = new Float32Array(SCALARS.count);
      optimiser.fillScalars(host, step, rate);
      host[SCALARS.line] = LINE;
      scalars.write(gpu, host);
      parameters.gradients.write(gpu, gradient);
      program.poison();
      program.run();
      const scaled = rules.map((rule) => ({ ...rule, rate: rate * rule.rate }));
      const norm = adamw(state, gradient, scaled, { step, betas, eps, clip });
      const line = (await ring.read(gpu)).subarray(LINE * WIDTH, (LINE + 1) * WIDTH);
      assertAlmostEquals(line[1]!, norm, 1e-5 * norm);
      assertEquals([...line].filter((_, i) => i !== 1), [0, 0, 0, 0], "the rest of the ring's line");
    }
    const values = await parameters.values.read(gpu);
    const [{ start, end }] = optimiser.stretches as [Stretch];
    // Differences from the start: the values themselves would hide an error of the update.
    close(
      values.map((x, i) => x - initial[i]!),
      state.theta.map((x, i) => x - initial[i]!),
      "update",
      tolerance,
    );
    close(await optimiser.m.read(gpu), state.m.subarray(start, end), "first moment", tolerance);
    close(await optimiser.v.read(gpu), state.v.subarray(start, end), "second moment", 1e-4);
    const still = values.findIndex((x, i) => !trained(i) && x !== initial[i]);
    assert(still < 0, `element ${still} is frozen or a gap, and moved`);
    program.destroy();
    optimiser.destroy();
    for (const tensor of [scalars, ring]) tensor.destroy(gpu);
    parameters.destroy();
    assertEquals(gpu.liveBytes, gpu.sharedBytes);
  }

  const all = { vision: 1, projector: 1, language: 1 };
  await t.step("without clipping and decay", () => compare({ rates: all, clip: 0 }, 1));
  await t.step("gradients of any size", async () => {
    await compare({ rates: all, clip: 0 }, 1e-6, 1e-4); // eps is 1 % of such a gradient
    await compare({ rates: all, clip: 0 }, 1e6);
  });
  await t.step("clipping", async () => {
    await compare({ rates: all, clip: 1 }, 3);
    await compare({ rates: all, clip: 1 }, 1e-3); // within the bound: left as they are
  });
  await t.step("weight decay of matrices only", () => compare({ rates: all, weightDecay: 0.3 }, 1));
  await t.step("other betas and eps", () => compare({ rates: all, betas: [0.8, 0.95], eps: 1e-3 }, 0.1));
  await t.step(
    "learning rates of modules",
    () => compare({ rates: { vision: 0.1, projector: 2, language: 1 } }, 1),
  );
  await t.step("frozen modules at the ends and in the middle", async () => {
    await compare({ rates: { projector: 1, language: 1 }, weightDecay: 0.1 }, 1);
    await compare({ rates: { vision: 1, language: 0.5 }, weightDecay: 0.1 }, 1);
    await compare({ rates: { projector: 1 }, weightDecay: 0.1 }, 1);
  });
  await t.step("clearing reaches every gradient that is trained", async () => {
    const parameters = new Parameters(gpu, MODULES);
    const optimiser = new AdamW(parameters, { rates: { projector: 1, language: 1 } });
    parameters.gradients.write(gpu, new Float32Array(parameters.size).fill(NaN));
    const tape = new Tape(gpu);
    optimiser.clear(tape);
    const program = tape.compile();
    program.run();
    const [{ start, end }] = optimiser.stretches as [Stretch];
    assertEquals(start, parameters.modules.get("projector")!.start);
    const found = await parameters.gradients.read(gpu);
    assert(found.subarray(start, end).every((x) => x === 0));
    program.destroy();
    optimiser.destroy();
    parameters.destroy();
  });
  await t.step("mistakes are named", () => {
    const parameters = new Parameters(gpu, MODULES);
    assertThrows(
      () => new AdamW(parameters, { rates: { head: 1 } }),
      Error,
      'no module "head"; there are vision, projector, language',
    );
    assertThrows(() => new AdamW(parameters, { rates: {} }), Error, "AdamW: every module is frozen");
    parameters.destroy();
  });
  gpu.destroy();
});
