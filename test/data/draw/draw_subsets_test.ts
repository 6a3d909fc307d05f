import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../src/errors.ts";
import { drawSubsets } from "../../../src/data/draw/draw_subsets.ts";
import type { Sample } from "../../../src/data/types.ts";

function task(name: string, count: number): [string, Sample[]] {
  return [
    name,
    Array.from({ length: count }, (_, i) => ({
      id: `${i}`,
      task: name,
      images: [],
      turns: [{ question: "?", answer: "!" }],
      file: `${name}_train.json`,
    })),
  ];
}

const tasks = new Map([task("a", 100), task("b", 37), task("c", 1500)]);

Deno.test("drawSubsets: both rates hold for every task, and every mini lies in its large", () => {
  for (const [large, mini] of [[1, 1 / 32], [1 / 2, 1 / 8], [1 / 4, 1 / 16], [1, 1]] as const) {
    const subsets = drawSubsets(tasks, { large, mini, seed: 1 });
    assertEquals([...subsets.keys()], [...tasks.keys()]);
    for (const [name, samples] of tasks) {
      const drawn = subsets.get(name)!;
      assertEquals(drawn.large.length, Math.round(large * samples.length));
      assertEquals(drawn.mini.length, Math.round(mini * samples.length));
      assertEquals(new Set(drawn.large).size, drawn.large.length);
      const inside = new Set(drawn.large);
      assert(drawn.mini.every((sample) => inside.has(sample)));
      assertEquals(drawn.large, samples.filter((sample) => inside.has(sample)), "file order");
    }
  }
});

Deno.test("drawSubsets: the same seed draws the same, whatever the other tasks; another seed draws others", () => {
  const rates = { large: 1 / 2, mini: 1 / 8, seed: 5 };
  const all = drawSubsets(tasks, rates);
  assertEquals(drawSubsets(tasks, rates), all);
  assertEquals(drawSubsets(new Map([task("c", 1500)]), rates).get("c"), all.get("c"));
  assertNotEquals(drawSubsets(tasks, { ...rates, seed: 6 }).get("a"), all.get("a"));
  // The minis stay when only the large rate changes: probes with other large subsets stay comparable.
  assertEquals(drawSubsets(tasks, { ...rates, large: 1 }).get("a")!.mini, all.get("a")!.mini);
});

Deno.test("drawSubsets: bad rates and a task too small are input errors", () => {
  const draw = (large: number, mini: number) => () => drawSubsets(tasks, { large, mini, seed: 0 });
  for (const rate of [0, -1, 1.1, NaN]) {
    assertThrows(draw(rate, 0.1), InputError, "rate of the large subset");
    assertThrows(draw(1, rate), InputError, "rate of the mini subset");
  }
  assertThrows(draw(0.25, 0.5), InputError, "at most that of the large one, 0.25, found 0.5");
  assertThrows(
    draw(1, 1 / 100),
    InputError,
    "b_train.json, task b: expected at least 50 training conversations for a mini subset at the rate 0.01, found 37; " +
      "add some, or raise the rate to 0.0270",
  );
  assertThrows(
    () => drawSubsets(new Map([task("none", 0)]), { large: 1, mini: 1, seed: 0 }),
    InputError,
    "leave the task out",
  );
});
