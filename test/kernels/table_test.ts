import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../src/errors.ts";
import { BLOCKS } from "../../src/gpu/kernel/blocks.ts";
import { hasParams } from "../../src/gpu/kernel/stored_params.ts";
import { kernelNamed, KERNELS } from "../../tasks/lib/kernels.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const FOLDER = new URL("../../kernels/", import.meta.url);

async function texts(folder: URL): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) found.set(name.replace(".wgsl", ""), await Deno.readTextFile(new URL(name, folder)));
  }
  return found;
}

test("every file is in the table of kernels or of blocks, by its name", async () => {
  const files = await texts(FOLDER);
  files.delete("loop_probe"); // a probe of drivers, which `deno task doctor` runs as it is
  assertEquals([...files.keys()].sort(), KERNELS.map(({ name }) => name).sort());
  const blocks = await texts(new URL("blocks/", FOLDER));
  assertEquals([...blocks.keys()].sort(), Object.keys(BLOCKS).sort());
  for (const [name, text] of blocks) {
    const users = [...files, ...blocks].filter(([, other]) => other.includes(`//#include ${name}\n`));
    assert(users.length > 0, `block ${name} is included by nobody`);
    assert(!text.includes("var<uniform>"), `block ${name}: parameters are declared by kernels`);
  }
});

test("every kernel that has parameters declares them so that they can move", async () => {
  for (const [name, wgsl] of await texts(FOLDER)) {
    if (name === "loop_probe") assert(!hasParams(wgsl)); // what it probes is how loops over uniforms end
    else assertEquals(hasParams(wgsl), wgsl.includes("var<uniform>"), name);
  }
});

test("no kernel's comment names a constant that it has not", async () => {
  const blocks = await texts(new URL("blocks/", FOLDER));
  const words = /\b[A-Z][A-Z0-9_]*[A-Z][A-Z0-9_]*\b/g;
  const known = new Set([
    "GELU",
    "CLIP",
    "NN",
    "NT",
    "TN",
    "VCOLS",
    "WORKGROUP",
    "WGSL",
    "GPU",
    "GPUS",
    "CPU",
  ]);
  for (const [name, wgsl] of [...await texts(FOLDER), ...blocks]) {
    // What it includes, and whoever includes it, may name them.
    const all = [...blocks.values(), ...(await texts(FOLDER)).values()].join("\n");
    const comments = [...wgsl.matchAll(/\/\/(?!#).*/g)].map(([text]) => text).join("\n");
    for (const [word] of comments.matchAll(words)) {
      const used = new RegExp(`(//#.*|\\$\\{[^}]*)\\b${word}\\b`).test(all) || known.has(word);
      assert(used || new RegExp(`const ${word}\\b`).test(all), `${name}: ${word} is no constant`);
    }
  }
});

Deno.test("every kernel can be shown for both kinds of adapters, also in 16 bits", () => {
  for (const { name, f16, show } of KERNELS) {
    for (const adapter of ["cpu", "gpu"] as const) {
      for (const halves of [[], f16]) {
        const { code, workgroup } = show({ adapter, f16: halves });
        assert(code.includes(`fn ${name}(`), name);
        assert(code.includes(`@workgroup_size(${workgroup})`), `${name}: workgroups of ${workgroup}`);
        assert(!/\/\/#|\$\{/.test(code), `${name}: something of the template is left`);
      }
    }
  }
});

Deno.test("what does not fit a kernel is named", () => {
  const { show } = kernelNamed("gemm");
  const of = (given: Record<string, string | number>) => () => show({ adapter: "cpu", given });
  assertThrows(of({ rows: 3 }), InputError, "kernel gemm: its shape has no 'rows'; expected layout, m, n, k");
  assertThrows(of({ m: "many" }), InputError, "m=many: expected a number, such as 512");
  for (const m of [-3, 1.5, Infinity]) {
    assertThrows(of({ m }), InputError, `m=${m}: expected a whole number of 0 or more, such as 512`);
  }
  assertThrows(of({ layout: "TT" }), InputError, "layout=TT: expected NT, NN or TN");
  assertThrows(() => show({ adapter: "cpu", f16: ["p"] }), InputError, "'p' is never f16");
  assertThrows(() => kernelNamed("gem"), InputError, "there is no kernel 'gem'");
});
