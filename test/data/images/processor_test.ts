import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { decodeImage, type Image } from "../../../src/data/images/image.ts";
import { readProcessor } from "../../../src/data/images/processor.ts";
import { sha256 as hash } from "../../../src/run/sha256.ts";
import { needs } from "../../house/permissions.ts";
import { bytes, draw, json, processorOf } from "./_processor.ts";
import base from "../../../data/base/preprocessor_config.json" with { type: "json" };
import stored from "../../fixtures/pictures.json" with { type: "json" };
import preprocess from "./fixtures/preprocess.json" with { type: "json" };

/** What transformers' processors give; see fixtures/make_pictures.py. */
interface Row {
  type: string;
  settings: object;
  picture?: string;
  file?: string;
  width?: number;
  height?: number;
  rows: number;
  columns: number;
  tiles?: string;
  sha256?: string;
}

const rows = stored.processors as Row[];

function joined(tiles: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(tiles.reduce((sum, tile) => sum + tile.length, 0));
  let at = 0;
  for (const tile of tiles) {
    out.set(tile, at);
    at += tile.length;
  }
  return out;
}

async function check({ type, settings, rows, columns, tiles, sha256 }: Row, image: Image): Promise<void> {
  const config = { vision_config: { image_size: 14 } };
  const processor = processorOf({ image_processor_type: type, ...settings }, config);
  const cut = processor.cut(image);
  const what = `${type} ${JSON.stringify(settings)} of ${image.width} x ${image.height}`;
  assertEquals(cut.grid, { rows, columns }, what);
  assertEquals(processor.grid(image.width, image.height), cut.grid, what);
  assertEquals(cut.tiles.length, processor.tileCount(cut.grid), what);
  for (const tile of cut.tiles) assertEquals(tile.length, 3 * processor.size ** 2, what);
  const all = joined(cut.tiles);
  if (tiles !== undefined) assertEquals(all, bytes(tiles), what);
  else assertEquals(await hash(all), sha256, what);
}

for (const type of new Set(rows.map((row) => row.type))) {
  Deno.test(`${type}: every bit as Pillow and transformers make them`, async () => {
    for (const row of rows) {
      if (row.type !== type || row.picture === undefined || row.sha256 !== undefined) continue;
      await check(row, draw(row.picture, row.width!, row.height!));
    }
  });
  Deno.test(`${type}: at true sizes`, async () => {
    for (const row of rows) {
      if (row.type === type && row.sha256 !== undefined) {
        await check(row, draw("noise", row.width!, row.height!));
      }
    }
  });
}

needs("read")(
  "files with transparency, palettes and gray become what the processors make of them",
  async () => {
    const files = rows.filter((row) => row.file !== undefined);
    assert(files.length > 20);
    for (const row of files) {
      const file = await Deno.readFile(new URL(`fixtures/${row.file}`, import.meta.url));
      await check(row, await decodeImage(file));
    }
  },
);

Deno.test("normalised numbers are the processors', whatever steps are switched off", () => {
  for (const { type, settings, values } of stored.normalised) {
    const { tiles } = processorOf({ image_processor_type: type, ...settings }).picture(draw("noise", 13, 9));
    const found = tiles.flatMap((tile) => [...tile]);
    assertEquals(found.length, values.length);
    for (const [i, value] of values.entries()) {
      assertAlmostEquals(
        found[i]!,
        value,
        1e-6 * Math.max(1, Math.abs(value)),
        `${type} ${JSON.stringify(settings)}`,
      );
    }
  }
});

Deno.test("the shipped base's pictures are only normalised, by tables in float64", () => {
  const processor = processorOf(base, { model_type: "llava" });
  const image = draw("noise", 32, 32);
  const { tiles: [tile], grid } = processor.picture(image);
  assertEquals([processor.size, grid], [32, { rows: 0, columns: 0 }]);
  for (let i = 0; i < 32 * 32; i++) {
    for (let c = 0; c < 3; c++) {
      const value = (image.data[3 * i + c]! / 255 - base.image_mean[c]!) / base.image_std[c]!;
      assertEquals(tile![c * 32 * 32 + i], Math.fround(value));
    }
  }
});

Deno.test("the kind is found by any spelling, else by the model's type", () => {
  const size = { height: 8, width: 8 };
  const kind = (settings: object, config = {}) => {
    const { grid, size } = processorOf(settings, config);
    return [size, grid(100, 50).rows];
  };
  for (const end of ["", "Fast", "Pil"]) {
    assertEquals(kind({ image_processor_type: `SiglipImageProcessor${end}`, size }), [8, 0]);
    assertEquals(kind({ image_processor_type: `SmolVLMImageProcessor${end}` }), [364, 2]);
  }
  assertEquals(kind({ feature_extractor_type: "CLIPFeatureExtractor", crop_size: 5 }), [5, 0]);
  assertEquals(kind({}, { model_type: "idefics3" }), [364, 2]);
  assertEquals(kind({}, { model_type: "smolvlm" }), [364, 2]);
  assertEquals(kind({ crop_size: 7 }, { model_type: "llava" }), [7, 0]);
  assertEquals(
    kind({ do_pad: true, size: { shortest_edge: 6 }, do_center_crop: false }, { model_type: "llava" }),
    [6, 0],
  );
});

Deno.test("processor_config.json counts where it holds an image_processor", () => {
  const own = { image_processor_type: "SiglipImageProcessor", size: { height: 8, width: 8 } };
  const inner = { ...own, size: { height: 9, width: 9 } };
  const read = (nested: object | undefined, plain: object | undefined) =>
    readProcessor(
      new Map([
        ...(nested ? [["processor_config.json", json(nested)] as const] : []),
        ...(plain ? [["preprocessor_config.json", json(plain)] as const] : []),
      ]),
      {},
    ).size;
  assertEquals(read({ image_processor: inner }, undefined), 9);
  assertEquals(read({ image_processor: inner }, own), 9);
  assertEquals(read({ processor_class: "LlavaProcessor" }, own), 8);
  assertThrows(() => read({ processor_class: "LlavaProcessor" }, undefined), InputError, "without one");
  assertThrows(() => read(undefined, undefined), InputError, "found neither");
  assertThrows(() => read({ image_processor: [1] }, own), InputError, "image_processor to be an object");
  assertThrows(
    () => read({ image_processor: { ...inner, size: "x" } }, own),
    InputError,
    "processor_config.json, image_processor: expected size to be",
  );
});

Deno.test("the settings are saved as used, in the files they came in", () => {
  const settings = {
    image_processor_type: "Idefics3ImageProcessor",
    do_image_splitting: true,
    video_sampling: { fps: 1 },
  };
  const nested = { processor_class: "Idefics3Processor", image_seq_len: 64, image_processor: settings };
  const files = new Map([["processor_config.json", json(nested)], ["tokenizer.json", json({})]]);
  const asFound = readProcessor(files, {});
  assertEquals(asFound.files(), new Map([["processor_config.json", json(nested)]]));
  assertEquals(asFound.grid(100, 50), { rows: 2, columns: 4 });

  const unsplit = readProcessor(files, {}, { whole: true });
  assertEquals(unsplit.grid(100, 50), { rows: 0, columns: 0 });
  assertEquals(unsplit.picture(draw("smooth", 20, 10)).tiles.length, 1);
  const saved = unsplit.files();
  assertEquals(
    JSON.parse(new TextDecoder().decode(saved.get("processor_config.json"))),
    { ...nested, image_processor: { ...settings, do_image_splitting: false } },
  );
  assertEquals(readProcessor(saved, {}).grid(100, 50), { rows: 0, columns: 0 });

  const both = new Map([...files, ["preprocessor_config.json", json(settings)]]);
  both.delete("tokenizer.json");
  for (const bytes of readProcessor(both, {}, { whole: true }).files().values()) {
    assert(new TextDecoder().decode(bytes).includes('"do_image_splitting": false'));
  }
  // A processor of whole pictures has nothing to split.
  const whole = { image_processor_type: "CLIPImageProcessor" };
  assertEquals(
    processorOf(whole, {}, { whole: true }).files(),
    new Map([["preprocessor_config.json", json(whole)]]),
  );
});

Deno.test("null stands for the default, fields that say nothing of pixels are let by", () => {
  const quiet = {
    image_processor_type: "SiglipImageProcessor",
    processor_class: "LlavaProcessor",
    size: { height: 8, width: 8, longest_edge: null },
    do_convert_rgb: null,
    image_mean: null,
    do_center_crop: null,
    crop_size: { height: 3, width: 3 },
    data_format: "channels_first",
    _valid_processor_keys: ["images"],
    pad_size: null,
    do_thumbnail: false,
  };
  assertEquals(processorOf(quiet).size, 8);
});

Deno.test("whatever is not known is refused by name", () => {
  const siglip = { image_processor_type: "SiglipImageProcessor", size: { height: 8, width: 8 } };
  const clip = { image_processor_type: "CLIPImageProcessor" };
  const tiles = { image_processor_type: "Idefics3ImageProcessor" };
  for (
    const [settings, message] of [
      [{}, "expected image_processor_type to be one of"],
      [{ image_processor_type: "Qwen2VLImageProcessor" }, 'found "Qwen2VLImageProcessor"'],
      [{ image_processor_type: "constructor" }, 'found "constructor"'],
      [{ ...siglip, do_thumbnail: true }, '"do_thumbnail"'],
      [{ ...siglip, constructor: 1 }, '"constructor"'],
      [{ ...siglip, max_image_size: { longest_edge: 8 } }, '"max_image_size"'],
      [{ ...siglip, pad_size: { height: 8, width: 8 } }, '"pad_size"'],
      [{ ...siglip, data_format: "channels_last" }, 'data_format to be "channels_first"'],
      [{ ...siglip, size: { height: 8, width: 9 } }, "settings that make squares"],
      [{ ...siglip, size: { height: 8 } }, "size to be"],
      [{ ...siglip, size: { height: 8.5, width: 8.5 } }, "size to be"],
      [{ ...siglip, size: { height: 0, width: 0 } }, "size to be"],
      [{ ...siglip, size: { height: 1e9, width: 1e9 } }, "1 to 16384"],
      [{ ...siglip, size: { max_height: 8, max_width: 8 } }, "size to be"],
      [{ ...siglip, size: { longest_edge: 8 } }, "how large a picture is in the end"],
      [{ ...siglip, resample: 6 }, "resample to be one of 0 (nearest)"],
      [{ ...siglip, resample: "bicubic" }, "resample to be a number"],
      [{ ...siglip, rescale_factor: "1/255" }, "rescale_factor to be a number"],
      [{ ...siglip, image_mean: [1] }, "image_mean to be three numbers"],
      [{ ...siglip, image_std: [1, 0, 1] }, "image_std to have no 0"],
      [{ ...siglip, do_normalize: "no" }, "do_normalize to be true or false"],
      [{ ...clip, crop_size: { shortest_edge: 3 } }, "crop_size to be {height, width}"],
      [{ ...clip, size: { longest_edge: 300 } }, "longest_edge alone"],
      [{ ...clip, do_center_crop: false }, "how large a picture is in the end"],
      [{ ...tiles, size: { shortest_edge: 8 } }, "found shortest_edge (8)"],
      [{ ...tiles, max_image_size: { height: 8, width: 8 } }, "max_image_size to be {longest_edge}"],
      [{ ...tiles, do_center_crop: true }, '"do_center_crop"'],
    ] as [object, string][]
  ) assertThrows(() => processorOf(settings), InputError, message);
  const broken = (text: string) =>
    readProcessor(new Map([["preprocessor_config.json", new TextEncoder().encode(text)]]), {});
  assertThrows(() => broken("{"), InputError, "preprocessor_config.json: expected JSON");
  assertThrows(() => broken("[]"), InputError, "preprocessor_config.json: expected an object, found a list");
});

Deno.test("a picture that does not become a tile is an input error", () => {
  const loose = {
    image_processor_type: "CLIPImageProcessor",
    do_center_crop: false,
    size: { shortest_edge: 8 },
  };
  const processor = processorOf(loose, { vision_config: { image_size: 8 } });
  assertEquals(processor.picture(draw("noise", 5, 5)).tiles.length, 1);
  assertThrows(() => processor.picture(draw("noise", 5, 10)), InputError, "that becomes 8 x 16");
});

const older = preprocess as {
  mean: number[];
  std: number[];
  cases: { width: number; height: number; size: number; fit: string; pixels: string }[];
  processor: { width: number; height: number; size: number; pixels: number[] };
};

for (const { width, height, size, fit, pixels } of older.cases) {
  Deno.test(`${width} x ${height} to ${size} by ${fit}, every pixel as Pillow`, () => {
    const processor = processorOf({
      ...base,
      do_pad: fit === "pad",
      size,
      crop_size: size,
      image_mean: older.mean,
    });
    assertEquals(processor.cut(draw("noise", width, height)).tiles, [bytes(pixels)]);
  });
}

Deno.test("the numbers of transformers' CLIP processor", () => {
  const { width, height, size, pixels } = older.processor;
  const settings = { size, crop_size: size, image_mean: older.mean, image_std: older.std };
  const clip = processorOf({ image_processor_type: "CLIPImageProcessor", ...settings });
  const [tile] = clip.picture(draw("noise", width, height)).tiles;
  assertEquals(tile!.length, pixels.length);
  for (const [i, value] of pixels.entries()) assertAlmostEquals(tile![i]!, value, 2e-6);
});

Deno.test("what of a picture is shown: its middle, all of it squeezed, or with bars around", () => {
  const box = { height: 8, width: 8 };
  const clip = processorOf({
    image_processor_type: "CLIPImageProcessor",
    size: { shortest_edge: 8 },
    crop_size: box,
  });
  assertEquals(clip.shown(40, 20), { x: 0.25, y: 0, width: 0.5, height: 1 });
  const siglip = processorOf({ image_processor_type: "SiglipImageProcessor", size: box });
  assertEquals(siglip.shown(40, 20), { x: 0, y: 0, width: 1, height: 1 });
  const padded = processorOf({
    image_processor_type: "LlavaImageProcessor",
    do_pad: true,
    size: { shortest_edge: 8 },
    crop_size: box,
  });
  assertEquals(padded.shown(40, 20), { x: 0, y: -0.5, width: 1, height: 2 });
  // What is shown is what is cut: the pixels of the part, and no others.
  const image = draw("bars", 40, 20);
  const marked = { ...image, data: image.data.slice() };
  for (let y = 0; y < 20; y++) marked.data.fill(0, 3 * (40 * y + 36), 3 * (40 * y + 40)); // beyond the middle and the filter
  assertEquals(clip.cut(marked).tiles, clip.cut(image).tiles);
});
