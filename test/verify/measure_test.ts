import { assert, assertEquals } from "@std/assert";
import { quantity, widest } from "../../src/verify/measure.ts";

Deno.test("the place of the widest difference", () => {
  assertEquals(widest([1, 2], [1, 2]), -1);
  assertEquals(widest([1, 5, 2], [1, 2, 9]), 2);
  assertEquals(widest([1, NaN, 2], [1, 2, 900]), 1, "what is no number is worst");
});

Deno.test("a quantity is as bad as its worst part", () => {
  const found = quantity("gradients", [
    { error: 3e-6, where: "b" },
    { error: 1e-6, where: "a" },
    { error: 2e-6, where: "c" },
  ], 2.5e-6);
  assertEquals(found, {
    name: "gradients",
    error: 3e-6,
    unit: "relative",
    tolerance: 2.5e-6,
    where: "b",
    ok: false,
    count: 3,
    median: 2e-6,
  });
  const broken = quantity("loss", [{ error: NaN, where: "x" }, { error: Infinity, where: "y" }], 1);
  assertEquals([broken.ok, broken.where], [false, "x"]);
  assertEquals(quantity("loss", [{ error: 0, where: "x" }], 0).where, "", "nothing differs anywhere");
  assert(quantity("nothing", [], 0).ok);
});
