import { assertEquals, assertRejects } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import type { Tensor } from "../../../src/autograd/tensor.ts";
import { InputError } from "../../../src/errors.ts";
import { createGpu } from "../../../src/gpu/gpu.ts";
import { batchArrays, batchInputs, batchSize, joinImages } from "../../../src/lmm/batch.ts";
import { encodeImages } from "../../../src/lmm/features.ts";
import { attentionMaps } from "../../../src/lmm/generation/attention_maps.ts";
import { packedAttention } from "../../../src/lmm/lmm.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/attention.ts";
import { needs } from "../../house/permissions.ts";
import { close } from "../../ops/_lab.ts";
import { loadCase, readCase } from "../_case.ts";
import { drawSequence } from "../_draw.ts";

const test = needs("read");

for (const name of ["llava", "smolvlm"]) {
  test(`attention maps of ${name} are those of its layers' queries and keys`, async () => {
    const gpu = await createGpu();
    const model = await loadCase(gpu, await readCase(name));
    const live = gpu.liveBytes - gpu.sharedBytes;
    const drawn = drawSequence(model, new Random("maps"), 9, 1);
    const images = await encodeImages(model, drawn.images);
    const prompt = { ids: drawn.ids.slice(0, -3), images }, answer = drawn.ids.slice(-3);
    // As many tokens after the picture as are cut off: the answer has no placeholder.
    if (answer.includes(model.imageId)) throw new Error("the answer must be text");
    const { length, layers } = await attentionMaps(model, prompt, answer);
    assertEquals(gpu.liveBytes - gpu.sharedBytes, live, "bytes alive");
    assertEquals([length, layers.length], [drawn.ids.length - 1, model.layers]);

    const sequence = { ids: drawn.ids.slice(0, -1), images }, size = batchSize([sequence]);
    const tape = new Tape(gpu), none = new Set<never>(), read: Tensor[] = [];
    const inputs = batchInputs(tape, size, model.imageTokens);
    tape.noGrad(() => {
      const features = tape.input("images", [size.images * model.imageTokens, model.featureWidth]);
      const x = model.embed(tape, model.project(tape, features, none), inputs.index, none);
      const attend = packedAttention(tape, inputs.span, model.heads);
      model.decode(tape, x, inputs.positions, (layer, qkv) => {
        read.push(tape.output(qkv));
        return attend(layer, qkv);
      }, none);
    });
    const program = tape.compile();
    program.upload({
      ...batchArrays([sequence], size, model),
      images: joinImages([sequence], size.images, model.imageTokens * model.featureWidth),
    });
    program.run();
    const span = reference.spans([length], size.rows - length);
    for (const [layer, qkv] of read.entries()) {
      const made = reference.attention(await qkv.read(gpu), span, model.heads, true);
      // The row before a token is the one from which it is taken.
      const rows = [length - 3, length - 2, length - 1];
      close(layers[layer]!, made.probabilities(rows, length), `layer ${layer}`, 3e-6);
    }
    program.destroy();
    await assertRejects(
      () => attentionMaps(model, { ids: prompt.ids.slice(1), images: [] }, answer),
      InputError,
      "placeholders",
    );
    model.destroy();
    gpu.destroy();
  });
}
