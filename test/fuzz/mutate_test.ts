import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Random } from "../../src/random.ts";
import { mutate } from "./mutate.ts";

const files = new Map([
  ["config.json", new TextEncoder().encode('{"size": 12, "name": "x", "list": [1, 2.5, -3e4]}')],
  ["model.safetensors", Uint8Array.from({ length: 64 }, (_, i) => i)],
]);

Deno.test("one file is damaged, the others and the originals stay", () => {
  const random = new Random("mutate");
  const before = structuredClone(files);
  let changed = 0;
  for (let i = 0; i < 500; i++) {
    const { files: made, damaged } = mutate(files, random);
    assertEquals([...made.keys()], [...files.keys()]);
    for (const [name, bytes] of made) if (name !== damaged) assert(bytes === files.get(name));
    if (String(made.get(damaged)) !== String(files.get(damaged))) changed++;
  }
  assertEquals(files, before);
  assert(changed > 400, `${changed} of 500 changed`);
});

Deno.test("one seed, one series of damages", () => {
  const series = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => String([...mutate(files, random).files.values()]));
  };
  assertEquals(series(1), series(1));
  assertNotEquals(series(1), series(2));
});
