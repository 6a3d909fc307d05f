import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { patchEmbedding, visionEmbedding } from "../../../src/ops/embedding/patch_embedding.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/patch_embedding.ts";
import { draw, Lab, parameter } from "../_lab.ts";

Deno.test("patch embedding", async (t) => {
  const lab = await Lab.open();
  await t.step("result and gradients", async () => {
    const cases = [
      { images: 1, channels: 1, size: 1, patch: 1, width: 1 },
      { images: 2, channels: 3, size: 9, patch: 3, width: 5 },
      { images: 3, channels: 3, size: 8, patch: 4, width: 12 },
      { images: 1, channels: 2, size: 5, patch: 5, width: 7 },
      { images: 2, channels: 3, size: 11, patch: 4, width: 8 }, // the last three pixels fill no patch
      { images: 1, channels: 1, size: 7, patch: 3, width: 1 },
    ];
    for (const sizes of cases) {
      const { images, channels, size, patch, width } = sizes;
      const random = new Random(JSON.stringify(sizes));
      const pixels = draw(random, [images, channels, size, size]);
      const weight = parameter(draw(random, [width, channels, patch, patch]));
      await lab.verify(
        JSON.stringify(sizes),
        { pixels, weight },
        (tape, t) => patchEmbedding(tape, t.pixels, t.weight),
        reference.patchEmbedding(pixels.values, weight.values, sizes),
      );
    }
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => patchEmbedding(tape, tensor(1, 3, 3, 3), tensor(5, 3, 4, 4)),
      Error,
      "patch embedding: a patch of 4 is larger than the image, 3",
    );
    assertThrows(
      () => patchEmbedding(tape, tensor(1, 3, 8, 8), tensor(5, 1, 4, 4)),
      Error,
      "patch embedding: weight must have shape [5,3,4,4], found [5,1,4,4]",
    );
  });
  lab.close();
});

Deno.test("vision embedding", async (t) => {
  const lab = await Lab.open();
  await t.step("result and gradients", async () => {
    for (const [images, n, width] of [[1, 1, 1], [3, 4, 5], [2, 9, 12]] as const) {
      const random = new Random(`${images} ${n} ${width}`);
      const patches = draw(random, [images * n, width]);
      const cls = parameter(draw(random, [width])), position = parameter(draw(random, [n + 1, width]));
      await lab.verify(
        `vision embedding of ${images} images of ${n} patches`,
        { patches, cls, position },
        (tape, t) => visionEmbedding(tape, t.patches, t.cls, t.position),
        reference.visionEmbedding(patches.values, cls.values, position.values),
      );
    }
  });
  await t.step("what does not fit", () => {
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => visionEmbedding(tape, tensor(7, 4), tensor(4), tensor(4, 4)),
      Error,
      "vision embedding: 7 patches are not whole images of 3",
    );
    assertThrows(
      () => visionEmbedding(tape, tensor(6, 4), tensor(5), tensor(4, 4)),
      Error,
      "vision embedding: cls must have shape [4], found [5]",
    );
    const cls = tensor(4);
    cls.requiresGrad = true;
    const y = visionEmbedding(tape, tensor(6, 4), cls, tensor(4, 4));
    assertThrows(() => tape.backward(y, tensor(8, 4)), Error, "class token and positions must be parameters");
  });
  lab.close();
});
