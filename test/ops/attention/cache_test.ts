import { assertThrows } from "@std/assert";
import { Tape } from "../../../src/autograd/tape.ts";
import { keep } from "../../../src/ops/attention/cache.ts";
import { Random } from "../../../src/random.ts";
import { close, constant, draw, index, Lab } from "../_lab.ts";

Deno.test("key-value cache", async (t) => {
  const lab = await Lab.open();

  await t.step("keys and values go to their places, and nowhere else", async () => {
    const random = new Random("keep");
    for (
      const { heads, groups, headSize } of [{ heads: 3, groups: 1, headSize: 4 }, {
        heads: 2,
        groups: 2,
        headSize: 20,
      }]
    ) {
      const width = 2 * groups * headSize, skip = heads * headSize;
      const qkv = constant(draw(random, [5, skip + width])), held = constant(draw(random, [9, width]));
      const place = [8, -1, 0, 3, -1];
      const expected = Float64Array.from(held.values);
      place.forEach((to, row) => {
        const from = row * (skip + width) + skip;
        if (to >= 0) expected.set(qkv.values.subarray(from, from + width), to * width);
      });
      const found = await lab.run({ qkv, held, place: index(place) }, (tape, t) => {
        const kept = tape.apart(t.held, t.held);
        keep(tape, t.qkv, t.place, kept, { heads, groups, headSize });
        return kept;
      });
      close(found.y, expected, "cache", 0);
    }
  });
  await t.step("zeros stand behind heads whose size 4 does not divide", async () => {
    const random = new Random("padded"), heads = { heads: 1, groups: 1, headSize: 3 };
    const qkv = constant(draw(random, [2, 9])), held = constant(draw(random, [3, 8]));
    const found = await lab.run({ qkv, held, place: index([2, 0]) }, (tape, t) => {
      const kept = tape.apart(t.held, t.held);
      keep(tape, t.qkv, t.place, kept, heads);
      return kept;
    });
    const row = (r: number) => [3, 4, 5, -1, 6, 7, 8, -1].map((c) => c < 0 ? 0 : qkv.values[9 * r + c]!);
    close(found.y, [...row(1), ...held.values.subarray(8, 16), ...row(0)], "cache", 0);
  });
  await t.step("shapes that do not fit", () => {
    const tape = new Tape(lab.gpu), heads = { heads: 2, groups: 1, headSize: 4 };
    const tensor = (...shape: number[]) => tape.empty(shape, "t");
    assertThrows(
      () => keep(tape, tensor(3, 12), tensor(3), tensor(9, 8), heads),
      Error,
      "cache: qkv must have shape [3,16], found [3,12]",
    );
  });
  lab.close();
});
