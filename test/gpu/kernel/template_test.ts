import { assertEquals, assertThrows } from "@std/assert";
import { expand, expandLines } from "../../../src/gpu/kernel/template.ts";

Deno.test("constants and expressions", () => {
  assertEquals(expand("a${N}b", { N: 3 }), "a3b");
  assertEquals(expand("${2 * (N + 1) - 1} ${N / 2} ${N % 2} ${N - 1 - 1} ${0 * N}", { N: 3 }), "7 1 1 1 0");
  assertEquals(expand("no constants", {}), "no constants");
});

Deno.test("if and else", () => {
  const text = "//#if A\nyes\n//#else\nno\n//#end A\nend";
  assertEquals(expand(text, { A: 1 }), "yes\nend");
  assertEquals(expand(text, { A: 0 }), "no\nend");
  const nested =
    "//#if A\n//#if B\nboth\n//#else\nonly A\n//#end B\n//#else\n//#if B\nonly B\n//#end B\n//#end A";
  const all = [[1, 1, "both"], [1, 0, "only A"], [0, 1, "only B"], [0, 0, ""]] as const;
  for (const [A, B, expected] of all) assertEquals(expand(nested, { A, B }), expected);
});

Deno.test("negation", () => {
  const text = "//#if !A\nno\n//#end A";
  assertEquals(expand(text, { A: 0 }), "no");
  assertEquals(expand(text, { A: 2 }), "");
});

Deno.test("elif: the first that holds", () => {
  const text = "//#if A\na\n//#elif B\nb\n//#elif !C\nnot c\n//#else\nc\n//#end A";
  const of = (A: number, B: number, C: number) => expand(text, { A, B, C });
  assertEquals([of(1, 1, 1), of(0, 1, 0), of(0, 0, 0), of(0, 0, 1)], ["a", "b", "not c", "c"]);
});

Deno.test("repeat", () => {
  assertEquals(expand("//#repeat i 3\n${i}\n//#end i", {}), "0\n1\n2");
  assertEquals(
    expand("//#repeat i N\n//#repeat j i\n${i}${j}\n//#end j\n//#end i", { N: 3 }),
    "10\n20\n21",
  );
  assertEquals(expand("a\n//#repeat i N\nx\n//#end i\nb", { N: 0 }), "a\nb");
  assertEquals(
    expand("//#repeat i 2\n//#if i\nlater\n//#else\nfirst\n//#end i\n//#end i", {}),
    "first\nlater",
  );
});

Deno.test("blocks are included once, and every line knows its place", () => {
  const blocks: Record<string, string> = {
    both: "//#include one\n${N} of both\n",
    one: "one",
    loop: "//#repeat j 2\n${i}${j}\n//#end j",
  };
  const block = (name: string) => {
    const text = blocks[name];
    return text === undefined ? undefined : { text, file: `${name}.wgsl` };
  };
  const text = "a\n//#include one\n//#include both\n//#repeat i 2\n//#include loop\n//#end i\nb";
  const { lines, places } = expandLines(text, { N: 5 }, { file: "main.wgsl", block });
  assertEquals(lines, ["a", "one", "5 of both", "00", "01", "10", "11", "b"]);
  assertEquals(places.map(({ file, line }) => `${file}:${line}`), [
    "main.wgsl:1",
    "one.wgsl:1",
    "both.wgsl:2",
    ...Array<string>(4).fill("loop.wgsl:2"),
    "main.wgsl:7",
  ]);
  assertThrows(
    () => expandLines("//#include none", {}, { file: "main.wgsl", block }),
    Error,
    "main.wgsl:1: there is no block none to include",
  );
  assertThrows(
    () => expandLines("\n//#include both", {}, { file: "main.wgsl", block }),
    Error,
    "both.wgsl:2: no value for N",
  );
});

Deno.test("mistakes name their line", () => {
  const wrong = (text: string, message: string, constants = { A: 1 }) =>
    assertThrows(() => expand(text, constants), Error, `template:${message}`);
  wrong("\n${X}", "2: no value for X");
  wrong("//#if A\nx", "1: block is not closed by //#end A");
  wrong("x\n//#repeat i 2\nx", "2: block is not closed by //#end i");
  wrong("x\n//#end", "2: //#end without a block");
  wrong("x\n//#else", "2: //#else without an //#if");
  wrong("//#repeat i 2\nx\n//#else\ny\n//#end i", "3: //#else without an //#if");
  wrong("//#if A\nx\n//#end", "3: expected //#end A for line 1, found //#end");
  wrong("//#if A\n//#repeat i 2\nx\n//#end A\n//#end A", "4: expected //#end i for line 2, found //#end A");
  wrong("//#if A\n//#else\nx\n//#end A", "2: //#else follows an empty branch");
  wrong("//#if A\nx\n//#else\n//#end A", "4: //#end follows an empty branch");
  wrong("//#if A\nx\n//#else\ny\n//#elif A\nz\n//#end A", "5: //#elif after //#else");
  wrong("//#if A B\nx\n//#end A", "1: expected //#if NAME or //#if !NAME, found //#if A B");
  wrong("//#repeat i\nx\n//#end i", "1: expected //#repeat NAME COUNT, found //#repeat i");
  wrong("//#while A", "1: unknown directive //#while");
  wrong("${A A}", "1: cannot read ${A A}");
  wrong("//#if A\nx\n//#elif C\nx\n//#end A", "1: no value for C");
  assertThrows(() => expand("//#if A\n${B}\n//#end A", { A: 0 }), Error, "no value for B");
  assertThrows(() => expand("//#repeat i 0\n${B}\n//#end i", {}), Error, "no value for B");
});
