import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { computeImageInputs } from "../../src/train/image_inputs.ts";
import { fakeEngine } from "./fake_engine.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const pixels = (path: string) => Promise.resolve(new Float32Array(48).fill(path.length));

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
    assertEquals(store.get("yy"), new Float32Array(6).fill(2));
    assertEquals(store.blank, new Float32Array(6));
    assertThrows(() => store.get("other"), Error, "other");
    store.close();

    const before = engine.encoded;
    const again = await computeImageInputs(model, paths, pixels, cache, () => {});
    assertEquals(again.get("zzz"), new Float32Array(6).fill(3));
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
