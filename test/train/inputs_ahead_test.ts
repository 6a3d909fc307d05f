import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../src/errors.ts";
import { FeatureFile } from "../../src/train/feature_file.ts";
import { inputsAhead, toHalf } from "../../src/train/inputs_ahead.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const paths = ["a", "bb", "ccc", "bad"];
const shared = {
  paths,
  tileCounts: [1, 2, 1, 1],
  imageSize: 4,
  blankTile: new Float32Array(3),
  tiles: (path: string) =>
    path === "bad"
      ? Promise.reject(new InputError("bad: expected an image"))
      : Promise.resolve(Array.from({ length: path.length === 2 ? 2 : 1 }, (_, i) =>
        new Float32Array(48).fill(path.length + i / 10))),
};

/** A tower whose features are thirds of the pixels, which float16 has to round. */
function tower() {
  const calls: number[] = [];
  return {
    calls,
    encodeImages: (pixels: Float32Array[]) => {
      calls.push(pixels.length);
      return Promise.resolve(pixels.map((all) => all.slice(0, 3).map((x) => x / 3)));
    },
  };
}

test("inputsAhead: features are the same bits whether they are kept or not, and the tower sees many at once", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const found = [];
    for (const maxBytes of [0, 1e6]) {
      const path = join(dir, `${maxBytes}`);
      const features = FeatureFile.open({ path, key: "a", values: 3, images: 4, maxBytes });
      const inputs = inputsAhead({ ...shared, features });
      const model = tower();
      const first = inputs.ready(["a", "bb", "ccc", "a"], model);
      assertThrows(() => inputs.get("a"), Error, "before it was made ready");
      await first.done;
      assertEquals(model.calls, [4]);
      const got = paths.slice(0, 3).map((name) => inputs.get(name));
      first.release();
      first.release();
      assertThrows(() => inputs.get("a"), Error, "before it was made ready");

      const second = inputs.ready(["bb"], model);
      await second.done;
      assertEquals(model.calls.length, maxBytes === 0 ? 2 : 1); // computed again, or read
      assertEquals(inputs.get("bb"), got[1]);
      second.release();
      assertEquals(inputs.blank("bb"), [new Float32Array(3), new Float32Array(3)]);
      inputs.close();
      found.push(got);
    }
    assertEquals(found[0], found[1]);
    assertEquals(found[0]![0], [new Float32Array(3).fill(Math.f16round(Math.fround(1 / 3)))]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("inputsAhead: pixels are as they are, held as long as somebody uses them", async () => {
  const inputs = inputsAhead(shared);
  const model = tower();
  const [one, two] = [inputs.ready(["a", "bb"], model), inputs.ready(["bb"], model)];
  await Promise.all([one.done, two.done]);
  assertEquals(inputs.get("bb"), await shared.tiles("bb"));
  one.release();
  assertEquals(inputs.get("bb")[0]!.length, 48);
  assertThrows(() => inputs.get("a"), Error, "before it was made ready");
  two.release();
  assertThrows(() => inputs.get("bb"), Error, "before it was made ready");
  assertEquals(model.calls, []);
});

Deno.test("inputsAhead: an image that cannot be read fails whoever needs it, and no other", async () => {
  const inputs = inputsAhead(shared);
  const good = inputs.ready(["a"], tower()), bad = inputs.ready(["a", "bad"], tower());
  await assertRejects(() => bad.done, InputError, "bad: expected an image");
  await good.done;
  assertEquals(inputs.get("a").length, 1);
  good.release();
  bad.release();
  assertThrows(() => inputs.ready(["none"], tower()), Error, "none");
});

Deno.test("inputsAhead: where the tower fails, so does whoever waits", async () => {
  const features = { get: () => undefined, add: () => {} } as unknown as FeatureFile;
  const inputs = inputsAhead({ ...shared, features });
  const readied = inputs.ready(["a"], { encodeImages: () => Promise.reject(new Error("device lost")) });
  await assertRejects(() => readied.done, Error, "device lost");
});

Deno.test("toHalf: no number becomes infinite", () => {
  assertEquals([...toHalf(Float32Array.of(1e9, -1e9, 65_504, 0.1))], [
    65_504,
    -65_504,
    65_504,
    Math.f16round(0.1),
  ]);
});
