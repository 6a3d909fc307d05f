import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { computeImageInputs } from "../../src/train/image_inputs.ts";
import { fakeEngine } from "./fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const pixels = (path: string) => Promise.resolve([new Float32Array(48).fill(path.length)]);

test("features are computed once an image, and kept in a file that is whole or not there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cache = { path: join(folder, "cache", "features.bin"), key: "a" };
    const engine = fakeEngine();
    const model = engine.create({}, 0);
    const paths = ["x", "yy", "zzz"];

    await assertRejects(() =>
      computeImageInputs(
        model,
        paths,
        (path) => {
          if (path === "zzz") throw new Error("killed");
          return pixels(path);
        },
        cache,
        () => {},
      )
    );
    await assertRejects(() => Deno.stat(cache.path), Deno.errors.NotFound);

    const done: number[] = [];
    const store = await computeImageInputs(model, paths, pixels, cache, (n) => done.push(n));
    assertEquals(done, [3]);
    assertEquals(store.get("yy"), [new Float32Array(6).fill(2)]);
    assertEquals(store.blank("yy"), [new Float32Array(6)]);
    assertEquals(store.blankTile, new Float32Array(6));
    assertThrows(() => store.get("other"), Error, "other");
    store.close();

    const before = engine.encoded;
    const again = await computeImageInputs(model, paths, pixels, cache, () => {});
    assertEquals(again.get("zzz"), [new Float32Array(6).fill(3)]);
    assertEquals(engine.encoded, before);
    again.close();

    // Another key, or a file that was cut, is computed anew.
    (await computeImageInputs(model, paths, pixels, { ...cache, key: "b" }, () => {})).close();
    await Deno.truncate(cache.path, 60);
    (await computeImageInputs(model, paths, pixels, { ...cache, key: "b" }, () => {})).close();
    assertEquals(engine.encoded, before + 8);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("an image of several tiles keeps them in order, from memory and from the file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // 1 MiB a tile: in the small store all stay in memory, in the large one they are read from the file.
    for (const count of [3, 90]) {
      const paths = Array.from({ length: count }, (_, i) => `p${i}`);
      const many = (i: number) => [1, 5, 3][i % 3]!;
      const value = (i: number, tile: number) => i + tile / 8;
      const tiles = (path: string) => {
        const i = Number(path.slice(1));
        const list = Array.from(
          { length: many(i) },
          (_, tile) => new Float32Array(1 << 18).fill(value(i, tile)),
        );
        return Promise.resolve(list);
      };
      const cache = { path: join(folder, `${count}.bin`), key: "a" };
      const model = { imageSize: 512, encodeImages: (list: Float32Array[]) => Promise.resolve(list) };
      const done: number[] = [];
      model.encodeImages = (list) =>
        Promise.resolve(list.map((tile) => tile.length === 1 << 18 ? tile : new Float32Array(1 << 18)));
      const first = await computeImageInputs(model, paths, tiles, cache, (n) => done.push(n));
      first.close();
      assertEquals(done.at(-1), count);
      assertEquals(done, done.toSorted((a, b) => a - b));
      const fail = () => Promise.reject(new Error("read again"));
      const again = await computeImageInputs(model, paths, fail, cache, () => {});
      for (const i of [0, 1, 2, count - 1]) {
        const got = again.get(`p${i}`);
        assertEquals(
          got.map((tile) => [tile.length, tile[0], tile.at(-1)]),
          Array.from({ length: many(i) }, (_, tile) => [1 << 18, value(i, tile), value(i, tile)]),
        );
        assertEquals(again.blank(`p${i}`).map((tile) => tile[5]), new Array(many(i)).fill(0));
      }
      again.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
