import { assertEquals, assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { embedding, indexTokens } from "../../../src/ops/embedding/embedding.ts";
import { Random } from "../../../src/random.ts";
import * as reference from "../../reference/embedding.ts";
import { draw, index, Lab, parameter } from "../_lab.ts";

const IMAGE = 3;

Deno.test("embedding", async (t) => {
  const lab = await Lab.open();

  async function verify(tokens: number[], rows: number, features: number, width: number, vocab: number) {
    const what = `embedding of ${tokens.length} tokens in ${rows} rows, width ${width}`;
    const random = new Random(what);
    const table = parameter(draw(random, [vocab, width]));
    const shown = draw(random, [features, width]);
    const used = tokens.filter((id) => id === IMAGE).length;
    const at = indexTokens(Int32Array.from(tokens), { imageId: IMAGE, rows, features, used });
    const given = {
      table,
      features: shown,
      ids: index(at.ids),
      image: index(at.image),
      place: index(at.place),
      held: index(at.held, [rows, 3]),
      rows: index(at.rows),
    };
    const padded = Int32Array.from({ length: rows }, (_, i) => tokens[i] ?? -1);
    const expected = reference.embedding(table.values, shown.values, padded, IMAGE, width);
    await lab.verify(what, given, (tape, t) => embedding(tape, t.table, t.features, t), expected);
  }

  await t.step("tokens, images and padding", async () => {
    await verify([0], 1, 1, 1, 1);
    await verify([1, IMAGE, IMAGE, 5, 5, 5, 0, IMAGE, 2, 6, 5], 11, 3, 5, 7);
    await verify([1, IMAGE, 4, 4, IMAGE, 4, 6], 13, 4, 12, 7); // padding rows and a feature that no row shows
    await verify([6, 6, 6, 6], 9, 2, 64, 7); // text only: the features are all padding
  });
  await t.step("a table larger than a binding", async () => {
    const whole = lab.gpu.largestBinding;
    for (const width of [50, 64]) {
      lab.gpu.largestBinding = 1 << 18;
      try {
        // Bindings begin at multiples of 32 and of 1 rows.
        await verify(
          [0, 1311, 1312, IMAGE, 2999, 1312, 1023, 1024, IMAGE, 1, 1311, 3000],
          14,
          3,
          width,
          3001,
        );
      } finally {
        lab.gpu.largestBinding = whole;
      }
    }
  });
  await t.step("one token in 70,001 rows", async () => {
    const tokens = new Int32Array(70_001).fill(1);
    const at = indexTokens(tokens, { imageId: IMAGE, rows: tokens.length, features: 1, used: 0 });
    const random = new Random("many");
    const table = parameter(draw(random, [2, 1])), features = draw(random, [1, 1]);
    const expected = reference.embedding(table.values, features.values, tokens, IMAGE, 1);
    const given = {
      table,
      features,
      ids: index(at.ids),
      image: index(at.image),
      place: index(at.place),
      held: index(at.held, [tokens.length, 3]),
      rows: index(at.rows),
    };
    await lab.verify("one token", given, (tape, t) => embedding(tape, t.table, t.features, t), expected, {
      differences: false,
      twice: false,
      tolerance: 1e-5,
    });
  });
  await t.step("the index", () => {
    const at = indexTokens(Int32Array.of(5, IMAGE, 5, 2, IMAGE), {
      imageId: IMAGE,
      rows: 7,
      features: 3,
      used: 2,
    });
    assertEquals([...at.ids], [5, -1, 5, 2, -1, -1, -1]);
    assertEquals([...at.image], [-1, 0, -1, -1, 1, -1, -1]);
    assertEquals([...at.place], [1, 4, -1]);
    assertEquals([...at.held.subarray(0, 9)], [2, 0, 1, 5, 1, 3, 0, 0, 0]);
    assertEquals([...at.rows.subarray(0, 3)], [3, 0, 2]);
  });
  await t.step("what does not fit", () => {
    const tokens = Int32Array.of(1, IMAGE, IMAGE);
    assertThrows(
      () => indexTokens(tokens, { imageId: IMAGE, rows: 3, features: 4 }),
      Error,
      "expected 4 image placeholders for as many features, found 2",
    );
    assertThrows(
      () => indexTokens(tokens, { imageId: IMAGE, rows: 3, features: 1 }),
      Error,
      "expected 1 image placeholders",
    );
    assertThrows(
      () => indexTokens(tokens, { imageId: IMAGE, rows: 2, features: 2 }),
      Error,
      "3 tokens do not fit into 2 rows",
    );
    const tape = new Tape(lab.gpu);
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    const at = { ids: tensor(3), image: tensor(3), place: tensor(2), held: tensor(3, 3), rows: tensor(3) };
    assertThrows(
      () => embedding(tape, tensor(9, 4), tensor(2, 5), at),
      Error,
      "embedding: features must have shape [*,4], found [2,5]",
    );
    assertThrows(
      () => embedding(tape, tensor(9, 4), tensor(3, 4), at),
      Error,
      "embedding: place must have shape [3], found [2]",
    );
  });
  lab.close();
});
