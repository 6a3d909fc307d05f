import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { createGpu } from "../../src/gpu/gpu.ts";
import type { Sequence } from "../../src/lmm/batch.ts";
import { encodeImages } from "../../src/lmm/features.ts";
import { generate } from "../../src/lmm/generate.ts";
import type { GenerateOptions } from "../../src/lmm/generation/options.ts";
import { Random } from "../../src/random.ts";
import { forward, loadCase, readCase } from "./_case.ts";
import { drawSequence } from "./_draw.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const MOST = 11;

test("generation", async (t) => {
  const gpu = await createGpu();
  const model = await loadCase(gpu, await readCase("llava"));
  const { vocab_size: vocabulary, max_position_embeddings: positions } = model.config.text_config;
  const placeholder = model.imageId;
  const random = new Random("generate");
  // [text tokens, images]: of every length from 1 to the most that fits.
  const sizes = [[1, 0], [0, 1], [2, 1], [7, 2], [13, 0], [3, 1], [positions - MOST, 0], [4, 3], [5, 0], [
    1,
    1,
  ], [2, 0]];
  const pixels = sizes.map(([text, images]) => drawSequence(model, random, text!, images!));
  const features: Sequence[] = [];
  for (const { ids, images } of pixels) features.push({ ids, images: await encodeImages(model, images) });
  // The placeholder ends an answer here: without its image it could not be read again.
  const greedy = { maxNewTokens: MOST, stops: [placeholder] };
  const answers = await generate(model, features, greedy);

  await t.step("every token is the most likely one of a full forward pass, whatever the batch", async () => {
    let compared = 0, worst = 0;
    for (const [i, { ids, images }] of pixels.entries()) {
      const all = Int32Array.from([...ids, ...answers[i]!]);
      const z = await forward(model, [{ ids: all, images }]);
      for (let at = ids.length; at <= all.length && at < ids.length + MOST; at++) {
        const row = z.subarray((at - 1) * vocabulary, at * vocabulary);
        const chosen = all[at] ?? placeholder;
        worst = Math.max(worst, Math.max(...row) - row[chosen]!);
        compared++;
      }
    }
    assert(compared > 60, `${compared} tokens`);
    assert(worst < 1e-5, `a token is ${worst} below the best`);
  });
  await t.step("the batch does not matter", async () => {
    for (const batchSize of [1, 2, 5]) {
      assertEquals(
        await generate(model, features, { ...greedy, batchSize }),
        answers,
        `batches of ${batchSize}`,
      );
    }
    const order = [6, 0, 3, 9, 2];
    assertEquals(await generate(model, order.map((i) => features[i]!), greedy), order.map((i) => answers[i]));
  });
  await t.step("an answer may be of any length", async () => {
    for (const maxNewTokens of [1, 2, 8, 9, 10]) {
      const short = await generate(model, features, { ...greedy, maxNewTokens });
      assertEquals(short, answers.map((ids) => ids.slice(0, maxNewTokens)));
    }
  });
  await t.step("the stop token ends an answer and is not part of it", async () => {
    const long = await generate(model, features, { maxNewTokens: 8, stops: [] });
    assert(long.every((ids) => ids.length === 8));
    const stop = long[3]![2]!;
    const stopped = await generate(model, features, { maxNewTokens: 8, stops: [stop] });
    assertEquals(stopped, long.map((ids) => ids.includes(stop) ? ids.slice(0, ids.indexOf(stop)) : ids));
    assert(stopped[3]!.length <= 2);
    const drawn = await generate(model, features, { maxNewTokens: 8, stops: [stop], temperature: 1e-4 });
    assertEquals(drawn, stopped, "sampling at a temperature near 0");
  });
  await t.step(
    "sampling: a seed gives the same tokens, alone or in a batch; another seed others",
    async () => {
      const options = { ...greedy, temperature: 1.3, topK: 30, topP: 0.95 };
      const first = await generate(model, features, { ...options, seed: 5 });
      assertEquals(await generate(model, features, { ...options, seed: 5 }), first);
      assertEquals(await generate(model, features, { ...options, seed: 5, batchSize: 2 }), first);
      const other = await generate(model, features, { ...options, seed: 6 });
      assert(other.filter((ids, i) => ids.join() !== first[i]!.join()).length >= 8, "seed 6 is like seed 5");
      assert(first.every((ids) => !ids.includes(placeholder)));
    },
  );
  await t.step("sampling: tokens come as often as the softmax says", async () => {
    const count = 2000, temperature = 1.5;
    const z = (await forward(model, [pixels[0]!])).slice(-vocabulary);
    const many = new Array<Sequence>(count).fill(features[0]!);
    const drawn = await generate(model, many, { maxNewTokens: 1, stops: [], temperature, batchSize: 500 });
    const most = Math.max(...z);
    const e = Float64Array.from(z, (x) => Math.exp((x - most) / temperature));
    const whole = e.reduce((a, b) => a + b);
    const counts = new Float64Array(vocabulary);
    for (const [id] of drawn) counts[id!]!++;
    let chi = 0, cells = 0, rest = 0, restExpected = 0;
    e.forEach((x, id) => {
      const expected = count * x / whole;
      if (expected < 5) {
        rest += counts[id]!;
        restExpected += expected;
        return;
      }
      chi += (counts[id]! - expected) ** 2 / expected;
      cells++;
    });
    if (restExpected > 0) chi += (rest - restExpected) ** 2 / restExpected;
    assert(
      cells > 10 && Math.abs(chi - cells) < 4 * Math.sqrt(2 * cells),
      `chi² ${chi} with ${cells} degrees`,
    );
  });
  await t.step("any of several stops ends an answer", async () => {
    const long = await generate(model, features, { maxNewTokens: 8, stops: [] });
    const stops = [long[3]![2]!, long[8]![4]!, long[0]![7]!];
    const stopped = await generate(model, features, { maxNewTokens: 8, stops });
    assertEquals(
      stopped,
      long.map((ids) => {
        const end = ids.findIndex((id) => stops.includes(id));
        return end < 0 ? ids : ids.slice(0, end);
      }),
    );
  });
  await t.step("tokens are told as they come, the same ones", async () => {
    for (const options of [greedy, { ...greedy, temperature: 1.3, seed: 5 }]) {
      const expected = await generate(model, features, options);
      const told: number[][] = features.map(() => []);
      const onToken = (token: number, prompt: number) => told[prompt]!.push(token);
      assertEquals(await generate(model, features, { ...options, batchSize: 4, onToken }), expected);
      assertEquals(told, expected.map((ids) => [...ids]));
    }
  });
  await t.step("the repetition penalty: on the device as here, over prompt and answer", async () => {
    const repetitionPenalty = 1.4;
    const free = await generate(model, features, { ...greedy, stops: [], maxNewTokens: 9 });
    const options = { maxNewTokens: 9, stops: [], repetitionPenalty };
    const found = await generate(model, features, options);
    assert(found.some((ids, i) => ids.join() !== free[i]!.join()), "the penalty changes nothing");
    // Near a temperature of 0 the host chooses, with its own penalty.
    assertEquals(await generate(model, features, { ...options, temperature: 1e-4 }), found);
    assertEquals(await generate(model, features, { ...options, batchSize: 3 }), found);
    let worst = 0;
    for (const [i, { ids, images }] of pixels.entries()) {
      const all = Int32Array.from([...ids, ...found[i]!]);
      if (all.subarray(ids.length).includes(placeholder)) continue; // cannot be read again
      const z = await forward(model, [{ ids: all, images }]);
      for (let at = ids.length; at < all.length; at++) {
        const seen = new Set(all.subarray(0, at));
        const row = z.slice((at - 1) * vocabulary, at * vocabulary).map((x, id) =>
          seen.has(id) ? (x < 0 ? x * repetitionPenalty : x / repetitionPenalty) : x
        );
        worst = Math.max(worst, Math.max(...row) - row[all[at]!]!);
      }
    }
    assert(worst < 1e-5, `a token is ${worst} below the best`);
  });
  await t.step("a batch that is over a binding is cut", async () => {
    const binding = gpu.largestBinding;
    gpu.largestBinding = 4 * 64 * 2 * model.config.text_config.intermediate_size; // 64 rows of gate and up
    try {
      assertEquals(await generate(model, features, { ...greedy, batchSize: 11 }), answers);
    } finally {
      gpu.largestBinding = binding;
    }
  });
  await t.step("a signal ends it between tokens, and nothing stays behind", async () => {
    const before = gpu.liveBytes - gpu.sharedBytes;
    for (const temperature of [0, 1]) {
      const controller = new AbortController();
      let told = 0;
      const onToken = () => {
        if (++told === 3) controller.abort(new Error("enough"));
      };
      const options = { maxNewTokens: 9, stops: [], temperature, onToken, signal: controller.signal };
      await assertRejects(() => generate(model, [features[0]!], options), Error, "enough");
      assertEquals(told, 3);
    }
    assertEquals(gpu.liveBytes - gpu.sharedBytes, before);
  });
  await t.step("options that cannot be used", async () => {
    const broken: [Partial<GenerateOptions>, string][] = [
      [{ maxNewTokens: 1.5 }, "maxNewTokens must be at least 1, found 1.5"],
      [{ temperature: -1 }, "temperature must be at least 0, found -1"],
      [{ topK: -1 }, "topK must be a whole number of at least 0, found -1"],
      [{ topP: 1.1 }, "topP must lie between 0 and 1, found 1.1"],
      [{ repetitionPenalty: 0 }, "repetitionPenalty must be above 0, found 0"],
      [{ stops: [2, NaN] }, "stops must be token ids, found NaN"],
      [{ stops: [2 ** 31] }, "stops must be token ids, found 2147483648"],
      [{ batchSize: 0 }, "batchSize must be at least 1, found 0"],
    ];
    for (const [options, message] of broken) {
      await assertRejects(() => generate(model, features, { ...greedy, ...options }), InputError, message);
    }
  });
  await t.step("nothing to answer", async () => assertEquals(await generate(model, [], greedy), []));

  await t.step("what cannot be answered is said, and leaves nothing behind", async () => {
    const live = gpu.liveBytes;
    const text = (length: number) => ({ ids: new Int32Array(length).fill(9), images: [] as Float32Array[] });
    const broken: [Sequence, number, string][] = [
      [
        text(positions),
        1,
        `prompt 1: ${positions} tokens and 1 new ones are over the model's ${positions} positions`,
      ],
      [text(0), 1, "prompt 1: expected at least one token, found none"],
      [text(3), 0, "maxNewTokens must be at least 1, found 0"],
      [{ ids: Int32Array.of(5, vocabulary), images: [] }, 1, `token ${vocabulary} is not in the vocabulary`],
      [{ ids: Int32Array.of(5, -1), images: [] }, 1, "token -1 is not in the vocabulary"],
      [{ ids: Int32Array.of(5, placeholder), images: [] }, 1, "placeholders for each of 0 images, found 1"],
      [{ ids: features[1]!.ids, images: [] }, 1, "placeholders for each of 0 images, found 9"],
      [
        { ids: Int32Array.of(5), images: features[1]!.images },
        1,
        "expected 9 image placeholders for each of 1 images, found 0",
      ],
      [{ ids: features[1]!.ids, images: pixels[1]!.images }, 1, "expected 324 values an image, found 1728"],
    ];
    for (const [prompt, maxNewTokens, message] of broken) {
      await assertRejects(
        () => generate(model, [text(2), prompt], { ...greedy, maxNewTokens }),
        InputError,
        message,
      );
    }
    assertEquals(gpu.liveBytes, live);
  });
  await t.step("memory is given back", async () => {
    const shared = () => gpu.sharedBytes;
    const before = gpu.liveBytes - shared();
    await generate(model, features, greedy);
    await generate(model, features, { ...greedy, temperature: 1 });
    assertEquals(gpu.liveBytes - shared(), before);
    model.destroy();
    assertEquals(gpu.liveBytes, shared());
  });
  gpu.destroy();
});
