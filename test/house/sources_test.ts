import { assertEquals } from "@std/assert";
import { importsIn, withoutComments } from "./_sources.ts";

Deno.test("withoutComments keeps strings, templates, expressions and line numbers", () => {
  const source = [
    'const a = "// no comment"; // a comment',
    "/* two",
    'lines */ const b = /"\\/*/;',
    "const c = `/* ${a} */`;",
  ].join("\n");
  assertEquals(
    withoutComments(source).split("\n").map((line) => line.trimEnd()),
    ['const a = "// no comment";', "", '         const b = /"\\/*/;', "const c = `/* ${a} */`;"],
  );
});

Deno.test("importsIn sees imports and re-exports of files, and which take types alone", () => {
  const source = [
    'import { a } from "../x/a.ts";',
    'import type { B } from "./b.ts";',
    'import { type C, type D } from "./c.ts";',
    'import {\n  e,\n  type F,\n} from "./e.ts";',
    'export * from "./g.ts";',
    'export type * from "./h.ts";',
    'import wgsl from "../../kernels/k.wgsl" with { type: "text" };',
    'import * as all from "./all.ts";',
    'import type from "./named_type.ts";',
    'import "./effect.ts";',
    'const later = await import("./later.ts");',
    'import { assertEquals } from "@std/assert";',
    '/** import { no } from "./example.ts"; */',
  ].join("\n");
  assertEquals(
    importsIn(source, "src/y/f.ts").map(({ path, typeOnly, line }) =>
      `${line} ${path}${typeOnly ? " types" : ""}`
    ),
    [
      "1 src/x/a.ts",
      "2 src/y/b.ts types",
      "3 src/y/c.ts types",
      "4 src/y/e.ts",
      "8 src/y/g.ts",
      "9 src/y/h.ts types",
      "10 kernels/k.wgsl",
      "11 src/y/all.ts",
      "12 src/y/named_type.ts",
      "13 src/y/effect.ts",
      "14 src/y/later.ts",
    ],
  );
});
