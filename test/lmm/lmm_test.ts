import { assert, assertEquals } from "@std/assert";
import { createGpu } from "../../src/gpu/gpu.ts";
import { parseConfig } from "../../src/lmm/families/parse_config.ts";
import { modelLayout } from "../../src/lmm/layout.ts";
import { Lmm } from "../../src/lmm/lmm.ts";
import { spans } from "../../src/lmm/spans.ts";
import { BLOCK } from "../../src/nn/parameters.ts";
import { CASES, distance, forward, norm, readCase } from "./_case.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

Deno.test("spans: first row and end of each row's sequence", () => {
  assertEquals([...spans([2, 1, 3], 8)], [0, 2, 0, 2, 2, 3, 3, 6, 3, 6, 3, 6, 0, 0, 0, 0]);
  assertEquals([...spans([], 2)], [0, 0, 0, 0]);
});

test("a model's layout", async () => {
  for (const name of CASES) {
    const { files } = await readCase(name);
    const config = parseConfig(JSON.parse(new TextDecoder().decode(files.get("config.json"))));
    const layout = modelLayout(config);
    assertEquals(layout.map(({ name }) => name), ["vision", "projector", "language"]);
    const specs = layout.flatMap(({ bundles }) => bundles.flat());
    assertEquals(new Set(specs.map(({ name }) => name)).size, specs.length, "a name stands twice");
    const idle = specs.filter(({ idle }) => idle).map(({ name }) => name);
    // -2 leaves the tower's second layer out, -1 only the norm after the last, which Idefics3 applies.
    assertEquals(idle.length, name === "llava" ? 18 : name.startsWith("llava") ? 2 : 0);
    assert(idle.every((name) => /layers\.1\.|post_layernorm/.test(name) && name.startsWith("vision_tower")));
  }
});

test("a new model", async (t) => {
  const gpu = await createGpu();
  const { files, rows } = await readCase("llava");
  const config = parseConfig(JSON.parse(new TextDecoder().decode(files.get("config.json"))));
  const model = Lmm.create(gpu, config, 3);
  const values = await model.parameters.values.read(gpu);

  await t.step("a seed gives the same bits, another seed others", async () => {
    const twin = Lmm.create(gpu, config, 3), other = Lmm.create(gpu, config, 4);
    assertEquals(await twin.parameters.values.read(gpu), values);
    assert(distance(await other.parameters.values.read(gpu), values) > 0.5);
    twin.destroy();
    other.destroy();
  });
  await t.step("parameters start where the layout says, and gaps are 0", () => {
    let at = 0, count = 0;
    for (const { bundles } of modelLayout(config)) {
      for (const group of bundles) {
        for (const { name, init, shape } of group) {
          const place = model.parameters.places.get(name)!;
          assertEquals([place.offset, place.shape], [at, shape]);
          const own = model.parameters.of(values, name);
          if ("constant" in init) assert(own.every((x) => x === init.constant), name);
          else if ("normal" in init) {
            const deviation = norm(own) / Math.sqrt(own.length);
            assert(
              Math.abs(deviation / init.normal - 1) < 4 / Math.sqrt(2 * own.length),
              `${name}: ${deviation}`,
            );
          }
          at += place.size;
          count += place.size;
        }
        while (at % BLOCK !== 0) assertEquals(values[at++], 0);
      }
    }
    assertEquals(at, values.length);
    assertEquals(model.parameters.count, count);
  });
  await t.step("logits are of moderate size", async () => {
    const z = await forward(model, rows);
    const size = norm(z) / Math.sqrt(z.length);
    assert(size > 0.3 && size < 3, `${size}`);
  });
  await t.step("a row does not see what comes after it, nor other sequences", async () => {
    const vocabulary = config.text_config.vocab_size;
    const [first, second, third] = rows as [typeof rows[0], typeof rows[0], typeof rows[0]];
    const before = await forward(model, [first, second, third]);
    const changed = { ...second, ids: second.ids.slice() };
    changed.ids[5] = changed.ids[5]! === 7 ? 8 : 7;
    const after = await forward(model, [first, changed, third]);
    const from = (first.ids.length + 5) * vocabulary,
      to = (first.ids.length + second.ids.length) * vocabulary;
    before.forEach((z, i) => {
      if (i < from || i >= to) assertEquals(after[i], z);
    });
    assert(before.subarray(from, to).some((z, i) => after[from + i] !== z));
    // Alone a sequence has the same logits as among others.
    assertEquals(await forward(model, [second]), before.slice(first.ids.length * vocabulary, to));
  });
  model.destroy();
  gpu.destroy();
  assertEquals(gpu.liveBytes, 0);
});
