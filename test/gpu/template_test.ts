import { assertEquals, assertThrows } from "@std/assert";
import { expand } from "../../src/gpu/template.ts";

Deno.test("constants and expressions", () => {
  assertEquals(expand("a${N}b", { N: 3 }), "a3b");
  assertEquals(expand("${2 * (N + 1) - 1} ${N / 2} ${N % 2} ${N - 1 - 1} ${0 * N}", { N: 3 }), "7 1 1 1 0");
  assertEquals(expand("no constants", {}), "no constants");
});

Deno.test("if and else", () => {
  const text = "//#if A\nyes\n//#else\nno\n//#end\nend";
  assertEquals(expand(text, { A: 1 }), "yes\nend");
  assertEquals(expand(text, { A: 0 }), "no\nend");
  const nested = "//#if A\n//#if B\nboth\n//#else\nonly A\n//#end\n//#else\n//#if B\nonly B\n//#end\n//#end";
  const all = [[1, 1, "both"], [1, 0, "only A"], [0, 1, "only B"], [0, 0, ""]] as const;
  for (const [A, B, expected] of all) assertEquals(expand(nested, { A, B }), expected);
});

Deno.test("repeat", () => {
  assertEquals(expand("//#repeat i 3\n${i}\n//#end", {}), "0\n1\n2");
  assertEquals(expand("//#repeat i N\n//#repeat j i\n${i}${j}\n//#end\n//#end", { N: 3 }), "10\n20\n21");
  assertEquals(expand("a\n//#repeat i N\nx\n//#end\nb", { N: 0 }), "a\nb");
  assertEquals(expand("//#repeat i 2\n//#if i\nlater\n//#else\nfirst\n//#end\n//#end", {}), "first\nlater");
});

Deno.test("mistakes name their line", () => {
  assertThrows(() => expand("\n${X}", {}), Error, "template: line 2: no value for X");
  assertThrows(
    () => expand("//#if A\nx", { A: 1 }),
    Error,
    "template: line 1: block is not closed by //#end",
  );
  assertThrows(() => expand("x\n//#repeat i 2\nx", {}), Error, "template: line 2: block is not closed");
  assertThrows(() => expand("x\n//#end", {}), Error, "template: line 2: //#end or //#else without a block");
  assertThrows(() => expand("//#while A", { A: 1 }), Error, "template: line 1: unknown directive //#while");
  assertThrows(() => expand("${N N}", { N: 1 }), Error, "template: line 1: cannot read ${N N}");
  assertThrows(() => expand("//#if A\n${B}\n//#end", { A: 0 }), Error, "no value for B");
});
