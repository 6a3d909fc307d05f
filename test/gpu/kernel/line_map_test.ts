import { assertEquals } from "@std/assert";
import { mapLines } from "../../../src/gpu/kernel/line_map.ts";

const places = [
  { file: "kernels/a.wgsl", line: 40 },
  { file: "kernels/blocks/b.wgsl", line: 7 },
];

Deno.test("lines of a compiler's message become those of files", () => {
  const naga = "error: no definition\n  ┌─ wgsl:2:5\n  │\n2 │ nonsense\n  │ ^^^ unknown\n";
  assertEquals(
    mapLines(naga, places),
    "error: no definition\n  ┌─ kernels/blocks/b.wgsl:7:5\n  │\n7 │ nonsense\n  │ ^^^ unknown\n",
  );
  assertEquals(mapLines("1 │ x", places), "40 │ x");
  assertEquals(mapLines(":1:3 error: unresolved", places), "kernels/a.wgsl:40:3 error: unresolved");
});

Deno.test("what is not a line of the source stays", () => {
  for (const message of ["wgsl:3:1", "at 10:20 error", "a ratio of 1:2:1 is given"]) {
    assertEquals(mapLines(message, places), message);
  }
});
