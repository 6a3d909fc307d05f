import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { loadDataset } from "../../../src/data/dataset/load_dataset.ts";
import { checkImageFile } from "../../../src/data/images/file_head.ts";
import { createImageStore } from "../../../src/data/images/image_store.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import { readProcessor } from "../../../src/data/images/processor.ts";
import { processorOf } from "./_processor.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

const settings = {
  image_processor_type: "LlavaImageProcessor",
  do_pad: true,
  size: 4,
  crop_size: 4,
  image_mean: [0.5, 0.4, 0.3],
  image_std: 0.5,
};
const processor = processorOf(settings);

/** Files 0.png, 1.png, ... of one colour each. */
function images(count: number): string[] {
  const dir = Deno.makeTempDirSync();
  return Array.from({ length: count }, (_, i) => {
    const path = join(dir, `${i}.png`);
    Deno.writeFileSync(path, encodePng(new Uint8Array(3 * 6 * 2).fill(10 * i), 6, 2));
    return path;
  });
}

test("createImageStore: tiles as the processor gives them, each file read once", async () => {
  const [path] = images(1);
  const store = createImageStore(processor);
  const expected = processor.picture({ width: 6, height: 2, data: new Uint8Array(36) }).tiles;
  const both = await Promise.all([store.tiles(path!), store.tiles(path!)]);
  assertEquals(both, [expected, expected]);
  assert(both[0] !== both[1]);
  assertEquals(store.bytes, 48);
  Deno.removeSync(path!);
  both[0][0]!.fill(9);
  assertEquals(await store.tiles(path!), expected);
});

test("createImageStore: memory stays bounded, what was asked for longest ago goes first", async () => {
  const paths = images(5);
  const store = createImageStore(processor, { maxBytes: 3 * 48 });
  const first = await store.tiles(paths[0]!);
  for (const path of paths.slice(1, 3)) await store.tiles(path);
  await store.tiles(paths[0]!);
  for (const path of paths.slice(3)) await store.tiles(path);
  assertEquals(store.bytes, 3 * 48);
  for (const path of paths) Deno.removeSync(path);
  assertEquals(await store.tiles(paths[0]!), first);
  await assertRejects(() => store.tiles(paths[1]!), InputError);
  await assertRejects(() => store.tiles(paths[2]!), InputError);
  assertEquals((await store.tiles(paths[4]!))[0]!.length, 48);
});

test("createImageStore: room for nothing still gives every image", async () => {
  const paths = images(3);
  const store = createImageStore(processor, { maxBytes: 0 });
  for (const path of [...paths, ...paths]) assertEquals((await store.tiles(path))[0]!.length, 48);
  assertEquals(store.bytes, 0);
});

test("createImageStore: errors begin with the path, and a file that was mended is read", async () => {
  const [path] = images(1);
  const good = Deno.readFileSync(path!);
  const store = createImageStore(processor);
  Deno.writeTextFileSync(path!, "no image");
  const error = await assertRejects(() => store.tiles(path!), InputError);
  assert(error.message.startsWith(`${path}: expected a PNG, JPEG, WebP`), error.message);
  Deno.writeFileSync(path!, good);
  assertEquals((await store.tiles(path!))[0]!.length, 48);
  await assertRejects(
    () => store.tiles("nowhere.png"),
    InputError,
    "nowhere.png: expected an image file, found none",
  );
  const folder = Deno.makeTempDirSync();
  await assertRejects(() => store.tiles(folder), InputError, `${folder}: expected an image file, found `);
});

test("createImageStore: the grid is known from a file's head, and of tiles all are kept", async () => {
  const [path] = images(1);
  const tiled = processorOf({
    image_processor_type: "Idefics3ImageProcessor",
    size: { longest_edge: 24 },
    max_image_size: { longest_edge: 8 },
  });
  const store = createImageStore(tiled);
  const whole = Deno.readFileSync(path!);
  Deno.writeFileSync(path!, whole.subarray(0, 33));
  assertEquals(await store.grid(path!), { rows: 1, columns: 3 });
  assertEquals(store.bytes, 0);
  Deno.writeFileSync(path!, whole);
  assertEquals((await store.tiles(path!)).map((tile) => tile.length), [192, 192, 192, 192]);
  assertEquals(store.bytes, 4 * 192);
  Deno.writeTextFileSync(path!, "no image");
  const error = await assertRejects(() => createImageStore(tiled).grid(path!), InputError);
  assert(error.message.startsWith(`${path}: expected a PNG, JPEG, WebP`), error.message);
  await assertRejects(
    () => store.grid("nowhere.png"),
    InputError,
    "nowhere.png: expected an image file, found none",
  );
});

test("createImageStore: pictures are turned as their tag says where the processor asks for it", async () => {
  const path = new URL("fixtures/turned6.png", import.meta.url).pathname;
  const tiled = {
    image_processor_type: "Idefics3ImageProcessor",
    size: { longest_edge: 24 },
    max_image_size: { longest_edge: 8 },
  };
  assertEquals(await createImageStore(processorOf(tiled)).grid(path), { rows: 2, columns: 3 });
  const turned = createImageStore(processorOf(tiled, {}, { exif: true }));
  assertEquals(await turned.grid(path), { rows: 3, columns: 2 });
  assertEquals((await turned.tiles(path)).length, 7);
});

test("a picture's pixels are limited as asked, in its head, in the store and in the dataset", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/p.png`;
  await Deno.writeFile(path, encodePng(new Uint8Array(3 * 12 * 12), 12, 12));
  const settings = { image_processor_type: "SiglipImageProcessor", size: { height: 4, width: 4 } };
  const files = new Map([["preprocessor_config.json", new TextEncoder().encode(JSON.stringify(settings))]]);
  const store = (maxPixels?: number) => createImageStore(readProcessor(files, {}, { maxPixels }));
  assertEquals((await store(144).tiles(path)).length, 1);
  await assertRejects(() => store(143).tiles(path), InputError, "raise the limit with --max-pixels");
  checkImageFile(path, 144);
  assertThrows(() => checkImageFile(path, 143), InputError, "at most 143 pixels, found one of 12 x 12");
  const sample = {
    id: "1",
    image: "p.png",
    conversations: [{ from: "human", value: "What?" }, { from: "gpt", value: "a" }],
  };
  await Deno.writeTextFile(`${folder}/see_train.json`, JSON.stringify([sample]));
  const load = (maxPixels: number) => loadDataset(folder, { splits: ["train"], maxPixels });
  assertEquals((await load(144)).samples.train.get("see")!.length, 1);
  await assertRejects(() => load(143), InputError, "--max-pixels");
  await Deno.remove(folder, { recursive: true });
});
