import { assert, assertEquals } from "@std/assert";
import { hasParams, storeParams } from "../../src/gpu/stored_params.ts";
import { needs } from "../house/permissions.ts";

const test = needs("read");

const WGSL = `struct Params { n: u32 }
@group(0) @binding(1) var<uniform> p: Params;
fn other() -> u32 { return p.n; }
@compute @workgroup_size(8)
fn main_one(
  @builtin(global_invocation_id) id: vec3u,
) { if (id.x < p.n) { y[id.x] = other(); } }`;

Deno.test("parameters move from a uniform to storage", () => {
  assertEquals(
    storeParams(WGSL, "main_one"),
    `struct Params { n: u32 }
@group(0) @binding(1) var<storage, read> params: Params; var<private> p: Params;
fn other() -> u32 { return p.n; }
@compute @workgroup_size(8)
fn main_one(
  @builtin(global_invocation_id) id: vec3u,
) {
  p = params; if (id.x < p.n) { y[id.x] = other(); } }`,
  );
});

test("every kernel that has parameters declares them so that they can move", async () => {
  const kernels = new URL("../../kernels/", import.meta.url);
  for await (const { name } of Deno.readDir(kernels)) {
    const wgsl = await Deno.readTextFile(new URL(name, kernels));
    if (name === "loop_probe.wgsl") assert(!hasParams(wgsl)); // what it probes is how loops over uniforms end
    else assertEquals(hasParams(wgsl), wgsl.includes("var<uniform>"), name);
  }
});
