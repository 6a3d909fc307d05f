import { assertEquals } from "@std/assert";
import { methodFolder, taskFolder, withoutSeed } from "../../src/run/folders.ts";

Deno.test("taskFolder keeps any task's name inside the run", () => {
  assertEquals(taskFolder("region-caption_2.0"), "region-caption_2.0");
  assertEquals(taskFolder("../up"), "%2E.%2Fup");
  assertEquals(taskFolder("a b\\c"), "a%20b%5Cc");
});

Deno.test("methodFolder lies in the seed's folder where there are several, the base's does not", () => {
  assertEquals(methodFolder("ew", [3], 3), "methods/ew");
  assertEquals(methodFolder("ew", [3, 4], 4), "seed-4/methods/ew");
  assertEquals(methodFolder("base", [3, 4], 4), "methods/base");
});

Deno.test("withoutSeed takes the seed's folder away, where there is one", () => {
  assertEquals(withoutSeed("seed-3/probes/mini", [3, 4], 3), "probes/mini");
  assertEquals(withoutSeed("probes/base", [3, 4], 3), "probes/base");
  assertEquals(withoutSeed("seed-3/x", [3], 3), "seed-3/x");
});
