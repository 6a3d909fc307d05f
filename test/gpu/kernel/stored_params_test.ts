import { assertEquals } from "@std/assert";
import { storeParams } from "../../../src/gpu/kernel/stored_params.ts";

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
