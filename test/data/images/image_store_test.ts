import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { createImageStore } from "../../../src/data/images/image_store.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import { preprocess } from "../../../src/data/images/preprocess.ts";
import { needs } from "../../house/permissions.ts";

const test = needs("read", "write");

const options = { size: 4, mean: [0.5, 0.4, 0.3], std: [0.5, 0.5, 0.5], fit: "pad" } as const;
const config = {
  ...options,
  mean: [...options.mean] as [number, number, number],
  std: [...options.std] as [number, number, number],
};

/** Files 0.png, 1.png, ... of one colour each. */
function images(count: number): string[] {
  const dir = Deno.makeTempDirSync();
  return Array.from({ length: count }, (_, i) => {
    const path = join(dir, `${i}.png`);
    Deno.writeFileSync(path, encodePng(new Uint8Array(3 * 6 * 2).fill(10 * i), 6, 2));
    return path;
  });
}

test("createImageStore: pixels as preprocess gives them, each file read once", async () => {
  const [path] = images(1);
  const store = createImageStore(config);
  const expected = preprocess({ width: 6, height: 2, data: new Uint8Array(36) }, config);
  const both = await Promise.all([store.pixels(path!), store.pixels(path!)]);
  assertEquals(both, [expected, expected]);
  assert(both[0] !== both[1]);
  assertEquals(store.bytes, 48);
  Deno.removeSync(path!);
  both[0].fill(9);
  assertEquals(await store.pixels(path!), expected);
});

test("createImageStore: memory stays bounded, what was asked for longest ago goes first", async () => {
  const paths = images(5);
  const store = createImageStore(config, 3 * 48);
  const first = await store.pixels(paths[0]!);
  for (const path of paths.slice(1, 3)) await store.pixels(path);
  await store.pixels(paths[0]!);
  for (const path of paths.slice(3)) await store.pixels(path);
  assertEquals(store.bytes, 3 * 48);
  for (const path of paths) Deno.removeSync(path);
  assertEquals(await store.pixels(paths[0]!), first);
  await assertRejects(() => store.pixels(paths[1]!), InputError);
  await assertRejects(() => store.pixels(paths[2]!), InputError);
  assert((await store.pixels(paths[4]!)).length === 48);
});

test("createImageStore: room for nothing still gives every image", async () => {
  const paths = images(3);
  const store = createImageStore(config, 0);
  for (const path of [...paths, ...paths]) assertEquals((await store.pixels(path)).length, 48);
  assertEquals(store.bytes, 0);
});

test("createImageStore: errors begin with the path, and a file that was mended is read", async () => {
  const [path] = images(1);
  const good = Deno.readFileSync(path!);
  const store = createImageStore(config);
  Deno.writeTextFileSync(path!, "no image");
  const error = await assertRejects(() => store.pixels(path!), InputError);
  assert(error.message.startsWith(`${path}: expected a PNG, JPEG or WebP image`), error.message);
  Deno.writeFileSync(path!, good);
  assertEquals((await store.pixels(path!)).length, 48);
  await assertRejects(
    () => store.pixels("nowhere.png"),
    InputError,
    "nowhere.png: expected an image file, found none",
  );
  const folder = Deno.makeTempDirSync();
  await assertRejects(() => store.pixels(folder), InputError, `${folder}: expected an image file, found `);
});
