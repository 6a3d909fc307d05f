import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { pictureError, readStoredPictures } from "../../src/verify/stored_pictures.ts";
import { fixture } from "../lmm/_case.ts";
import { needs } from "../house/permissions.ts";
import { changeTensors, withCopy } from "./_folder.ts";

const test = needs("read", "write");

test("pictures with the tiles that belong to them", async () => {
  const pictures = await readStoredPictures(fixture("chat_idefics3"), 24);
  const tiles = pictures!.map(({ file, tiles }) => [file, tiles.length]);
  assertEquals(Object.fromEntries(tiles), {
    "grey.png": 13,
    "grey_alpha.png": 17,
    "palette.png": 13,
    "rgb.png": 17,
    "strip.png": 5,
    "tall.png": 9,
    "tiny.png": 13,
    "wide.png": 5,
  });
  assert(
    pictures!.every(({ tiles, bytes }) =>
      tiles.every(({ length }) => length === 3 * 24 ** 2) && bytes[1] === 80
    ),
  );
  assertEquals(await readStoredPictures(fixture("llava"), 24), undefined, "a case without pictures");
});

test("pictures and pixels that do not belong together are named", async () => {
  type Change = (folder: string) => Promise<void>;
  const tensors = (change: Parameters<typeof changeTensors>[1]): Change => (folder) =>
    changeTensors(join(folder, "pictures.safetensors"), change);
  const wrong: [Change, string][] = [
    [
      (folder) => Deno.remove(join(folder, "pictures.safetensors")),
      "pictures.safetensors: expected the pixels of",
    ],
    [
      (folder) => Deno.remove(join(folder, "pictures/rgb.png")),
      "pictures/rgb.png: expected the picture of a tensor",
    ],
    [tensors((all) => all.delete("rgb.png")), "expected pixels of every picture in"],
    [
      tensors((all) => all.get("rgb.png")!.shape = [3, 1, 23, 23]),
      "tensor rgb.png: expected shape [tiles, 3, 23, 23]",
    ],
    [
      tensors((all) => all.set("../case.json", all.get("rgb.png")!)),
      "tensor ../case.json: expected the name of a file",
    ],
  ];
  for (const [change, message] of wrong) {
    await withCopy("chat_qwen", async (folder) => {
      await change(folder);
      await assertRejects(() => readStoredPictures(folder, 23), InputError, message);
    });
  }
});

Deno.test("differences of pixels are counted in steps of the picture's colours", () => {
  const of = (values: number[]) => ({
    file: "a.png",
    bytes: new Uint8Array(),
    tiles: [Float32Array.from(values)],
  });
  const stored = of(new Array(12).fill(0)); // 2 × 2 pixels
  const found = new Float32Array(12);
  assertEquals(pictureError([found], stored, [0.5, 0.5, 0.5]), { error: 0, where: "a.png" });
  found[6] = 2 / 255;
  const { error, where } = pictureError([found], stored, [0.5, 0.25, 0.5]);
  assertAlmostEquals(error, 0.5, 1e-6);
  assertEquals(where, "a.png, tile 0, row 1, column 0, green");
  found[11] = NaN;
  assert(Number.isNaN(pictureError([found], stored, [1, 1, 1]).error));
  assertEquals(pictureError([], stored, [1, 1, 1]), {
    error: Infinity,
    where: "a.png: expected 1 tiles, found 0",
  });
});
