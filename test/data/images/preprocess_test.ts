import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import {
  preprocess,
  type PreprocessOptions,
  readPreprocessorConfig,
  toSquare,
} from "../../../src/data/images/preprocess.ts";
import base from "../../../data/base/preprocessor_config.json" with { type: "json" };
import stored from "./fixtures/preprocess.json" with { type: "json" };

/** What Pillow and transformers give; see fixtures/make.py. */
const fixture = stored as {
  mean: PreprocessOptions["mean"];
  std: PreprocessOptions["std"];
  cases: { width: number; height: number; size: number; fit: "pad" | "crop"; pixels: string }[];
  processor: { width: number; height: number; size: number; pixels: number[] };
};

function pattern(width: number, height: number) {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 97 + (i * i) % 89 * 13) % 256);
  return { width, height, data };
}

for (const { width, height, size, fit, pixels } of fixture.cases) {
  Deno.test(`toSquare: ${width} x ${height} to ${size} by ${fit}, every pixel as Pillow`, () => {
    const out = toSquare(pattern(width, height), { size, fit, mean: fixture.mean, std: fixture.std });
    assertEquals(out, Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0)));
  });
}

Deno.test("preprocess: the numbers of Hugging Face's CLIP processor", () => {
  const { width, height, size, pixels } = fixture.processor;
  const out = preprocess(pattern(width, height), { size, fit: "crop", mean: fixture.mean, std: fixture.std });
  assertEquals(out.length, pixels.length);
  for (const [i, value] of pixels.entries()) assertAlmostEquals(out[i]!, value, 2e-6);
});

Deno.test("preprocess: an image of the right size is only normalised, channel after channel", () => {
  const image = pattern(6, 6);
  for (const fit of ["pad", "crop"] as const) {
    const out = preprocess(image, { size: 6, fit, mean: [0, 0.5, 1], std: [1, 2, 4] });
    for (let i = 0; i < 36; i++) {
      assertAlmostEquals(out[i]!, image.data[3 * i]! / 255, 1e-6);
      assertAlmostEquals(out[36 + i]!, (image.data[3 * i + 1]! / 255 - 0.5) / 2, 1e-6);
      assertAlmostEquals(out[72 + i]!, (image.data[3 * i + 2]! / 255 - 1) / 4, 1e-6);
    }
  }
});

Deno.test("toSquare: an image of one colour stays so, whatever the size", () => {
  for (const [width, height, size] of [[1, 1, 9], [50, 50, 7], [3, 3, 224]] as const) {
    const out = toSquare({ width, height, data: new Uint8Array(3 * width * height).fill(77) }, {
      size,
      fit: "pad",
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    assert(out.every((v) => v === 77));
  }
});

Deno.test("readPreprocessorConfig: LLaVA's and CLIP's files", () => {
  const image_mean = [0.1, 0.2, 0.3], image_std = [1, 1, 1];
  const expected = { size: 336, mean: image_mean, std: image_std };
  assertEquals(
    readPreprocessorConfig(JSON.stringify({
      do_center_crop: true,
      crop_size: { height: 336, width: 336 },
      size: { shortest_edge: 336 },
      resample: 3,
      rescale_factor: 0.00392156862745098,
      image_mean,
      image_std,
    })),
    { ...expected, fit: "crop" } as PreprocessOptions,
  );
  assertEquals(
    readPreprocessorConfig({ do_pad: true, size: { height: 336, width: 336 }, image_mean, image_std }),
    { ...expected, fit: "pad" } as PreprocessOptions,
  );
  assertEquals(readPreprocessorConfig(base).fit, "pad");
});

Deno.test("readPreprocessorConfig: anything else is an input error", () => {
  const good = { size: 8, image_mean: [0, 0, 0], image_std: [1, 1, 1] };
  for (
    const [bad, message] of [
      ["{", "expected JSON"],
      ["[]", "square size"],
      [{ ...good, size: { height: 8, width: 9 } }, "square size"],
      [{ ...good, crop_size: 7 }, "crop_size of 8"],
      [{ ...good, do_normalize: false }, "do_normalize"],
      [{ ...good, resample: 2 }, "bicubic"],
      [{ ...good, rescale_factor: 1 }, "1/255"],
      [{ ...good, image_mean: [1] }, "image_mean"],
      [{ ...good, image_std: [1, 0, 1] }, "above 0"],
    ] as const
  ) assertThrows(() => readPreprocessorConfig(bad), InputError, message);
});
