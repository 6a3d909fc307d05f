import { assert, assertEquals, assertRejects } from "@std/assert";
import { createGpu } from "../../src/gpu/gpu.ts";
import { encodeImages } from "../../src/lmm/features.ts";
import { Random } from "../../src/random.ts";
import { CASES, loadCase, readCase } from "./_case.ts";
import { drawSequence } from "./_draw.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

test("features of the vision tower", async (t) => {
  const gpu = await createGpu();
  for (const name of CASES) {
    await t.step(`an image has the same features alone and among 130: ${name}`, async () => {
      const model = await loadCase(gpu, await readCase(name));
      const { images } = drawSequence(model, new Random(name), 0, 130);
      const all = await encodeImages(model, images);
      assertEquals(all.length, 130);
      assert(
        all.every((f) => f.length === model.imageTokens * model.featureWidth && f.every(Number.isFinite)),
      );
      for (const i of [0, 63, 64, 127, 128, 129]) {
        assertEquals((await encodeImages(model, [images[i]!]))[0], all[i]);
      }
      assert(all[0]!.some((x, i) => x !== all[1]![i]), "two images have the same features");
      assertEquals(await encodeImages(model, []), []);
      model.destroy();
    });
  }
  await t.step("an image of the wrong size is said, and leaves nothing behind", async () => {
    const model = await loadCase(gpu, await readCase("llava"));
    const live = gpu.liveBytes - gpu.sharedBytes;
    const wrong = [new Float32Array(3 * 24 * 24), new Float32Array(3 * 24 * 23)];
    await assertRejects(
      () => encodeImages(model, wrong),
      Error,
      "expected 1728 pixel values an image, found 1656",
    );
    assertEquals(gpu.liveBytes - gpu.sharedBytes, live);
    model.destroy();
  });
  gpu.destroy();
  assertEquals(gpu.liveBytes, 0);
});
