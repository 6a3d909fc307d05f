import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { FeatureFile } from "../../src/train/feature_file.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read", "write");

const tile = (value: number) => new Float16Array(4).fill(value);

async function withFile(run: (path: string) => void): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    run(join(dir, "cache", "features.f16"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

test("FeatureFile: what was added is found, in this sitting and the next", () =>
  withFile((path) => {
    const options = { path, key: "a", values: 4, images: 5, maxBytes: 1e6 };
    const file = FeatureFile.open(options);
    file.add(3, [tile(1), tile(2)]);
    file.add(0, [tile(3)]);
    assertEquals(file.get(3, 2), [tile(1), tile(2)]);
    assertEquals(file.get(1, 1), undefined);
    file.close();

    const again = FeatureFile.open(options);
    assertEquals(again.get(0, 1), [tile(3)]);
    assertEquals(again.get(3, 2), [tile(1), tile(2)]);
    assertEquals(again.get(3, 1), undefined); // of another number of tiles
    again.add(4, [tile(4)]);
    assertEquals(again.get(4, 1), [tile(4)]);
    again.close();

    const other = FeatureFile.open({ ...options, key: "b" });
    assertEquals(other.get(0, 1), undefined);
    other.close();
  }));

test("FeatureFile: no more than its budget", () =>
  withFile((path) => {
    const file = FeatureFile.open({ path, key: "a", values: 4, images: 5, maxBytes: 60 });
    const before = file.bytes;
    file.add(0, [tile(1)]);
    file.add(1, [tile(2)]);
    assertEquals(file.bytes, before + 20);
    assertEquals([file.get(0, 1), file.get(1, 1)], [[tile(1)], undefined]);
    file.close();
    assertEquals(Deno.statSync(path).size, before + 20);
  }));

test("FeatureFile: what was cut off or changed is not believed", () =>
  withFile((path) => {
    const options = { path, key: "a", values: 4, images: 5, maxBytes: 1e6 };
    const file = FeatureFile.open(options);
    for (const i of [0, 1, 2]) file.add(i, [tile(i)]);
    file.close();
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    const cut = FeatureFile.open(options);
    assertEquals([1, 2].map((i) => cut.get(i, 1)), [[tile(1)], undefined]);
    cut.add(2, [tile(2)]);
    cut.close();
    assertEquals(Deno.readFileSync(path), bytes);

    bytes[bytes.length - 21]! ^= 1; // in the record before the last
    Deno.writeFileSync(path, bytes);
    const changed = FeatureFile.open(options);
    assertEquals([0, 1, 2].map((i) => changed.get(i, 1)), [[tile(0)], undefined, [tile(2)]]);
    changed.add(1, [tile(1)]);
    assertEquals(changed.get(1, 1), [tile(1)]);
    changed.close();
  }));
