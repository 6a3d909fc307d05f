import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { createGpu } from "../../../src/gpu/gpu.ts";
import type { Sequence } from "../../../src/lmm/batch.ts";
import { encodeImages } from "../../../src/lmm/features.ts";
import { generate } from "../../../src/lmm/generate.ts";
import { cacheBytes } from "../../../src/lmm/generation/key_value_cache.ts";
import { GenerationSession } from "../../../src/lmm/generation/session.ts";
import { Random } from "../../../src/random.ts";
import { loadCase, readCase } from "../_case.ts";
import { drawSequence } from "../_draw.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read");

test("a conversation goes on as if it began anew", async (t) => {
  const gpu = await createGpu();
  const model = await loadCase(gpu, await readCase("llava"));
  const random = new Random("session");
  const own = () => gpu.liveBytes - gpu.sharedBytes;
  const text = (count: number) => drawSequence(model, random, count, 0).ids;
  const join = (...parts: Int32Array[]) => Int32Array.from(parts.flatMap((ids) => [...ids]));
  const picture = async (count: number) => {
    const { ids, images } = drawSequence(model, random, count, 1);
    return { ids, images: await encodeImages(model, images) };
  };
  const one = async (prompt: Sequence, options: Parameters<GenerationSession["answer"]>[1]) =>
    (await generate(model, [prompt], options))[0]!;
  const placeholder = model.imageId;
  const options = { maxNewTokens: 3, stops: [placeholder] };

  for (
    const [name, how] of [
      ["greedy", {}],
      ["greedy with a repetition penalty", { repetitionPenalty: 1.3 }],
      ["drawn", { temperature: 1.1, topK: 20, seed: 3 }],
    ] as const
  ) {
    await t.step(name, async () => {
      const before = own();
      const session = new GenerationSession(model);
      const opening = await picture(3);
      let prompt: Sequence = opening;
      let known = 0;
      for (let turn = 0; turn < 4; turn++) {
        const answer = await session.answer(prompt, { ...options, ...how });
        assertEquals(answer.ids, await one(prompt, { ...options, ...how }), `turn ${turn}`);
        assertEquals(answer.reused, known, `turn ${turn}`);
        assertEquals(answer.stop !== undefined, answer.ids.length < options.maxNewTokens);
        known = prompt.ids.length + answer.ids.length - (answer.stop === undefined ? 1 : 0);
        assertEquals(session.tokens, known);
        prompt = { ids: join(prompt.ids, answer.ids, text(2)), images: prompt.images };
      }
      session.destroy();
      assertEquals(own(), before);
    });
  }
  await t.step("an image in a later turn is read where it stands", async () => {
    const session = new GenerationSession(model);
    const opening = await picture(6), later = await picture(0);
    await session.answer(opening, options);
    const prompt = {
      ids: join(opening.ids, later.ids, text(1)),
      images: [...opening.images, ...later.images],
    };
    const answer = await session.answer(prompt, options);
    assertEquals(answer.ids, await one(prompt, options));
    assertEquals(answer.reused, opening.ids.length);
    session.destroy();
  });
  await t.step("what does not begin alike is read anew, from where it differs", async () => {
    const session = new GenerationSession(model);
    const opening = await picture(12);
    await session.answer(opening, options);
    // Another image in the same place: the tokens are equal, their features are not.
    const other = { ids: opening.ids, images: (await picture(0)).images };
    const answer = await session.answer(other, options);
    const before = opening.ids.indexOf(placeholder);
    assertEquals(answer.ids, await one(other, options));
    assert(answer.reused <= before, `${answer.reused} tokens reused, the image begins at ${before}`);
    // The same features in another array are the same image; a changed last token is read again.
    const ids = opening.ids.slice();
    ids[ids.length - 1] = ids.at(-1) === 9 ? 10 : 9;
    const changed = { ids, images: other.images.map((image) => image.slice()) };
    const again = await session.answer(changed, options);
    assertEquals(again.ids, await one(changed, options));
    if (ids.at(-2) !== placeholder) assertEquals(again.reused, ids.length - 1);
    const strange = { ids: text(9), images: [] };
    assertEquals((await session.answer(strange, options)).ids, await one(strange, options));
    session.destroy();
  });
  await t.step("the same prompt once more: its last token alone is read", async () => {
    const session = new GenerationSession(model);
    const prompt = { ids: text(8), images: [] };
    const first = await session.answer(prompt, options);
    assertEquals(await session.answer(prompt, options), { ...first, reused: 7 });
    session.destroy();
  });
  await t.step("the cache is as long as it has to be, and doubles", async () => {
    const session = new GenerationSession(model);
    assertEquals(session.bytes, 0);
    const ids = text(20);
    const ask = (length: number) => session.answer({ ids: ids.subarray(0, length), images: [] }, options);
    await ask(5);
    assertEquals(session.bytes, cacheBytes(model, 1, 8));
    await ask(6);
    assertEquals(session.bytes, cacheBytes(model, 1, 16));
    await ask(13);
    assertEquals(session.bytes, cacheBytes(model, 1, 16));
    assertEquals((await ask(14)).ids, await one({ ids: ids.subarray(0, 14), images: [] }, options));
    assertEquals(session.bytes, cacheBytes(model, 1, Math.min(32, model.maxPositions)));
    session.destroy();
    assertEquals(session.bytes, 0);
  });
  await t.step("after an error it begins anew", async () => {
    const session = new GenerationSession(model);
    const ids = text(9);
    await session.answer({ ids, images: [] }, options);
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => session.answer({ ids, images: [] }, { ...options, signal }), Error, "enough");
    const answer = await session.answer({ ids, images: [] }, options);
    assertEquals([answer.reused, answer.ids], [0, await one({ ids, images: [] }, options)]);
    const long = { ids: text(model.maxPositions), images: [] };
    await assertRejects(() => session.answer(long, options), InputError, "are over the model's");
    session.destroy();
  });
  model.destroy();
  assertEquals(own(), 0);
  gpu.destroy();
});
